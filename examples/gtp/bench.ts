/** For the benchmark: a user's packets up and down, plain and as voice, IPv4 and IPv6, under the rules of a session. */

import { udpPacket } from '../packets.js';
import { control, type Upf } from './controller.js';
import type { Session } from './sessions.js';
import { arriving, gnbs, phone, server, site, tunnelled, udp6, voice } from './traffic.js';

export { upf as pipeline } from './pipeline.js';

const tunnel = { gnb: gnbs[0], teid: 0x5001, dscp: 0 };
const session: Session = {
  seid: 1,
  user: phone,
  prefix: '2001:db8:45:2::/64',
  teid: 0x1001,
  pdrs: [
    { id: 1, precedence: 255, source: 'access', qfi: 9, sdf: {}, far: 1, qer: 1, urr: 1 },
    { id: 2, precedence: 255, source: 'core', sdf: {}, far: 2, qer: 1, urr: 1 },
    { id: 3, precedence: 50, source: 'core', sdf: { protocol: 17, remote: { address: voice, length: 32 } }, far: 2, qer: 2, urr: 1 },
  ],
  fars: [
    { id: 1, apply: 'core' },
    { id: 2, apply: 'access', tunnel },
  ],
  qers: [1, 2].map((id) => ({ id, qfi: 10 - id, uplink: 0, downlink: 0, uplinkClosed: false, downlinkClosed: false })),
  urrs: [1],
};

export async function setUp(sw: Upf): Promise<void> {
  await (await control(sw, site)).establish(session);
}

const up = { src: gnbs[0], dst: site.n3.address, teid: 0x1001 };
const question = udpPacket({ src: phone, dst: server, srcPort: 40000, dstPort: 443 });
const answer = { src: server, dst: phone, srcPort: 443, dstPort: 40000 };
export const packets = [
  { port: site.n3.port, bytes: arriving.n3(tunnelled(up, question, { qfi: 9, uplink: true })) },
  { port: site.n6.port, bytes: arriving.n6(udpPacket(answer)) },
  { port: site.n6.port, bytes: arriving.n6(udpPacket({ ...answer, src: voice })) },
  { port: site.n6.port, bytes: arriving.n6(udp6('2001:db8:80::1', '2001:db8:45:2::7', 443, 40000)) },
];
