/**
 * In-band network telemetry with metadata in the packet (INT-MD; P4.org Applications Working Group, "In-band Network
 * Telemetry (INT) Dataplane Specification", version 2.1).
 */
import type { Next, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header } from '../index.js';
import { given } from '../support/location.js';
import { branch } from './states.js';

/** INT 2.1 §5.7.1: types of INT headers, in the shim. */
export const IntType = { md: 1, destination: 2, mx: 3 } as const;

/** INT 2.1 §5.7.1: the shim between TCP or UDP and the INT header. */
export const IntShim = header('int_shim_t', {
  type: bit(4),
  /** Next protocol type: 0 what the port says, 1 another UDP payload, 2 another protocol of IP. */
  npt: bit(2),
  reserved: bit(2),
  /** 32-bit words of INT header and metadata, without this shim. */
  length: bit(8),
  /** By `npt`: reserved with the DSCP in its first six bits, the UDP port, or the protocol that was there before. */
  original: bit(16),
});

/** INT 2.1 §5.8: the INT-MD header. */
export const IntMd = header('int_md_t', {
  /** 2. */
  version: bit(4),
  /** Discard at the sink. */
  discard: bit(1),
  /** Remaining hops were exceeded. */
  hopsExceeded: bit(1),
  /** The MTU was exceeded. */
  mtuExceeded: bit(1),
  reserved: bit(12),
  /** 32-bit words that each hop adds. */
  hopLength: bit(5),
  remainingHops: bit(8),
  /** From the most significant bit: node, level 1 interfaces, hop latency, queue, ingress time, egress time, … */
  instructions: bit(16),
  domainId: bit(16),
  domainInstructions: bit(16),
  domainFlags: bit(16),
});

/** The bits of `instructions` (INT 2.1 §5.8). */
export const IntInstruction = {
  nodeId: 0x8000,
  level1Interfaces: 0x4000,
  hopLatency: 0x2000,
  queueOccupancy: 0x1000,
  ingressTime: 0x0800,
  egressTime: 0x0400,
  level2Interfaces: 0x0200,
  egressUtilization: 0x0100,
  bufferOccupancy: 0x0080,
  checksumComplement: 0x0001,
} as const;

/** INT 2.1 §5.8, instruction bit 0. */
export const IntNodeId = header('int_node_id_t', { nodeId: bit(32) });
/** INT 2.1 §5.8, instruction bit 1. */
export const IntLevel1Interfaces = header('int_level1_interfaces_t', { ingress: bit(16), egress: bit(16) });
/** INT 2.1 §5.8, instruction bit 2, in the unit of the node. */
export const IntHopLatency = header('int_hop_latency_t', { latency: bit(32) });
/** INT 2.1 §5.8, instruction bit 3. */
export const IntQueueOccupancy = header('int_queue_occupancy_t', { queueId: bit(8), occupancy: bit(24) });
/** INT 2.1 §5.8, instruction bit 4. */
export const IntIngressTime = header('int_ingress_time_t', { timestamp: bit(64) });
/** INT 2.1 §5.8, instruction bit 5. */
export const IntEgressTime = header('int_egress_time_t', { timestamp: bit(64) });
/** INT 2.1 §5.8, instruction bit 6. */
export const IntLevel2Interfaces = header('int_level2_interfaces_t', { ingress: bit(32), egress: bit(32) });
/** INT 2.1 §5.8, instruction bit 7. */
export const IntEgressUtilization = header('int_egress_utilization_t', { utilization: bit(32) });
/** INT 2.1 §5.8, instruction bit 8. */
export const IntBufferOccupancy = header('int_buffer_occupancy_t', { bufferId: bit(8), occupancy: bit(24) });

/** States `intShim` and `intMd`: takes `hdr.intShim` and, where it announces one, `hdr.intMd`; then `metadata`, the state of what hops added. */
export function intStates<const N extends string>(metadata: Next<N>, { otherwise = 'accept' }: { readonly otherwise?: Next<N> } = {}) {
  return given({
    intShim(p: StateCtx<N | 'intMd'>, { hdr }: { hdr: { intShim: ViewOf<typeof IntShim> } }): Transition {
      p.extract(hdr.intShim);
      return p.select(hdr.intShim.type).when(IntType.md, 'intMd').otherwise(otherwise);
    },
    intMd(p: StateCtx<N>, { hdr }: { hdr: { intMd: ViewOf<typeof IntMd> } }): Transition {
      p.extract(hdr.intMd);
      return branch(p, hdr.intMd.version, { 2: metadata }, otherwise);
    },
  });
}
