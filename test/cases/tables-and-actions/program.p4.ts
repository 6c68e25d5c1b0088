/**
 * program.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, BoolType, Counter, EnumType, Key, NewType, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Program {
  readonly tables: {
    /** program.p4:198 */
    readonly 'Egress.acl': Table<
      {
        'src': Key<'ternary', BitType<32, 'ipv4'>>;
        'protocol': Key<'range', BitType<8, 'num'>>;
        'in_port': Key<'optional', BitType<9, 'num'>>;
        'tagged': Key<'exact', BoolType>;
        'etherType': Key<'exact', EnumType<'EtherType', 'ipv4' | 'vlan' | 'mpls'>>
      },
      'forward' | 'drop',
      'direct'
    >;
    /** program.p4:216 */
    readonly 'Egress.routes': Table<
      { 'hdr.ip.dst': Key<'lpm', BitType<32, 'ipv4'>> },
      'forward' | 'mark',
      'direct'
    >;
    /** program.p4:229 */
    readonly 'Egress.fixed': Table<
      {
        'protocol': Key<'ternary', BitType<8, 'num'>>;
        'dst': Key<'lpm', BitType<32, 'any'>>;
        'ttl': Key<'range', BitType<8, 'num'>>
      },
      'tally' | 'outer' | 'NoAction',
      'direct'
    >;
    /** program.p4:247 */
    readonly 'Egress.keyless': Table<{}, 'outer', 'direct'>;
    /** program.p4:255 */
    readonly 'Egress.idle': Table<{ 'ttl': Key<'exact', BitType<8, 'num'>> }, 'mark', 'direct'>;
    /** program.p4:357 */
    readonly 'egress.after': Table<
      { 'meta.mark': Key<'exact', BitType<8, 'num'>> },
      'forward',
      'direct'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** program.p4:153 */
    readonly 'Egress.drop': Action<'drop', { reason: BitType<4, 'num'> }>;
    /** program.p4:163 */
    readonly 'Egress.forward': Action<
      'forward',
      {
        port: NewType<'Port', BitType<9, 'num'>, BitType<32, 'num'>>;
        dst: BitType<48, 'mac'>;
        acl: BitType<1, 'num'>;
        kind: EnumType<'EtherType', 'ipv4' | 'vlan' | 'mpls'>
      }
    >;
    /** program.p4:177 */
    readonly 'Egress.tally': Action<'tally', { by: BitType<8, 'num'> }>;
    /** program.p4:182 */
    readonly 'Egress.mark': Action<'mark', { m: BitType<8, 'num'> }>;
    /** program.p4:192 */
    readonly 'Egress.outer': Action<'outer', {}>;
    /** program.p4:353 */
    readonly 'egress.forward': Action<'forward', { unit: BitType<8, 'num'> }>;
  };
  readonly counters: {
    /** program.p4:144 */
    readonly 'Egress.drops': Counter;
    /** program.p4:147 */
    readonly 'Egress.ports': Counter;
  };
  readonly meters: {};
  readonly registers: {};
  readonly digests: {};
  readonly profiles: {};
  readonly valueSets: {};
  readonly packetIn: { ingress_port: BitType<9, 'num'>; reason: BitType<5, 'num'> };
  readonly packetOut: { egress_port: BitType<9, 'num'> };
}

export const program = await loadP4<Program>(new URL('./program.p4', import.meta.url));
