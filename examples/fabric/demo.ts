/** Packets of a rack: to each other, through a tunnel to the border and the Internet, to a collector and to the controller. */
import { type SentPacket, simulate } from 'p4ts/runtime';
import { heading, printTable, settled, styled } from '../support.js';
import { border } from './border.js';
import { FabricController } from './controller.js';
import { type IpPacket, readFrame } from './frames.js';
import { cables, db, edge, edgeRules, internet, rack, rackRules, web } from './sites.js';
import { tor } from './tor.js';
import { arpRequest, ping, tagged, tcp4, udp4, udp6 } from './traffic.js';

const [rackSwitch, edgeRouter] = [await simulate(tor), await simulate(border)];
const left: { readonly by: string; readonly sent: SentPacket }[] = [];
const said: string[] = [];
rackSwitch.onOutput((sent) => void left.push({ by: 'tor', sent }));
edgeRouter.onOutput((sent) => void left.push({ by: 'border', sent }));
const controllers = {
  tor: await FabricController.start(rackSwitch, tor, rack, rackRules),
  border: await FabricController.start(edgeRouter, border, edge, edgeRules),
};
for (const [name, controller] of Object.entries(controllers)) void controller.serve((what) => void said.push(`${name}: ${what}`));

heading('Packets');
await step('web to db, in another VLAN: routed, and mirrored', web.port, udp4(web, db.ipv4));
await step('the same in IPv6', web.port, udp6(web, db.ipv6));
await step('web to the Internet: one uplink or the other, in a tunnel', web.port, udp4(web, internet.ipv4, { srcPort: 20000 }));
await step('another flow', web.port, udp4(web, internet.ipv4, { srcPort: 20003 }));
await step('the answer', internet.port, udp4(internet, web.ipv4), edgeRouter);
await step('a question to a name server: a copy for the controller', web.port, udp4(web, internet.ipv4, { dstPort: 53 }));
await step('ARP for the router', web.port, arpRequest(web, '10.1.10.1'));
await step('a ping to it', web.port, ping(web, '10.1.10.1'));
await step('a packet whose time is over', web.port, udp4(web, internet.ipv4, { ttl: 1 }));
await step('Telnet', web.port, tcp4(web, internet.ipv4, { dstPort: 23 }));
await step('a tag of another VLAN', web.port, tagged(20, udp4(web, db.ipv4)));
await step('a source that is no host', web.port, udp4(web, db.ipv4, { src: '127.0.0.1' }));
await step('to a group: a copy for each VLAN', 31, udp4({ ...internet, gateway: '01:00:5e:01:01:01' }, '239.1.1.1'));

heading('Dropped in ingress');
for (const [name, controller] of Object.entries(controllers)) {
  const dropped = (await controller.drops()).map(({ reason, packets }) => [name, reason, packets]);
  if (dropped.length > 0) printTable(['switch', 'reason', 'packets'], dropped);
}
await rackSwitch.close();
await edgeRouter.close();

/** A frame arrives; what leaves by a cable arrives at its other end. */
async function step(what: string, port: number, frame: Uint8Array, at: typeof rackSwitch | typeof edgeRouter = rackSwitch): Promise<void> {
  console.log(styled('bold', what));
  await at.send(port, frame);
  await settled();
  if (left.length === 0 && said.length === 0) console.log(styled('red', '    dropped'));
  for (let one = left.shift(); one; one = left.shift()) {
    const { by, sent } = one;
    console.log(styled('green', `    ${by} port ${sent.port}  ${describe(sent.packet)}`));
    const [to, other] =
      by === 'tor' ? [edgeRouter, cables.get(sent.port)] : [rackSwitch, [...cables].find(([, end]) => end === sent.port)?.[0]];
    if (other !== undefined) await to.send(other, sent.packet);
    await settled();
  }
  for (const line of said.splice(0)) console.log(styled('cyan', `    ${line}`));
}

function describe(frame: Uint8Array): string {
  const { dst, tag, ip } = readFrame(frame) ?? {};
  return [`to ${dst}`, ...(tag === undefined ? [] : [`VLAN ${tag}`]), ip ? inWords(ip) : 'ARP'].join(', ');
}

function inWords({ src, dst, ttl, inside, sample }: IpPacket): string {
  if (sample) return `IPFIX to ${dst}: a copy from port ${sample.ingressPort} to port ${sample.egressPort}, ${sample.frame.length} bytes`;
  return inside ? `GRE from ${src} to ${dst}: ${inWords(inside)}` : `${src} → ${dst}, TTL ${ttl}`;
}
