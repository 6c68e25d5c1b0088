/**
 * The firewall example: its policy, connections from both sides in the filter's registers, what belongs to none, errors,
 * fragments, and packets with something wrong.
 */
import { counters, filterState, install } from '../../../../examples/firewall/controller.js';
import { firewall as pipeline } from '../../../../examples/firewall/pipeline.js';
import {
  client,
  conversation,
  dns,
  fragmented,
  page,
  pair,
  reversed,
  rules,
  stranger,
  tcp,
  timeExceeded,
  udp,
} from '../../../../examples/firewall/traffic.js';
import type { P4RuntimeError } from '../../../../runtime/node.js';
import { packet, scenario } from '../scenario.js';

const syn = tcp(page, 'syn');
const flows = Array.from({ length: 30 }, (_, i) => ({ ...dns, srcPort: 20000 + 7 * i }));
const edges = [
  ...[0, 1, 2, 3].flatMap((offset) => [fragmented(syn, offset, true), fragmented(syn, offset, false)]),
  syn.with(24, 0),
  // Another version, options that are not there, IPv6.
  syn.with(14, 0x55),
  syn.with(14, 0x46),
  syn.with(12, 0x86).with(13, 0xdd),
  ...[10, 14, 33, 34, 40, 53].map((length) => syn.subarray(0, length)),
  timeExceeded(client, stranger, udp(reversed(flows[0] as typeof dns))),
  timeExceeded(client, stranger, udp(flows[0] as typeof dns)).subarray(0, 60),
];

export const firewall = scenario({
  name: 'firewall',
  pipeline,
  steps: [
    { control: (sw) => install(sw, [pair], rules) },
    ...conversation.map(({ side, bytes }) => packet(pair[side], bytes)),
    ...flows.map((flow) => packet(pair.inside, udp(flow))),
    ...flows.flatMap((flow) => [
      packet(pair.outside, udp(reversed(flow))),
      packet(pair.outside, udp(reversed({ ...flow, srcPort: flow.srcPort + 1 }))),
      packet(pair.outside, timeExceeded('203.0.113.1', client, udp(flow))),
    ]),
    ...edges.map((bytes) => packet(pair.inside, bytes)),
    packet(5, syn),
    { control: counters },
    {
      control: (sw) => filterState(sw).catch(({ code }: P4RuntimeError) => code),
      differs: 'its P4Runtime server reads no registers',
    },
  ],
});
