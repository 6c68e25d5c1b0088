/** What packets carry between switches: a hop for each switch that they passed, the latest first. */
import { bit, header } from 'p4ts';

/** EtherType of the telemetry header: the second of those that IEEE 802 sets aside for local experiments. */
export const telemetryEtherType = 0x88b6;
export const maxHops = 8;

export const Telemetry = header('telemetry_t', {
  hops: bit(8),
  /** Of what follows the hops. */
  etherType: bit(16),
});
export const Hop = header('hop_t', {
  switchId: bit(32),
  /** Nanoseconds of the switch's own clock. */
  ingressTime: bit(48),
  egressTime: bit(48),
  /** Packets that waited when this one came. */
  queueDepth: bit(24),
});
