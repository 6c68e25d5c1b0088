/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:43 */
    readonly 'ingress.to.routes': Table<
      { 'dst': Key<'exact', BitType<32, 'ipv4'>> },
      'forward',
      'direct'
    >;
  };
  readonly actions: {
    /** program.p4:31 */
    readonly 'ingress.forward': Action<
      'forward',
      { port: BitType<9, 'num'>; source: BitType<32, 'ipv4'> }
    >;
    /** program.p4:36 */
    readonly 'ingress.nothing': Action<'nothing', {}>;
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
