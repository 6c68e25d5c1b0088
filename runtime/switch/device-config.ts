/** `p4_device_config`: the program in the JSON form of p4ts, which `p4ts compile` writes into NAME.p4ts.json. */
import type { Program } from '../../compiler/ir/index.js';
import { fromJson } from '../../compiler/ir/json.js';
import { type Diagnostic, DiagnosticError } from '../../compiler/support/diagnostics.js';
import { refuse } from './refusals.js';

/** @throws Refusal INVALID_ARGUMENT */
export function decodeDeviceConfig(bytes: Uint8Array): Program {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(deviceData(bytes) ?? bytes);
  } catch (error) {
    if (error instanceof TypeError) return refuse('bad-device-config', { why: 'it is not UTF-8' });
    throw error;
  }
  try {
    return fromJson(text);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const isBmv2 = text.includes('"__meta__"') && text.includes('"pipelines"');
    return refuse('bad-device-config', {
      why: isBmv2 ? "it is p4c's JSON for BMv2; push NAME.p4ts.json" : firstMessage(error.diagnostics),
    });
  }
}

export const firstMessage = (diagnostics: readonly Diagnostic[]): string => diagnostics[0]?.message ?? 'it is malformed';

/**
 * The field `device_data` of the message p4.tmp.P4DeviceConfig, in which controllers for BMv2 wrap the JSON, such as those of
 * p4lang's tutorials: `bool reassign = 1; Extras extras = 2; bytes device_data = 3`. Undefined for bytes that are no such
 * message; no JSON is one, since it begins with `{`, a group in protobuf.
 */
function deviceData(bytes: Uint8Array): Uint8Array | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  let found: Uint8Array | undefined;
  while (at < bytes.length) {
    const tag = varint();
    if (tag === 0o10) varint();
    else if (tag === 0o22 || tag === 0o32) {
      const length = varint();
      if (!(length <= bytes.length - at)) return undefined;
      if (tag === 0o32) found = bytes.subarray(at, at + length);
      at += length;
    } else return undefined;
  }
  return found;
}
