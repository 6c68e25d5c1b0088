/** What is in frames. */
import { dissect, type Fields, type HeaderType, type Outs } from 'p4ts';
import { Ethernet, EtherType, Gre, IpProtocol, Ipv4, Ipv6, Udp, Vlan } from 'p4ts/headers';
import { Ipfix, Sample } from './packet.js';

export interface Frame {
  readonly src: string;
  readonly dst: string;
  /** The VLAN of its tag. */
  readonly tag?: number;
  readonly ip?: IpPacket;
}
export interface IpPacket {
  readonly src: string;
  readonly dst: string;
  /** The hop limit of IPv6. */
  readonly ttl: number;
  readonly dscp: number;
  /** The packet in GRE. */
  readonly inside?: IpPacket;
  /** The copy that an IPFIX message has, and the ports that the message tells. */
  readonly sample?: { readonly ingressPort: number; readonly egressPort: number; readonly frame: Uint8Array };
}

/** Undefined where it ends too early. */
export function readFrame(bytes: Uint8Array): Frame | undefined {
  const ethernet = dissect(Ethernet, bytes);
  if (!ethernet) return undefined;
  const [{ src, dst, etherType }, rest] = ethernet;
  if (etherType !== EtherType.vlan) return { src, dst, ...only('ip', readIp(etherType, rest)) };
  const vlan = dissect(Vlan, rest);
  return vlan && { src, dst, tag: vlan[0].vid, ...only('ip', readIp(vlan[0].etherType, vlan[1])) };
}

function readIp(etherType: number, bytes: Uint8Array): IpPacket | undefined {
  if (etherType === EtherType.ipv4) {
    const [header] = dissect(Ipv4, bytes) ?? [];
    return header && { src: header.src, dst: header.dst, ttl: header.ttl, dscp: header.dscp };
  }
  if (etherType !== EtherType.ipv6) return undefined;
  const ipv6 = dissect(Ipv6, bytes);
  if (!ipv6) return undefined;
  const [{ src, dst, hopLimit: ttl, dscp, nextHeader }, body] = ipv6;
  const [gre, inside] = (nextHeader === IpProtocol.gre && dissect(Gre, body)) || [];
  return {
    ...{ src, dst, ttl, dscp },
    ...only('inside', gre && inside && readIp(gre.protocol, inside)),
    ...only('sample', nextHeader === IpProtocol.udp ? readSample(body) : undefined),
  };
}

/** The message of RFC 7011 in a datagram for its port. @throws Error where its lengths are wrong */
function readSample(datagram: Uint8Array): IpPacket['sample'] {
  const [udp, message] = whole(Udp, datagram);
  if (udp.dstPort !== 4739) return undefined;
  const [ipfix, set] = whole(Ipfix, message);
  const [{ setId, setLength, ingressPort, egressPort, length }, frame] = whole(Sample, set);
  const isRight =
    ipfix.version === 10 && setId === 256 && ipfix.length === message.length && setLength === set.length && length === frame.length;
  if (!isRight) throw new Error('the lengths of the IPFIX message are not those of what it has');
  return { ingressPort, egressPort, frame };
}

function whole<F extends Fields>(type: HeaderType<F>, bytes: Uint8Array): readonly [Outs<F>, Uint8Array] {
  const found = dissect(type, bytes);
  if (!found) throw new Error(`there is no whole ${type.name}`);
  return found;
}

/** A property that is there only where it has a value. */
const only = <K extends string, T>(name: K, value: T | undefined): { readonly [N in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in K]?: T };
