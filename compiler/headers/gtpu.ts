/** The user plane of the GPRS tunnelling protocol (3GPP TS 29.281), with the PDU session container (3GPP TS 38.415). */
import type { Next, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header } from '../index.js';
import { given } from '../support/location.js';
import { type Branches, branch } from './states.js';

/** Message types (TS 29.281 §6.1). */
export const GtpuMessage = { echoRequest: 1, echoResponse: 2, errorIndication: 26, endMarker: 254, gpdu: 255 } as const;

/** Types of extension headers (TS 29.281 §5.2.1). */
export const GtpuExtension = { none: 0, pduSession: 0x85 } as const;

/** TS 29.281 §5.1: the 8 bytes that every message has. */
export const Gtpu = header('gtpu_t', {
  /** 1. */
  version: bit(3),
  /** 1 for GTP; 0 would be GTP′. */
  protocolType: bit(1),
  spare: bit(1),
  extensionFlag: bit(1),
  sequenceFlag: bit(1),
  npduFlag: bit(1),
  messageType: bit(8),
  /** Bytes after these 8. */
  length: bit(16),
  /** Tunnel endpoint identifier. */
  teid: bit(32),
});

/** TS 29.281 §5.1: there when one of the three flags is set. */
export const GtpuOptional = header('gtpu_optional_t', { sequenceNumber: bit(16), npduNumber: bit(8), nextExtension: bit(8) });

/** TS 29.281 §5.2.2.7 with TS 38.415 §5.5.2, of one unit of length: the quality of service of a packet. */
export const GtpuPduSession = header('gtpu_pdu_session_t', {
  /** Units of 4 bytes: 1. */
  length: bit(8),
  /** 0 downlink, 1 uplink. */
  pduType: bit(4),
  spare: bit(4),
  /** Downlink: a paging policy follows. */
  pagingPolicyPresence: bit(1),
  /** Downlink: reflective QoS. */
  reflectiveQos: bit(1),
  /** QoS flow identifier. */
  qfi: bit(6),
  nextExtension: bit(8),
});

type Views = {
  hdr: { gtpu: ViewOf<typeof Gtpu>; gtpuOptional: ViewOf<typeof GtpuOptional>; gtpuPduSession: ViewOf<typeof GtpuPduSession> };
};

/**
 * States `gtpu`, `gtpuOptional`, `gtpuPduSession` and `gtpuPayload`: takes `hdr.gtpu`, the optional fields and a PDU
 * session container of one unit; a packet of a user (G-PDU) goes on by the version of IP: `{ 4: 'innerIpv4' }`. Other
 * messages, and other extension headers, go to `otherwise`.
 */
export function gtpuStates<const N extends string>(branches: Branches<N>, { otherwise = 'accept' }: { readonly otherwise?: Next<N> } = {}) {
  return given({
    gtpu(p: StateCtx<N | 'gtpuOptional' | 'gtpuPayload'>, { hdr }: Views): Transition {
      const { version, protocolType, messageType, extensionFlag, sequenceFlag, npduFlag } = hdr.gtpu;
      p.extract(hdr.gtpu);
      return p
        .select(version, protocolType, messageType, extensionFlag, sequenceFlag, npduFlag)
        .when([1, 1, GtpuMessage.gpdu, 0, 0, 0], 'gtpuPayload')
        .when([1, 1, GtpuMessage.gpdu, '_', '_', '_'], 'gtpuOptional')
        .otherwise(otherwise);
    },
    gtpuOptional(p: StateCtx<N | 'gtpuPduSession' | 'gtpuPayload'>, { hdr }: Views): Transition {
      p.extract(hdr.gtpuOptional);
      return p
        .select(hdr.gtpu.extensionFlag, hdr.gtpuOptional.nextExtension)
        .when([0, '_'], 'gtpuPayload')
        .when([1, GtpuExtension.none], 'gtpuPayload')
        .when([1, GtpuExtension.pduSession], 'gtpuPduSession')
        .otherwise(otherwise);
    },
    gtpuPduSession(p: StateCtx<N | 'gtpuPayload'>, { hdr }: Views): Transition {
      p.extract(hdr.gtpuPduSession);
      return p
        .select(hdr.gtpuPduSession.length, hdr.gtpuPduSession.nextExtension)
        .when([1, GtpuExtension.none], 'gtpuPayload')
        .otherwise(otherwise);
    },
    gtpuPayload(p: StateCtx<N>, _: Views): Transition {
      return branch(p, p.lookahead(bit(4)), branches, otherwise);
    },
  });
}
