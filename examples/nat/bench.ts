/** For the benchmark: an exchange of UDP, TCP and pings through mappings that are there, and an error about one. */
import { IcmpType, IpProtocol } from 'p4ts/headers';
import { control, type Nat } from './controller.js';
import { insidePort, outsidePort, site } from './site.js';
import { alice, arriving, icmpError, ping, reversed, stranger, tcp, udp } from './traffic.js';

export { nat as pipeline } from './pipeline.js';

const address = '198.51.100.10';
const endpoints = (port: number) => ({ inside: { address: alice, port }, outside: { address, port } }) as const;

export async function setUp(sw: Nat): Promise<void> {
  await control(sw, site, [
    { protocol: IpProtocol.udp, ...endpoints(40000) },
    { protocol: IpProtocol.tcp, ...endpoints(40001) },
    { protocol: IpProtocol.icmp, ...endpoints(7) },
  ]);
}

const question = { src: alice, dst: stranger, srcPort: 40000, dstPort: 53 };
const page = { src: alice, dst: stranger, srcPort: 40001, dstPort: 80 };
const fromPublic = { src: address } as const;

export const packets = [
  { port: insidePort, bytes: arriving.inside(udp(question)) },
  { port: outsidePort, bytes: arriving.outside(udp(reversed({ ...question, ...fromPublic }))) },
  { port: insidePort, bytes: arriving.inside(tcp(page, 'ack')) },
  { port: outsidePort, bytes: arriving.outside(tcp(reversed({ ...page, ...fromPublic }), 'ack')) },
  { port: insidePort, bytes: arriving.inside(ping({ src: alice, dst: stranger }, 7)) },
  { port: outsidePort, bytes: arriving.outside(ping({ src: stranger, dst: address }, 7, IcmpType.echoReply)) },
  {
    port: outsidePort,
    bytes: arriving.outside(icmpError({ src: stranger, dst: address }, udp({ ...question, ...fromPublic }))),
  },
];
