/** Frames between three access ports and two other gateways. */
import { EtherType } from 'p4ts/headers';
import { ethernetFrame, udpPacket } from '../packets.js';
import { heading, printTable } from '../support.js';
import { broadcast, createGateway, describeFrame, far, h1, h2, taggedFrame, tunnelled, underlay, vni } from './network.js';

const { sw, gateway } = await createGateway();
const data = udpPacket({ src: '10.0.0.1', dst: '10.0.0.2' });
const plain = (dst: typeof h1, src: typeof h1) => ethernetFrame(dst, src, EtherType.ipv4, data);

console.log(`Segment ${vni}: port 1 (VLAN 10), ports 2 and 3 (untagged), gateways 192.0.2.2 and 192.0.2.3`);

async function show(what: string, port: number, bytes: Uint8Array): Promise<void> {
  heading(what);
  console.log(`  in   port ${port}   ${describeFrame(bytes)}`);
  const outputs = await sw.send(port, bytes);
  for (const out of outputs) console.log(`  out  port ${out.port}   ${describeFrame(out.packet)}`);
  if (outputs.length === 0) console.log('  dropped');
}

await show('To a host behind another gateway', 1, taggedFrame(far, h1, EtherType.ipv4, data));
await show('To a host on another port', 1, taggedFrame(h2, h1, EtherType.ipv4, data));
await show('To all', 2, plain(broadcast, h2));
await show('From another gateway', underlay.port, tunnelled('192.0.2.2', vni, plain(h1, far)));
await show('From another gateway, to all: not to the third one', underlay.port, tunnelled('192.0.2.2', vni, plain(broadcast, far)));
await show('From a gateway that is not in the segment', underlay.port, tunnelled('198.51.100.9', vni, plain(h1, far)));
await show('On a port without a segment', 7, plain(h1, h2));

heading('Dropped');
printTable(['reason', 'packets'], Object.entries(await gateway.dropped()));
await sw.close();
