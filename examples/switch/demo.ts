/** Four stations and a trunk: ARP is flooded, stations are learned, move and grow old, VLANs stay apart. */
import { build, dissect, type Ipv4Address, type MacAddress, packet } from 'p4ts';
import { ArpOperation, Ethernet, EtherType, Vlan } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { ethernetFrame, udpFrame } from '../packets.js';
import { heading, printTable, styled, until } from '../support.js';
import { arp } from './arp.js';
import { type Change, configure, counters, keepStations, type VlanConfig } from './controller.js';
import { l2switch } from './pipeline.js';

interface Host {
  readonly name: string;
  readonly mac: MacAddress;
  readonly ip: Ipv4Address;
}
const alice: Host = { name: 'alice', mac: '02:00:00:00:00:0a', ip: '10.0.10.1' };
const bob: Host = { name: 'bob', mac: '02:00:00:00:00:0b', ip: '10.0.10.2' };
const carol: Host = { name: 'carol', mac: '02:00:00:00:00:0c', ip: '10.0.20.3' };
const dave: Host = { name: 'dave', mac: '02:00:00:00:00:0d', ip: '10.0.10.4' };
const nameOf = (mac: string): string => [alice, bob, carol, dave].find((host) => host.mac === mac)?.name ?? mac;

const vlans: readonly VlanConfig[] = [
  { id: 10, untagged: [1, 2], tagged: [4] },
  { id: 20, untagged: [3], tagged: [4] },
];
const agingNs = 300_000_000_000n;

const sw = await simulate(l2switch);
await configure(sw, vlans);
const changes: Change[] = [];
void keepStations(sw, { agingNs, told: (change) => void changes.push(change) });

heading('VLANs');
printTable(
  ['VLAN', 'untagged ports', 'tagged ports'],
  vlans.map(({ id, untagged, tagged }) => [id, untagged.join(', '), tagged.join(', ')]),
);

heading('Packets');
const ask = (from: Host, to: Host) => arp(ArpOperation.request, from, { ...to, mac: 'ff:ff:ff:ff:ff:ff' });
const answer = (from: Host, to: Host) => arp(ArpOperation.reply, from, to);
const data = (from: Host, to: Host) => udpFrame(to.mac, from.mac, { src: from.ip, dst: to.ip });
/** The same frame with a tag. */
const tagged = (vid: number, frame: Uint8Array): Uint8Array => {
  const [{ dst, src, etherType }] = dissect(Ethernet, frame) as NonNullable<ReturnType<typeof dissect<typeof Ethernet.fields>>>;
  const tag = build(Vlan, { pcp: 0, dei: 0, vid, etherType });
  return packet(build(Ethernet, { dst: dst as MacAddress, src: src as MacAddress, etherType: EtherType.vlan }), tag, frame.subarray(14));
};

await arrives(1, ask(alice, bob), 'alice asks for bob');
await arrives(2, answer(bob, alice), 'bob answers');
await arrives(1, data(alice, bob), 'alice to bob');
await arrives(3, ask(carol, alice), 'carol, in another VLAN, asks for alice');
await arrives(4, tagged(10, ask(dave, alice)), 'dave, behind the trunk, asks for alice');
await arrives(1, answer(alice, dave), 'alice answers');
await arrives(4, tagged(30, data(dave, alice)), 'dave in VLAN 30, which the trunk has not');
await arrives(1, ethernetFrame('01:80:c2:00:00:0e', alice.mac, EtherType.lldp, new Uint8Array(46)), 'LLDP of alice’s own');
await sw.advanceTime(200_000_000_000n);
await arrives(2, data(alice, dave), 'alice, moved to port 2 after 200 s, to dave');
await sw.advanceTime(150_000_000_000n);
await until(() => changes.length >= 3);
report(`150 s later: bob, dave and carol were silent for more than ${agingNs / 1_000_000_000n} s`, []);
await arrives(2, data(alice, bob), 'alice to bob, who is forgotten');

const { drops, vlans: byVlan } = await counters(sw);
heading('Counters');
printTable(
  ['VLAN', 'packets', 'bytes'],
  byVlan.map(({ vlan, packets, bytes }) => [vlan, packets, bytes]),
);
console.log();
printTable(
  ['dropped', 'packets'],
  drops.map(({ reason, packets }) => [reason, packets]),
);
await sw.close();

/** Sends a frame and prints what became of it. */
async function arrives(port: number, frame: Uint8Array, what: string): Promise<void> {
  const out = await sw.send(port, frame);
  // The controller learns beside: its entries are there before the next packet comes.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const ports = out.map((sent) => {
    const tag = dissect(Ethernet, sent.packet)?.[0].etherType === EtherType.vlan ? dissect(Vlan, sent.packet.subarray(14)) : undefined;
    return `port ${sent.port}${tag ? ` (tag ${tag[0].vid})` : ''}`;
  });
  report(`port ${port}  ${what}`, ports);
}

function report(what: string, ports: readonly string[]): void {
  console.log(styled('bold', what));
  if (what.startsWith('port'))
    console.log(`        ${ports.length > 0 ? styled('green', `→ ${ports.join(', ')}`) : styled('red', 'dropped')}`);
  for (const { what: change, station } of changes.splice(0)) {
    console.log(
      styled('cyan', `        ${change}: ${nameOf(station.mac)} (${station.mac}) in VLAN ${station.vlan} at port ${station.port}`),
    );
  }
}
