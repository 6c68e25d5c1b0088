/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:32 */
    readonly 'ingress.ordered': Table<
      { 'hdr.h.a': Key<'ternary', BitType<8, 'num'>>; 'hdr.h.b': Key<'range', BitType<8, 'num'>> },
      'send',
      'direct'
    >;
    /** program.p4:42 */
    readonly 'ingress.replaceable': Table<
      { 'hdr.h.a': Key<'lpm', BitType<8, 'num'>> },
      'mark' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:26 */
    readonly 'ingress.send': Action<'send', { port: BitType<9, 'num'> }>;
    /** program.p4:29 */
    readonly 'ingress.mark': Action<'mark', { value: BitType<8, 'num'> }>;
  };
  readonly counters: {};
  readonly meters: {};
  readonly registers: {};
  readonly digests: {};
  readonly profiles: {};
  readonly valueSets: {};
  readonly packetIn: {};
  readonly packetOut: {};
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
