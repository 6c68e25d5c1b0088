/**
 * learner.p4 for controllers: the program, and the types of its tables and actions. Written by `p4ts types`: write it
 * anew when the program changes.
 */
import type { Action, BitType, Counter, Digest, Key, NewType, Register, Table } from 'p4ts';
import { loadP4 } from 'p4ts/p4';

export interface Learner {
  readonly tables: {
    /** learner.p4:75 */
    readonly 'Switching.sources': Table<
      {
        'hdr.ethernet.src': Key<'exact', BitType<48, 'any'>>;
        'istd.ingress_port': Key<
          'exact',
          NewType<'PortId_t', BitType<32, 'num'>, BitType<32, 'num'>>
        >
      },
      'known' | 'unknown',
      'direct'
    >;
    /** learner.p4:93 */
    readonly 'Switching.destinations': Table<
      { 'hdr.ethernet.dst': Key<'ternary', BitType<48, 'any'>> },
      'forward' | 'flood' | 'punt' | 'ingress_drop',
      'direct'
    >;
  };
  readonly actions: {
    /** <psa.p4>:310 */
    readonly 'ingress_drop': Action<'ingress_drop', {}>;
    /** <psa.p4>:297 */
    readonly 'send_to_port': Action<'send_to_port', {}>;
    /** learner.p4:73 */
    readonly 'Switching.known': Action<'known', {}>;
    /** learner.p4:74 */
    readonly 'Switching.unknown': Action<'unknown', {}>;
    /** learner.p4:83 */
    readonly 'Switching.forward': Action<
      'forward',
      { port: NewType<'PortId_t', BitType<32, 'num'>, BitType<32, 'num'>> }
    >;
    /** learner.p4:84 */
    readonly 'Switching.flood': Action<
      'flood',
      {
        group: NewType<'MulticastGroup_t', BitType<32, 'num'>, BitType<32, 'num'>>;
        class: NewType<'ClassOfService_t', BitType<8, 'num'>, BitType<8, 'num'>>
      }
    >;
    /** learner.p4:89 */
    readonly 'Switching.punt': Action<'punt', {}>;
  };
  readonly counters: {
    /** learner.p4:67 */
    readonly 'Switching.received': Counter;
  };
  readonly meters: {};
  readonly registers: {
    /** learner.p4:69 */
    readonly 'Switching.flooded': Register<BitType<32, 'num'>>;
    /** learner.p4:70 */
    readonly 'Switching.latest': Register<{
      src: BitType<48, 'any'>;
      port: NewType<'PortId_t', BitType<32, 'num'>, BitType<32, 'num'>>
    }>;
    /** learner.p4:71 */
    readonly 'Switching.origins': Register<NewType<
      'PortId_t',
      BitType<32, 'num'>,
      BitType<32, 'num'>
    >>;
  };
  readonly digests: {
    readonly 'ToQueues.learned': Digest<{
      src: BitType<48, 'any'>;
      port: NewType<'PortId_t', BitType<32, 'num'>, BitType<32, 'num'>>
    }>;
  };
  readonly profiles: {};
  readonly valueSets: {};
  readonly packetIn: {
    ingress_port: NewType<'PortIdInHeader_t', BitType<32, 'num'>, BitType<32, 'num'>>
  };
  readonly packetOut: {
    egress_port: NewType<'PortIdInHeader_t', BitType<32, 'num'>, BitType<32, 'num'>>
  };
}

export const learner = await loadP4<Learner>(new URL('./learner.p4', import.meta.url));
