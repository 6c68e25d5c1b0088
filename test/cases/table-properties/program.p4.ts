/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:39 */
    readonly 'ingress.always': Table<{}, 'send', 'direct'>;
    /** program.p4:43 */
    readonly 'ingress.timed': Table<{ 'a': Key<'exact', BitType<8, 'num'>> }, 'metered', 'direct'>;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:31 */
    readonly 'ingress.send': Action<'send', { port: BitType<9, 'num'> }>;
    /** program.p4:34 */
    readonly 'ingress.metered': Action<'metered', { port: BitType<9, 'num'> }>;
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
