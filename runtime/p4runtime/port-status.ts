/**
 * Which ports of a switch are down, as the embedded switch tells its controllers: P4Runtime has no message for it, and a
 * place for messages of others, `StreamMessageResponse.other`. In protobuf it is
 *
 *     package p4ts;
 *     message PortStatus { repeated uint32 down = 1; }  // the ports that are down; all others are up
 */
import type { Any } from './messages.js';

const typeUrl = 'type.googleapis.com/p4ts.PortStatus';
/** Field 1, of which the length comes first. */
const tagOfDown = 0x0a;

export function encodePortStatus(down: Iterable<number>): Any {
  const numbers = [...down].flatMap(varint);
  return { type_url: typeUrl, value: Uint8Array.from(numbers.length === 0 ? [] : [tagOfDown, ...varint(numbers.length), ...numbers]) };
}

/** Undefined where it is another message. */
export function decodePortStatus({ type_url, value = new Uint8Array() }: Any): number[] | undefined {
  if (type_url !== typeUrl) return undefined;
  if (value.length === 0) return [];
  const [tag, , ...ports] = varintsIn(value);
  return tag === tagOfDown ? ports : undefined;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

function varintsIn(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let [value, unit] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte & 0x80) continue;
    values.push(value);
    [value, unit] = [0, 1];
  }
  return values;
}
