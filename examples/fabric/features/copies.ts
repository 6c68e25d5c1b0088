/** Copies for the controller and for collectors: what says so, what carries them there, and what egress makes of them. */
import { bit, exact, ipv6, mac, optional, Path, port } from 'p4ts';
import { EtherType, IpProtocol } from 'p4ts/headers';
import type { Egress, InEgress, IngressControl, InIngress } from '../packet.js';
import { copyInstance } from '../types.js';

export interface CopySizes {
  readonly mirrorSessions: number;
}

export type Copies = ReturnType<typeof copies>;

export const copies = (
  ctl: IngressControl,
  { meta, std }: InIngress<never, 'acl' | 'copy' | 'copied' | 'mirrorTo' | 'route'>,
  sizes: CopySizes,
) =>
  ctl.control('copies', (ctl) => {
    const { copied, copy, mirrorTo } = meta;
    /** The copy goes to a collector, in IPFIX over UDP and IPv6. */
    const ipfix = ctl.action(
      'ipfix',
      { monitorPort: port, srcMac: mac, dstMac: mac, src: ipv6, dst: ipv6, srcPort: bit(16), dstPort: bit(16) },
      (c, a) => {
        c.set(copy.mirrorPort, a.monitorPort);
        c.set(mirrorTo.srcMac, a.srcMac);
        c.set(mirrorTo.dstMac, a.dstMac);
        c.set(mirrorTo.src, a.src);
        c.set(mirrorTo.dst, a.dst);
        c.set(mirrorTo.srcPort, a.srcPort);
        c.set(mirrorTo.dstPort, a.dstPort);
      },
    );
    const mirrorSessions = ctl.table('mirror_sessions', {
      key: { session: exact(copy.session) },
      actions: [ipfix],
      size: sizes.mirrorSessions,
    });
    const kept = [
      ...[copied.ingressPort, copied.egressPort],
      ...[mirrorTo.srcMac, mirrorTo.dstMac, mirrorTo.src, mirrorTo.dst, mirrorTo.srcPort, mirrorTo.dstPort],
    ];
    const cloneTo = ctl.action('clone_to', { session: bit(10) }, (c, a) => c.mirror(a.session, { keep: kept }));
    /** A packet has one clone session: that of the copies that are wanted. Its replicas have the instances of copyInstance. */
    const cloneSessions = ctl.table('clone_sessions', {
      key: { toController: exact(copy.toController), isMirrored: exact(copy.isMirrored), mirrorPort: optional(copy.mirrorPort) },
      actions: [cloneTo],
      restrict: (k) => [k.isMirrored.eq(true).implies(k.mirrorPort.mask.ne(0)), k.isMirrored.eq(false).implies(k.mirrorPort.mask.eq(0))],
      size: 256,
    });
    ctl.apply((c) => {
      c.if(meta.acl.cancelsCopy, () => c.set(copy.toController, false));
      c.if(copy.isMirrored, () => c.apply(mirrorSessions));
      c.set(copied.ingressPort, std.ingressPort);
      c.set(copied.egressPort, meta.route.port);
      c.if(copy.toController.or(copy.isMirrored), () => c.apply(cloneSessions));
    });
    return { mirrorSessions, cloneSessions, ipfix, cloneTo };
  });

type Encapsulation = 'mirrorEthernet' | 'mirrorIpv6' | 'mirrorUdp' | 'ipfix' | 'sample';

/** Egress: a copy leaves as packet-in, or around it what the collector expects; nothing else happens to copies. */
export function sendCopies(c: Egress, { hdr, meta, std }: InEgress<Encapsulation, 'copied' | 'mirrorTo'>): void {
  const { mirrorEthernet, mirrorIpv6, mirrorUdp, ipfix, sample } = hdr;
  const { copied, mirrorTo } = meta;
  const sampleBytes = 4 + 8 + 4 + 4 + 3;
  const ipfixBytes = 16;
  const udpBytes = 8;
  c.if(std.path.eq(Path.mirrored), () => {
    c.if(std.replica.eq(copyInstance.packetIn), () => {
      c.packetIn({ ingressPort: copied.ingressPort, targetEgressPort: copied.egressPort });
    }).else(() => {
      const length = c.let('frameLength', std.packetLength.as(bit(16)));
      for (const header of [mirrorEthernet, mirrorIpv6, mirrorUdp, ipfix, sample]) c.setValid(header);
      c.set(mirrorEthernet.dst, mirrorTo.dstMac);
      c.set(mirrorEthernet.src, mirrorTo.srcMac);
      c.set(mirrorEthernet.etherType, EtherType.ipv6);
      c.set(mirrorIpv6.version, 6);
      c.set(mirrorIpv6.payloadLength, length.add(udpBytes + ipfixBytes + sampleBytes));
      c.set(mirrorIpv6.nextHeader, IpProtocol.udp);
      c.set(mirrorIpv6.hopLimit, 64);
      c.set(mirrorIpv6.src, mirrorTo.src);
      c.set(mirrorIpv6.dst, mirrorTo.dst);
      c.set(mirrorUdp.srcPort, mirrorTo.srcPort);
      c.set(mirrorUdp.dstPort, mirrorTo.dstPort);
      c.set(mirrorUdp.length, length.add(udpBytes + ipfixBytes + sampleBytes));
      c.set(ipfix.version, 10);
      c.set(ipfix.length, length.add(ipfixBytes + sampleBytes));
      c.set(sample.setId, 256);
      c.set(sample.setLength, length.add(sampleBytes));
      c.set(sample.timeNs, std.timestampNs.as(bit(64)));
      c.set(sample.ingressPort, copied.ingressPort.as(bit(32)));
      c.set(sample.egressPort, copied.egressPort.as(bit(32)));
      c.set(sample.longLength, 255);
      c.set(sample.length, length);
    });
    c.exit();
  });
}
