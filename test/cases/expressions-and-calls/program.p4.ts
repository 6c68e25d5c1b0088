/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, BoolType, Counter, EnumType, IntType, Key, NewType, Table, ValueSet } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:206 */
    readonly 'ingress.marks.first.marks': Table<
      { 'b': Key<'lpm', BitType<8, 'num'>> },
      'NoAction',
      'direct'
    >;
    /** program.p4:206 */
    readonly 'ingress.second.marks': Table<
      { 'b': Key<'lpm', BitType<8, 'num'>> },
      'NoAction',
      'direct'
    >;
    /** program.p4:263 */
    readonly 'ingress.decide': Table<
      {
        'low': Key<'exact', BitType<8, 'num'>>;
        'vendor': Key<'ternary', BitType<24, 'num'>>;
        'is_data': Key<'exact', BoolType>;
        'signed': Key<'ternary', IntType<8>>;
        'port': Key<'optional', NewType<'Port', BitType<9, 'num'>, BitType<32, 'num'>>>;
        'either': Key<'exact', BoolType>
      },
      'choose' | 'set_flag' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:237 */
    readonly 'ingress.choose': Action<
      'choose',
      {
        enable: BitType<1, 'num'>;
        to: NewType<'Port', BitType<9, 'num'>, BitType<32, 'num'>>;
        how: EnumType<'Kind', 'hello' | 'data' | 'ack' | 'acknowledgement_of_data'>;
        level: IntType<8>;
        source_address: BitType<48, 'mac'>
      }
    >;
    /** program.p4:259 */
    readonly 'ingress.set_flag': Action<'set_flag', { on: BitType<1, 'num'> }>;
  };
  readonly counters: {
    /** program.p4:195 */
    readonly 'ingress.marks.first.inner.hits': Counter;
    /** program.p4:195 */
    readonly 'ingress.second.inner.hits': Counter;
  };
  readonly meters: {};
  readonly registers: {};
  readonly digests: {};
  readonly profiles: {};
  readonly valueSets: {
    /** program.p4:131 */
    readonly 'parse.known': ValueSet<8>;
  };
  readonly packetIn: {};
  readonly packetOut: {};
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
