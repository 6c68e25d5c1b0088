/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Counter, Key, Table, ValueSet } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:87 */
    readonly 'ingress.first.list': Table<
      { 'word': Key<'exact', BitType<8, 'num'>> },
      'deny' | 'NoAction',
      'direct'
    >;
    /** program.p4:87 */
    readonly 'ingress.zweite.list': Table<
      { 'word': Key<'exact', BitType<8, 'num'>> },
      'deny' | 'NoAction',
      'direct'
    >;
    /** program.p4:125 */
    readonly 'ingress.t8383': Table<
      { 'entries': Key<'exact', BitType<8, 'num'>> },
      'counter' | 'digest',
      'direct'
    >;
    /** program.p4:140 */
    readonly 'ingress.t10718': Table<
      { 'hdr.word.fancy': Key<'exact', BitType<8, 'num'>> },
      'counter' | 'top',
      'direct'
    >;
    /** program.p4:151 */
    readonly 'ingress.packet_in': Table<
      { 'table': Key<'exact', BitType<8, 'num'>> },
      'top',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:44 */
    readonly 'digest': Action<'digest', { n: BitType<8, 'num'> }>;
    /** program.p4:49 */
    readonly 'top': Action<'top', { n: BitType<8, 'num'>; m: BitType<8, 'num'> }>;
    /** program.p4:81 */
    readonly 'ingress.first.deny': Action<'deny', { why: BitType<8, 'num'> }>;
    /** program.p4:81 */
    readonly 'ingress.zweite.deny': Action<'deny', { why: BitType<8, 'num'> }>;
    /** program.p4:116 */
    readonly 'ingress.counter': Action<
      'counter',
      { table: BitType<8, 'num'>; counter: BitType<8, 'num'> }
    >;
    /** program.p4:121 */
    readonly 'ingress.poke': Action<'poke', { v: BitType<8, 'num'> }>;
  };
  readonly counters: {
    /** program.p4:79 */
    readonly 'ingress.first.hits': Counter;
    /** program.p4:79 */
    readonly 'ingress.zweite.hits': Counter;
  };
  readonly meters: {};
  readonly registers: {};
  readonly digests: {};
  readonly profiles: {};
  readonly valueSets: {
    /** program.p4:58 */
    readonly 'parse.known': ValueSet<8>;
    /** program.p4:59 */
    readonly 'parse.pairs': ValueSet<32>;
  };
  readonly packetIn: {};
  readonly packetOut: {};
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
