/** Writes of registers (P4Runtime, "RegisterEntry"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { RegisterEntry } from '../p4runtime/messages.js';
import { cellsOf } from './cells.js';
import { decodeData } from './data.js';
import { registerOf } from './lookup.js';
import { refuse } from './refusals.js';
import type { WriteContext, WriteType } from './write.js';

/** Without an index every cell is written. */
export function writeRegister({ schema }: WriteContext, type: WriteType, entry: RegisterEntry): StateUpdate[] {
  const register = registerOf(schema, entry.register_id ?? 0);
  const at = `register ${register.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'register' });
  const indexes = cellsOf(register.size, entry.index, at);
  if (!entry.data) return refuse('nothing-set', { what: `${at}: the data` });
  const value = decodeData(entry.data, register.cell, at);
  return indexes.map((index) => ({ kind: 'register', register: register.name, index, value }));
}
