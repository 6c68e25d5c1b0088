/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:34 */
    readonly 'ingress.classify': Table<
      { 'kind': Key<'exact', BitType<8, 'num'>> },
      'deny' | 'web' | 'mail' | 'other',
      'direct'
    >;
    /** program.p4:39 */
    readonly 'ingress.bonus': Table<
      { 'class': Key<'exact', BitType<8, 'num'>> },
      'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:26 */
    readonly 'ingress.deny': Action<'deny', {}>;
    /** program.p4:27 */
    readonly 'ingress.web': Action<'web', {}>;
    /** program.p4:30 */
    readonly 'ingress.mail': Action<'mail', {}>;
    /** program.p4:33 */
    readonly 'ingress.other': Action<'other', {}>;
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
