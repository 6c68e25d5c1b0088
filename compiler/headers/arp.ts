/** Address resolution (RFC 826), for IPv4 over Ethernet. */
import type { Next } from '../index.js';
import { bit, header, ipv4, mac } from '../index.js';
import { type StateOptions, type States, state } from './states.js';

/** RFC 826, with the address lengths of Ethernet and IPv4. */
export const Arp = header('arp_t', {
  /** 1 for Ethernet. */
  hardwareType: bit(16),
  /** The EtherType of the protocol: 0x0800. */
  protocolType: bit(16),
  /** Bytes. */
  hardwareLength: bit(8),
  /** Bytes. */
  protocolLength: bit(8),
  operation: bit(16),
  senderMac: mac,
  senderIp: ipv4,
  targetMac: mac,
  targetIp: ipv4,
});

/** State `arp`: takes `hdr.arp`. */
export function arpStates<const N extends string = never, const S extends string = 'arp'>({
  otherwise = 'accept' as Next<N>,
  as = 'arp' as S,
}: StateOptions<N, S> = {}): States<N, Record<NoInfer<S>, typeof Arp>> {
  return state<N, S, typeof Arp>(as, (p, arp) => {
    p.extract(arp);
    return p.goto(otherwise);
  });
}
