/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Counter, Key, NewType, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:44 */
    readonly 'In.hosts': Table<
      { 'dst': Key<'exact', BitType<8, 'num'>> },
      'forward' | 'flood' | 'drop',
      'direct'
    >;
  };
  readonly actions: {
    /** program.p4:35 */
    readonly 'In.forward': Action<
      'forward',
      { port: NewType<'PortId_t', BitType<32, 'num'>, BitType<32, 'num'>> }
    >;
    /** program.p4:38 */
    readonly 'In.flood': Action<
      'flood',
      { group: NewType<'MulticastGroup_t', BitType<32, 'num'>, BitType<32, 'num'>> }
    >;
    /** program.p4:41 */
    readonly 'In.drop': Action<'drop', {}>;
  };
  readonly counters: {
    /** program.p4:32 */
    readonly 'In.received': Counter;
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
