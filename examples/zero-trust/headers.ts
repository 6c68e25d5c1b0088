import { bit, header } from 'p4ts';

/** EtherType of the identity header: the first of the two that IEEE 802 sets aside for local experiments. */
export const identityEtherType = 0x88b5;

/** Between two switches, after Ethernet: the workload that the packet comes from. */
export const Identity = header('identity_t', {
  /** The workload's identity, as the switch that it is attached to has found it. */
  source: bit(16),
  /** Of what follows. */
  etherType: bit(16),
});
