/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:71 */
    readonly 'MyIngress.ipv4_lpm': Table<
      { 'hdr.ipv4.dstAddr': Key<'lpm', BitType<32, 'ipv4'>> },
      'ipv4_forward' | 'drop' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:59 */
    readonly 'MyIngress.drop': Action<'drop', {}>;
    /** program.p4:63 */
    readonly 'MyIngress.ipv4_forward': Action<
      'ipv4_forward',
      { dstAddr: BitType<48, 'mac'>; port: BitType<9, 'num'> }
    >;
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
