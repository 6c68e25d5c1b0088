/** For the benchmark: connections to a service, there and back, DNS queries, and pods that talk to each other. */
import { tcpPacket, udpPacket } from '../packets.js';
import { reconcile } from './controller.js';
import type { ServiceProxy } from './reconcile.js';
import { client, frame, manifests, uplink } from './traffic.js';

export { serviceProxy as pipeline } from './pipeline.js';

export async function setUp(sw: ServiceProxy): Promise<void> {
  await reconcile(sw, manifests, uplink);
}

export const packets = Array.from({ length: 20 }, (_, i) => {
  const flow = client(i);
  const back = { src: '10.1.1.11', dst: flow.src, srcPort: 8080, dstPort: flow.srcPort } as const;
  return [
    { port: 9, bytes: frame(tcpPacket({ ...flow, flags: ['syn'] })) },
    { port: 1, bytes: frame(tcpPacket({ ...back, flags: ['syn', 'ack'] })) },
    { port: 9, bytes: frame(tcpPacket({ ...flow, flags: ['ack'], data: new Uint8Array(200) })) },
    { port: 1, bytes: frame(tcpPacket({ ...back, flags: ['ack'], data: new Uint8Array(1000) })) },
    { port: 9, bytes: frame(udpPacket({ ...flow, dst: '10.96.0.53', dstPort: 53 })) },
    { port: 1, bytes: frame(tcpPacket({ src: '10.1.1.11', dst: '10.1.2.11', srcPort: flow.srcPort, dstPort: 9100 })) },
  ];
}).flat();
