/** The gtp example: its sessions, packets that each rule is for, changes of FARs, messages of GTP-U, and damaged packets. */
import { readFileSync } from 'node:fs';
import { GtpuMessage } from '../../../../compiler/headers/index.js';
import { control, drops, type UpfController } from '../../../../examples/gtp/controller.js';
import { upf as pipeline } from '../../../../examples/gtp/pipeline.js';
import { parseSessions } from '../../../../examples/gtp/sessions.js';
import { gtpuPacket } from '../../../../examples/gtp/signalling.js';
import { arriving, gnbs, phone, server, site, sleeper, spent, tunnelled, udp6, voice } from '../../../../examples/gtp/traffic.js';
import { tcpPacket, udpPacket } from '../../../../examples/packets.js';
import { random } from '../../../support/packets.js';
import { type Arrival, packet, scenario } from '../scenario.js';

const file = new URL('../../../../examples/gtp/sessions.yaml', import.meta.url);
// Rates depend on time, which runs as it likes on BMv2.
const sessions = parseSessions(readFileSync(file, 'utf8').replace(/(up|down)link: \d+/g, '$1link: 0'), 'sessions.yaml');
const { n3, n6 } = site;
let controller: UpfController;

const tunnel = { src: gnbs[0], dst: n3.address, teid: 0x1001 };
const page = { src: phone, dst: server, srcPort: 40000, dstPort: 443 };
const answer = { src: server, dst: phone, srcPort: 443, dstPort: 40000 };
const users = ['2001:db8:45:2::7', '2001:db8:45:3::7'] as const;
const uplink = (qfi: number) => ({ qfi, uplink: true });

const fromAccess = [
  tunnelled(tunnel, udpPacket(page), uplink(9)),
  tunnelled(tunnel, udpPacket(page), uplink(3)),
  tunnelled(tunnel, udpPacket({ ...page, dst: voice }), uplink(1)),
  tunnelled(tunnel, tcpPacket({ ...page, dst: voice }), uplink(1)),
  tunnelled(tunnel, udpPacket({ ...page, dst: '198.51.100.66' }), uplink(9)),
  tunnelled(tunnel, udpPacket({ ...page, src: sleeper }), uplink(9)),
  tunnelled(tunnel, udp6(users[0], '2001:db8:80::1', 40000, 443), uplink(9)),
  tunnelled(tunnel, udp6(users[1], '2001:db8:80::1', 40000, 443), uplink(9)),
  tunnelled({ ...tunnel, teid: 0x1002 }, udpPacket({ ...page, src: sleeper })),
  tunnelled({ ...tunnel, teid: 0x1002 }, udpPacket({ ...page, src: sleeper }), { sequenceNumber: 5 }),
  tunnelled({ ...tunnel, teid: 0x1003 }, udpPacket({ ...page, src: spent })),
  tunnelled({ ...tunnel, teid: 0x9999 }, udpPacket(page)),
  tunnelled({ ...tunnel, dst: '192.0.2.11' }, udpPacket(page)),
  gtpuPacket({ src: gnbs[0], dst: n3.address }, { type: GtpuMessage.echoRequest, teid: 0, sequenceNumber: 7 }),
  gtpuPacket({ src: gnbs[0], dst: n3.address }, { type: GtpuMessage.gpdu, teid: 0x1001 }),
  udpPacket({ src: gnbs[0], dst: n3.address }),
  tcpPacket({ src: gnbs[0], dst: n3.address }),
];
const fromCore = [
  udpPacket(answer),
  udpPacket({ ...answer, src: voice, dstPort: 5000 }),
  udpPacket({ ...answer, src: voice, dstPort: 5010 }),
  udpPacket({ ...answer, src: voice, dstPort: 5011 }),
  tcpPacket({ ...answer, src: voice, dstPort: 5000 }),
  udpPacket({ ...answer, dst: sleeper }),
  udpPacket({ ...answer, dst: spent }),
  udpPacket({ ...answer, dst: '10.45.0.9' }),
  udp6('2001:db8:80::1', users[0], 443, 40000),
  udp6('2001:db8:80::1', users[1], 443, 40000),
  // Nobody's tunnel: it comes from the data network.
  tunnelled(tunnel, udpPacket(page), uplink(9)),
];
const arrivals = [...fromAccess.map((ip) => packet(n3.port, arriving.n3(ip))), ...fromCore.map((ip) => packet(n6.port, arriving.n6(ip)))];

/** The packets with a few bytes changed, or cut off. */
function damaged(count: number): Arrival[] {
  const next = random(20243);
  return Array.from({ length: count }, () => {
    const { port, bytes } = arrivals[next() % arrivals.length] as Arrival;
    const changed = Uint8Array.from(bytes);
    // Behind the outer IPv4 header, whose checksum would tell.
    for (let i = next() % 3; i >= 0; i--) changed[34 + (next() % (changed.length - 34))] = next() & 0xff;
    return packet(port, next() % 3 === 0 ? changed.subarray(0, 1 + (next() % changed.length)) : changed);
  });
}

export const gtp = scenario({
  name: 'gtp',
  pipeline,
  steps: [
    {
      control: async (sw) => {
        controller = await control(sw, site);
        for (const session of sessions) await controller.establish(session);
      },
    },
    ...arrivals,
    { control: () => controller.usage() },
    { control: () => controller.handover(1, { gnb: gnbs[1], teid: 0x7001 }) },
    { control: () => controller.update(2, { id: 2, apply: 'access', tunnel: { gnb: gnbs[0], teid: 0x6001, dscp: 10 } }) },
    ...arrivals.slice(fromAccess.length),
    { packetOut: arriving.n6(udpPacket({ ...answer, dst: sleeper })), metadata: { port: n6.port, again: 1 } },
    ...damaged(120),
    { control: () => controller.release(1) },
    ...arrivals,
    { control: () => controller.usage() },
    { control: (sw) => drops(sw) },
  ],
});
