/**
 * gateway.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, ActionProfile, BitType, BoolType, Counter, Digest, EnumType, Key, Meter, NewType, Register, Table, TextType, ValueSet } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Gateway {
  readonly tables: {
    /** gateway.p4:122 */
    readonly 'Gate.routes': Table<
      { 'destination': Key<'lpm', BitType<32, 'any'>> },
      'drop' | 'count_forward',
      'direct'
    >;
    /** gateway.p4:128 */
    readonly 'Gate.filter': Table<
      {
        'hdr.ipv4.src': Key<'ternary', BitType<32, 'any'>>;
        'hdr.ipv4.protocol': Key<'range', BitType<8, 'num'>>;
        'hdr.ethernet.ether_type': Key<'optional', EnumType<'EtherType', 'ipv4' | 'arp'>>;
        'hdr.ipv4.$valid$': Key<'exact', BoolType>
      },
      'drop' | 'police' | 'NoAction',
      'direct'
    >;
    /** gateway.p4:138 */
    readonly 'Gate.neighbours': Table<
      { 'hdr.ethernet.src': Key<'exact', BitType<48, 'any'>> },
      'forward' | 'drop',
      'profile'
    >;
    /** gateway.p4:143 */
    readonly 'Gate.balanced': Table<
      {
        'meta.out_port': Key<
          'exact',
          NewType<'PortName_t', BitType<9, 'num'>, TextType<'none' | 'uplink' | 'downlink'>>
        >
      },
      'forward',
      'selector'
    >;
  };
  readonly actions: {
    readonly 'NoAction': Action<'NoAction', {}>;
    /** gateway.p4:104 */
    readonly 'Gate.drop': Action<'drop', {}>;
    /** gateway.p4:107 */
    readonly 'Gate.forward': Action<
      'forward',
      {
        dst: BitType<48, 'any'>;
        out_port: NewType<'PortName_t', BitType<9, 'num'>, TextType<'none' | 'uplink' | 'downlink'>>
      }
    >;
    /** gateway.p4:113 */
    readonly 'Gate.count_forward': Action<
      'count_forward',
      {
        dst: BitType<48, 'any'>;
        out_port: NewType<'PortName_t', BitType<9, 'num'>, TextType<'none' | 'uplink' | 'downlink'>>
      }
    >;
    /** gateway.p4:117 */
    readonly 'Gate.police': Action<'police', { seen_as: BitType<32, 'ipv4'> }>;
  };
  readonly counters: {
    /** gateway.p4:97 */
    readonly 'Gate.received': Counter;
  };
  readonly meters: {
    /** gateway.p4:98 */
    readonly 'Gate.tenants': Meter;
  };
  readonly registers: {
    /** gateway.p4:99 */
    readonly 'Gate.last_seen': Register<BitType<48, 'num'>>;
  };
  readonly digests: {
    readonly 'learn_t': Digest<{
      address: BitType<48, 'any'>;
      port: BitType<9, 'num'>;
      tagged: BoolType
    }>;
  };
  readonly profiles: {
    /** gateway.p4:100 */
    readonly 'Gate.next_hops': ActionProfile<'profile'>;
    /** gateway.p4:101 */
    readonly 'Gate.ways': ActionProfile<'selector'>;
  };
  readonly valueSets: {
    /** gateway.p4:66 */
    readonly 'P.routed_types': ValueSet<16>;
  };
  readonly packetIn: { ingress_port: BitType<9, 'num'>; asked_for: BitType<48, 'any'> };
  readonly packetOut: { egress_port: BitType<9, 'num'> };
}

export const gateway = await loadP4<Gateway>(new URL('./gateway.p4', import.meta.url));
