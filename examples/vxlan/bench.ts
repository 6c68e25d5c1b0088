/** For the benchmark: frames between hosts here and behind another gateway, in both directions; a few are for all. */

import type { Ipv4Address } from 'p4ts';
import { EtherType } from 'p4ts/headers';
import type { Switch } from 'p4ts/runtime';
import { ethernetFrame, udpPacket } from '../packets.js';
import { broadcast, far, h1, h2, peers, provision, taggedFrame, tunnelled, underlay, vni } from './network.js';
import type { vxlanGateway } from './pipeline.js';

export { vxlanGateway as pipeline } from './pipeline.js';

export const setUp = async (sw: Switch<typeof vxlanGateway>): Promise<void> => void (await provision(sw));

const [peer] = peers as [Ipv4Address];

export const packets = Array.from({ length: 40 }, (_, i) => {
  const data = udpPacket({ src: `10.0.0.${i}`, dst: '10.0.1.1', srcPort: 30000 + i * 7, data: new Uint8Array((i * 173) % 1200) });
  const plain = (dst: typeof h1, src: typeof h1) => ethernetFrame(dst, src, EtherType.ipv4, data);
  const arrivals = [
    { port: 1, bytes: taggedFrame(far, h1, EtherType.ipv4, data) },
    { port: underlay.port, bytes: tunnelled(peer, vni, plain(h1, far)) },
    { port: 2, bytes: plain(far, h2) },
    { port: underlay.port, bytes: tunnelled(peer, vni, plain(h2, far)) },
    { port: 1, bytes: taggedFrame(h2, h1, EtherType.ipv4, data) },
  ];
  return i % 10 === 0 ? [...arrivals, { port: 2, bytes: plain(broadcast, h2) }] : arrivals;
}).flat();
