/**
 * The service-proxy example: what its controller makes of the manifests, translation there and back, connections that
 * outlive a pod that ends, errors, and packets that are not translated.
 */
import { asFragment, type Datagram, ipv4Packet, tcpPacket, udpPacket, withOptions } from '../../../../examples/packets.js';
import { counters, reconcile } from '../../../../examples/service-proxy/controller.js';
import { serviceProxy as pipeline } from '../../../../examples/service-proxy/pipeline.js';
import { client, frame, manifests, unreachable, uplink } from '../../../../examples/service-proxy/traffic.js';
import { packet, scenario } from '../scenario.js';

const arrives = (port: number, ip: Uint8Array) => packet(port, frame(ip));
const flows = Array.from({ length: 20 }, (_, i) => client(i));
const pods = ['10.1.1.11', '10.1.1.12', '10.1.2.11'] as const;
const router = '203.0.113.1';
const send = (flags: ('syn' | 'ack')[]) => flows.map((flow) => arrives(9, tcpPacket({ ...flow, flags, data: Uint8Array.of(1, 2, 3) })));
/** Whichever pod it is that has the flow: of the three answers one is translated. */
const answers = flows.flatMap(({ src, srcPort }) =>
  pods.map((pod) => arrives(1, tcpPacket({ src: pod, dst: src, srcPort: 8080, dstPort: srcPort, flags: ['syn', 'ack'] }))),
);
const queries = flows.map((flow) => udpPacket({ ...flow, dst: '10.96.0.53', dstPort: 53 }));
const dnsAnswers = flows.flatMap(({ src, srcPort }) =>
  (['10.1.1.21', '10.1.2.21'] as const).map((pod) => udpPacket({ src: pod, dst: src, srcPort: 1053, dstPort: srcPort })),
);
const errors = flows.flatMap(({ src, srcPort }) => [
  arrives(9, unreachable(router, tcpPacket({ src: '10.96.0.10', dst: src, srcPort: 80, dstPort: srcPort }))),
  arrives(9, unreachable(router, udpPacket({ src: '10.96.0.53', dst: src, srcPort: 53, dstPort: srcPort }))),
  ...pods.map((pod) => arrives(1, unreachable(pod, tcpPacket({ src, dst: pod, srcPort, dstPort: 8080 }), 3))),
]);

const [flow] = flows as [ReturnType<typeof client>];
const syn = tcpPacket({ ...flow, flags: ['syn'] });
const withoutChecksum = udpPacket({ ...flow, dst: '10.96.0.53', dstPort: 53 });
withoutChecksum.set([0, 0], 26);
const edges: readonly Uint8Array[] = [
  withOptions(syn),
  asFragment(syn, 0, true),
  withoutChecksum,
  tcpPacket({ ...flow, dstPort: 81 }),
  tcpPacket({ ...flow, ttl: 1 }),
  tcpPacket({ ...flow, ttl: 0 }),
  tcpPacket({ ...flow, dst: '192.0.2.1' }),
  ipv4Packet({ src: flow.src, dst: flow.dst } satisfies Datagram, 1, Uint8Array.of(8, 0, 0, 0, 0, 1, 0, 1)),
  syn.with(10, 0),
  syn.with(0, 0x65),
  ...[1, 19, 20, 30, 39].map((length) => syn.subarray(0, length)),
  ...[24, 40, 49, 51].map((length) => unreachable(router, syn).subarray(0, length)),
];

const ending = manifests.map(({ name, text }) => ({
  name,
  text: text.replace(/(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }'),
}));

export const serviceProxy = scenario({
  name: 'service-proxy',
  pipeline,
  steps: [
    { control: (sw) => reconcile(sw, manifests, uplink) },
    ...send(['syn']),
    ...answers,
    ...queries.map((ip) => arrives(9, ip)),
    ...dnsAnswers.map((ip) => arrives(2, ip)),
    ...errors,
    ...edges.map((ip) => arrives(9, ip)),
    { control: (sw) => reconcile(sw, manifests, uplink) },
    { control: (sw) => reconcile(sw, ending, uplink) },
    ...send(['ack']),
    ...send(['syn']),
    { control: counters },
    { control: (sw) => reconcile(sw, [], uplink) },
    ...send(['ack']).slice(0, 3),
    { control: counters },
  ],
});
