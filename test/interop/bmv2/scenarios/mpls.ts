/** Label switching: the benchmark's router and traffic, packets at which it gives up, damaged packets. */
import { build } from 'p4ts';
import { EtherType, Mpls } from 'p4ts/headers';
import { packets, setUp } from '../../../../examples/mpls/bench.js';
import { LabelSwitchRouter } from '../../../../examples/mpls/controller.js';
import { labelSwitch as pipeline } from '../../../../examples/mpls/pipeline.js';
import { ethernetFrame, udpFrame, udpPacket } from '../../../../examples/packets.js';
import { damaged } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const [dst, src] = ['02:00:00:00:00:01', '02:00:00:00:00:02'] as const;
const inside = udpPacket({ src: '10.1.0.10', dst: '10.2.0.10' });
const label = (value: number, bottomOfStack: number, ttl = 64) => build(Mpls, { label: value, trafficClass: 3, bottomOfStack, ttl });
const labelled = (...parts: Uint8Array[]) => packet(1, ethernetFrame(dst, src, EtherType.mpls, ...parts));
/** All but the last are not the bottom of the stack. */
const stackOf = (top: number, count: number) => Array.from({ length: count }, (_, i) => label(top, i === count - 1 ? 1 : 0));

export const mpls = scenario({
  name: 'mpls',
  pipeline,
  steps: [
    { control: setUp },
    ...packets,
    ...[1, 2, 6, 7, 8, 9].map((count) => labelled(...stackOf(18, count), inside)),
    // Service labels: popped, and popped again.
    ...[1, 2, 5].map((count) => labelled(...stackOf(16, count), inside)),
    labelled(label(16, 0, 3), label(17, 0, 200), label(18, 1, 90), inside),
    labelled(label(18, 1, 1), inside),
    labelled(label(18, 1, 2), inside),
    labelled(label(18, 0)),
    labelled(label(16, 1), Uint8Array.of(0x60), new Uint8Array(39)),
    packet(1, udpFrame(dst, src, { src: '10.1.0.10', dst: '192.0.2.1' })),
    packet(1, udpFrame(dst, src, { src: '10.1.0.10', dst: '10.2.0.1', ttl: 1 })),
    packet(1, udpFrame(dst, src, { src: '10.1.0.10', dst: '10.3.0.1', ttl: 2, dscp: 46 })),
    packet(1, ethernetFrame(dst, src, EtherType.arp, new Uint8Array(28))),
    ...damaged(packets, 150, 5),
    {
      control: async (sw) => {
        const router = new LabelSwitchRouter('p1', sw);
        const { labels, classes } = await router.counted();
        return { dropped: await router.dropped(), labels: [...labels], classes: [...classes] };
      },
    },
  ],
});
