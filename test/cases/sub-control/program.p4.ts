/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Counter, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:17 */
    readonly 'ingress.outer.marks': Table<
      { 'key': Key<'exact', BitType<8, 'num'>> },
      'add' | 'NoAction',
      'direct'
    >;
    /** program.p4:17 */
    readonly 'ingress.inner.marks': Table<
      { 'key': Key<'exact', BitType<8, 'num'>> },
      'add' | 'NoAction',
      'direct'
    >;
    /** program.p4:17 */
    readonly 'ingress.last.marks': Table<
      { 'key': Key<'exact', BitType<8, 'num'>> },
      'add' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:13 */
    readonly 'ingress.outer.add': Action<'add', { amount: BitType<8, 'num'> }>;
    /** program.p4:13 */
    readonly 'ingress.inner.add': Action<'add', { amount: BitType<8, 'num'> }>;
    /** program.p4:13 */
    readonly 'ingress.last.add': Action<'add', { amount: BitType<8, 'num'> }>;
  };
  readonly counters: {
    /** program.p4:11 */
    readonly 'ingress.outer.marked': Counter;
    /** program.p4:11 */
    readonly 'ingress.inner.marked': Counter;
    /** program.p4:11 */
    readonly 'ingress.last.marked': Counter;
  };
  readonly meters: {};
  readonly registers: {};
  readonly digests: {};
  readonly profiles: {};
  readonly valueSets: {};
  readonly packetIn: {};
  readonly packetOut: {};
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
