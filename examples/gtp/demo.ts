/** Three sessions: packets up and down, voice with its own QoS, a user that sleeps, a handover, and what was used. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GtpuMessage } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { udpPacket } from '../packets.js';
import { heading, printTable, settled, styled } from '../support.js';
import { control, drops, type Event } from './controller.js';
import { upf } from './pipeline.js';
import { parseSessions } from './sessions.js';
import { gtpuPacket } from './signalling.js';
import { arriving, describe, gnbs, phone, server, site, sleeper, spent, tunnelled, udp6, voice } from './traffic.js';

const { n3, n6 } = site;
const file = fileURLToPath(new URL('sessions.yaml', import.meta.url));
const sessions = parseSessions(readFileSync(file, 'utf8'), 'sessions.yaml');

const sw = await simulate(upf);
const events: Event[] = [];
const sent: { port: number; packet: Uint8Array }[] = [];
sw.onOutput((output) => void sent.push(output));
const controller = await control(sw, site, (event) => void events.push(event));
void controller.serve();
for (const session of sessions) await controller.establish(session);

heading('Sessions');
printTable(
  ['SEID', 'user', 'TEID', 'PDRs', 'FARs', 'QERs', 'URRs'],
  sessions.map((s) => [s.seid, s.user, `0x${s.teid.toString(16)}`, s.pdrs.length, s.fars.length, s.qers.length, s.urrs.length]),
);

const up = (teid: number, user: Uint8Array, qfi = 9) =>
  arriving.n3(tunnelled({ src: gnbs[0], dst: n3.address, teid }, user, { qfi, uplink: true }));
const page = { src: phone, dst: server, srcPort: 40000, dstPort: 443 };
const answer = { src: server, dst: phone, srcPort: 443, dstPort: 40000 };
const reading = { src: server, dst: sleeper, srcPort: 5683, dstPort: 5683 };

heading('Packets');
await step('the phone asks a server', n3.port, up(0x1001, udpPacket(page)));
await step('its answer', n6.port, arriving.n6(udpPacket(answer)));
await step('the same in IPv6', n6.port, arriving.n6(udp6('2001:db8:80::1', '2001:db8:45:2::7', 443, 40000)));
await step('voice: its own QFI, marked with its DSCP', n6.port, arriving.n6(udpPacket({ ...answer, src: voice, dstPort: 5004 })));
await step('to an address that the phone may not reach', n3.port, up(0x1001, udpPacket({ ...page, dst: '198.51.100.66' })));
await step('with the address of another user', n3.port, up(0x1001, udpPacket({ ...page, src: spent })));
await step('a user without credit', n3.port, up(0x1003, udpPacket({ ...page, src: spent })));
await step('through a tunnel that is not there', n3.port, up(0x9999, udpPacket(page)));
await step(
  'a base station asks whether the path works',
  n3.port,
  arriving.n3(gtpuPacket({ src: gnbs[0], dst: n3.address }, { type: GtpuMessage.echoRequest, teid: 0, sequenceNumber: 7 })),
);
await step('for the user that sleeps', n6.port, arriving.n6(udpPacket(reading)));
await step('and again', n6.port, arriving.n6(udpPacket({ ...reading, dstPort: 5684 })));
await change('the user is reached: its FAR forwards', () =>
  controller.update(2, { id: 2, apply: 'access', tunnel: { gnb: gnbs[0], teid: 0x6001, dscp: 0 } }),
);
await change('the phone moves to another base station', () => controller.handover(1, { gnb: gnbs[1], teid: 0x7001 }));
await step('what comes next', n6.port, arriving.n6(udpPacket(answer)));

const burst = 60;
const full = udpPacket({ ...answer, data: new Uint8Array(1372) });
for (let i = 0; i < burst; i++) await sw.send(n6.port, arriving.n6(full));
const through = sent.splice(0).length;
console.log(styled('bold', `${burst} packets of ${full.length} bytes at once, where 2 Mbit/s are the most`));
console.log(styled('green', `    ${through} pass`));

heading('Used, as the SMF is told');
printTable(
  ['SEID', 'URR', 'uplink packets', 'bytes', 'downlink packets', 'bytes'],
  (await controller.usage()).map(({ seid, urr, uplink, downlink }) => [
    seid,
    urr,
    uplink.packets,
    uplink.bytes,
    downlink.packets,
    downlink.bytes,
  ]),
);
heading('Dropped');
printTable(
  ['reason', 'packets', 'bytes'],
  (await drops(sw)).filter(({ packets }) => packets > 0n).map(({ reason, packets, bytes }) => [reason, packets, bytes]),
);
await sw.close();

async function step(what: string, port: number, frame: Uint8Array): Promise<void> {
  await sw.send(port, frame);
  await report(what, `${port === n3.port ? 'N3' : 'N6'} → ${describe(frame)}`);
}
async function change(what: string, make: () => Promise<void>): Promise<void> {
  await make();
  await report(what);
}

/** What came of it, the controller's part too, which works beside. */
async function report(what: string, arrived?: string): Promise<void> {
  await settled();
  console.log(styled('bold', what));
  if (arrived) console.log(`    ${arrived}`);
  const left = sent.splice(0);
  const heard = events.splice(0);
  for (const event of heard) console.log(styled('cyan', `    ${told(event)}`));
  for (const { port, packet } of left) console.log(styled('green', `    ${port === n3.port ? 'N3' : 'N6'} ← ${describe(packet)}`));
  if (left.length === 0 && heard.length === 0) console.log(styled('red', '    dropped'));
}

function told(event: Event): string {
  switch (event.what) {
    case 'kept':
      return event.packets === 1 ? `kept; the SMF is told of downlink data for session ${event.seid}` : 'kept';
    case 'no room':
      return `no room for more than ${event.packets} packets`;
    case 'released':
      return `${event.packets} packets were kept for session ${event.seid}`;
    case 'end marker':
      return `end marker through the old tunnel of session ${event.seid}`;
    case 'unknown tunnel':
    case 'error indication':
      return `${event.what} 0x${event.teid.toString(16)}, from ${event.from}`;
    case 'answered':
      return event.with;
  }
}
