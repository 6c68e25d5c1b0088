/** Pipeline configurations: verified before anything changes, kept as they were given (P4Runtime, "SetForwardingPipelineConfig"). */

import { validate } from '../../compiler/analysis/validate.js';
import type { ArchDevice } from '../../compiler/arch/index.js';
import type { Program } from '../../compiler/ir/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import { prepare } from '../../compiler/target.js';
import type { ConfigResponseType, ForwardingPipelineConfig } from '../p4runtime/messages.js';
import { compareP4Info } from './compare-p4info.js';
import { embedded } from './device.js';
import { decodeDeviceConfig, firstMessage } from './device-config.js';
import { refuse } from './refusals.js';
import { type Schema, switchSchema } from './schema.js';

export interface Pipeline {
  /** Written for an architecture that the switch runs. */
  readonly program: Program;
  readonly schema: Schema;
  readonly config: ForwardingPipelineConfig;
  /** The port to and from the controller: the architecture's, or else the switch's. */
  readonly cpuPort: number;
}

/** @throws Refusal INVALID_ARGUMENT when the switch cannot realise the configuration */
export function verifyConfig(config: ForwardingPipelineConfig | undefined, cpuPort: number): Pipeline {
  if (!config) return refuse('nothing-set', { what: 'the configuration' });
  if (!config.p4info) return refuse('nothing-set', { what: 'p4info' });
  if (!config.p4_device_config?.length) return refuse('nothing-set', { what: 'p4_device_config' });
  const program = lowered(decodeDeviceConfig(config.p4_device_config), cpuPort);
  const p4info = buildP4Info(program);
  const differences = compareP4Info(config.p4info, p4info);
  if (differences.length > 0) return refuse('p4info-differs', { differences });
  const schema = switchSchema(program, p4info);
  checkPlatform(config.p4info, schema.device);
  return { program, schema, config, cpuPort: schema.device.cpuPort ?? cpuPort };
}

/**
 * What GetForwardingPipelineConfig answers with.
 * @throws Refusal INVALID_ARGUMENT for a part that the specification does not know
 */
export function partOfConfig(config: ForwardingPipelineConfig, part: ConfigResponseType): ForwardingPipelineConfig {
  const { p4info, p4_device_config, ...cookie } = config;
  switch (part) {
    case 'ALL':
      return config;
    case 'COOKIE_ONLY':
      return cookie;
    case 'P4INFO_AND_COOKIE':
      return { ...(p4info ? { p4info } : {}), ...cookie };
    case 'DEVICE_CONFIG_AND_COOKIE':
      return { ...(p4_device_config ? { p4_device_config } : {}), ...cookie };
    default:
      return refuse('unknown-value', { what: 'response_type', value: part });
  }
}

/** What the P4Info needs of the switch ("PkgInfo Message"). Groups may have any number of replicas. */
function checkPlatform({ pkg_info: info }: P4Info, { maxGroup }: ArchDevice): void {
  const groups = info?.platform_properties?.multicast_group_table_size ?? 0;
  if (groups > maxGroup) refuse('program-refused', { why: `it needs ${groups} multicast groups, and the switch has ${maxGroup}` });
}

function lowered(program: Program, cpuPort: number): Program {
  check(validate(program).diagnostics);
  const result = prepare(program, embedded, { cpuPort });
  check(result.diagnostics);
  return result.program;
}

function check(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) refuse('program-refused', { why: firstMessage(errors) });
}
