/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, EnumType, Key, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:43 */
    readonly 'ingress.kinds': Table<
      { 'kind': Key<'exact', EnumType<'Kind', 'hello' | 'data' | 'ack'>> },
      'reply' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:40 */
    readonly 'ingress.reply': Action<'reply', { kind: EnumType<'Kind', 'hello' | 'data' | 'ack'> }>;
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
