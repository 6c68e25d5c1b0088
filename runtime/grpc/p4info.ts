import type { P4Info } from '../../compiler/p4info/messages.js';

/** P4Info from the wire in the form that the compiler gives: 64-bit integers, which are sizes in it, as numbers where they fit. */
export const plainP4Info = (message: P4Info): P4Info => plain(message) as P4Info;

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
