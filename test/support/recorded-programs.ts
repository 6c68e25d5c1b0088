/** The programs whose P4 is compared with what p4c makes of it, lowered to v1model. */
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { acl } from '../../examples/acl/pipeline.js';
import { firewall } from '../../examples/firewall/pipeline.js';
import { upf } from '../../examples/gtp/pipeline.js';
import { kvCache } from '../../examples/kv-cache/pipeline.js';
import { loadBalancer } from '../../examples/load-balancer/pipeline.js';
import { labelSwitch } from '../../examples/mpls/pipeline.js';
import { nat } from '../../examples/nat/pipeline.js';
import { router } from '../../examples/router/pipeline.js';
import { serviceProxy } from '../../examples/service-proxy/pipeline.js';
import { shaper } from '../../examples/shaper/pipeline.js';
import { l2switch } from '../../examples/switch/pipeline.js';
import { telemetry } from '../../examples/telemetry/pipeline.js';
import { vxlanGateway } from '../../examples/vxlan/pipeline.js';
import { zeroTrust } from '../../examples/zero-trust/pipeline.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { basic } from './programs/basic.js';
import { choices } from './programs/choices.js';
import { edge } from './programs/edge.js';
import { features } from './programs/features.js';
import { everyHeader } from './programs/headers.js';
import { language } from './programs/language.js';
import { newtypes } from './programs/newtypes.js';
import { services } from './programs/services.js';
import { shared } from './programs/shared.js';
import { setsEverywhere } from './programs/value-sets.js';

export const recordedPrograms: Readonly<Record<string, () => Program>> = {
  basic: () => basic,
  features: () => features,
  headers: () => lowered(everyHeader),
  language: () => language,
  edge: () => lowered(edge),
  newtypes: () => lowered(newtypes),
  choices: () => lowered(choices),
  'value-sets': () => lowered(setsEverywhere),
  services: () => services,
  shared: () => shared,
  router: () => lowered(router),
  switch: () => lowered(l2switch),
  firewall: () => lowered(firewall),
  acl: () => lowered(acl),
  mpls: () => lowered(labelSwitch),
  vxlan: () => lowered(vxlanGateway),
  'kv-cache': () => lowered(kvCache),
  shaper: () => lowered(shaper),
  'load-balancer': () => lowered(loadBalancer),
  'service-proxy': () => lowered(serviceProxy),
  'zero-trust': () => lowered(zeroTrust),
  telemetry: () => lowered(telemetry),
  nat: () => lowered(nat),
  gtp: () => lowered(upf),
};

/** A pipeline of the DSL, as bmv2 lowers it. */
function lowered(pipeline: unknown): Program {
  const program = programOf(pipeline);
  if (!program) throw new Error('this is no pipeline');
  const { compiled, diagnostics } = compile(program.ir, bmv2);
  if (!compiled) throw new DiagnosticError([...program.diagnostics, ...diagnostics]);
  return compiled.lowered;
}
