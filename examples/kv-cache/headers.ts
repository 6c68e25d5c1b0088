/** The header of the key-value protocol, in UDP from and to one port. */
import { bit, header } from 'p4ts';

export const kvPort = 50000;

/** What a packet asks for or answers: `op`. */
export const ops = {
  /** Client to server: what is the value of the key? */
  get: 1,
  /** Server, or switch, to client. */
  value: 2,
  /** Client to server: the key's value is from now on this one. */
  put: 3,
  /** Server to client: done, and this is the value. */
  stored: 4,
  /** Server to switch: this is the value, for the cache; it goes no further. */
  fill: 5,
} as const;

export const Kv = header('kv_t', { op: bit(8), sequence: bit(32), key: bit(64), value: bit(128) });
