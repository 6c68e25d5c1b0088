/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, ActionProfile, BitType, BoolType, Digest, EnumType, IntType, Key, Meter, Register, StructType, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:113 */
    readonly 'ingress.tenants.pick': Table<
      { 'hdr.flow.id': Key<'exact', BitType<16, 'num'>> },
      'metered',
      'direct'
    >;
    /** program.p4:127 */
    readonly 'ingress.spread': Table<
      { 'flow': Key<'exact', BitType<16, 'num'>> },
      'forward' | 'NoAction',
      'selector'
    >;
    /** program.p4:141 */
    readonly 'ingress.balance': Table<
      { 'hdr.flow.id': Key<'exact', BitType<16, 'num'>> },
      'forward' | 'NoAction',
      'profile'
    >;
    /** program.p4:209 */
    readonly 'egress.initial': Table<
      { 'id': Key<'ternary', BitType<16, 'num'>>; 'src': Key<'range', BitType<32, 'any'>> },
      'mark' | 'NoAction',
      'direct'
    >;
    /** program.p4:224 */
    readonly 'egress.exactly': Table<
      { 'hdr.flow.id': Key<'exact', BitType<16, 'num'>> },
      'mark' | 'NoAction',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:97 */
    readonly 'ingress.forward': Action<'forward', { port: BitType<9, 'num'> }>;
    /** program.p4:101 */
    readonly 'ingress.learn': Action<'learn', {}>;
    /** program.p4:106 */
    readonly 'ingress.metered': Action<'metered', {}>;
    /** program.p4:205 */
    readonly 'egress.mark': Action<'mark', { with: BitType<32, 'any'> }>;
  };
  readonly counters: {};
  readonly meters: {
    /** program.p4:87 */
    readonly 'ingress.tenants.rates': Meter;
  };
  readonly registers: {
    /** program.p4:77 */
    readonly 'ingress.pairs': Register<BitType<64, 'num'>>;
    /** program.p4:80 */
    readonly 'ingress.seen': Register<BitType<8, 'num'>>;
    /** program.p4:83 */
    readonly 'ingress.tenants.list': Register<BitType<24, 'num'>>;
    /** program.p4:84 */
    readonly 'ingress.temperatures': Register<IntType<8>>;
  };
  readonly digests: {
    readonly 'seen': Digest<{ id: BitType<16, 'num'> }>;
    readonly 'noisy_t': Digest<{
      src: BitType<32, 'any'>;
      tenant: BitType<24, 'num'>;
      color: EnumType<'MeterColor', 'green' | 'yellow' | 'red'>;
      valid: BoolType;
      inner: StructType<{ id: BitType<16, 'num'> }>
    }>;
  };
  readonly profiles: {
    /** program.p4:92 */
    readonly 'ingress.profile': ActionProfile<'profile'>;
    /** program.p4:95 */
    readonly 'ingress.selector': ActionProfile<'selector'>;
  };
  readonly valueSets: {};
  readonly packetIn: {};
  readonly packetOut: {};
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
