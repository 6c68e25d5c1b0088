/** The acl example: its lists, packets that each kind of key tells apart, copies to the monitor, hits, and damaged packets. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IpProtocol } from '../../../../compiler/headers/index.js';
import { type AclController, control } from '../../../../examples/acl/controller.js';
import { parseLists } from '../../../../examples/acl/language.js';
import { acl as pipeline } from '../../../../examples/acl/pipeline.js';
import {
  attachments,
  fragmented,
  fragmentHeader,
  fromInside,
  fromOutside,
  monitor,
  optioned,
  outside,
  padding,
  tcp,
  tcp6,
} from '../../../../examples/acl/traffic.js';
import type { P4RuntimeError } from '../../../../runtime/node.js';
import { packet, scenario } from '../scenario.js';

const text = readFileSync(fileURLToPath(new URL('../../../../examples/acl/lists.txt', import.meta.url)), 'utf8');
let lists: AclController;

const syn = tcp('198.51.100.7:40000', '192.0.2.80:443', 'syn');
const answer = tcp('198.51.100.7:443', '192.0.2.9:40000', 'ack');
const web = ['2001:db8:ffff::1', '2001:db8::80'] as const;
const { hopByHop, routing, fragment, destinationOptions } = IpProtocol;
const edges = [
  ...[0, 1, 2, 185].flatMap((offset) => [fragmented(syn, offset, true), fragmented(answer, offset, false)]),
  optioned(syn),
  optioned(answer),
  // Options that are said to be longer than the packet.
  optioned(syn).with(14, 0x4f),
  tcp6(...web, 443, 'syn', [
    [hopByHop, padding],
    [routing, padding],
    [fragment, fragmentHeader(0)],
    [destinationOptions, padding],
  ]),
  tcp6(...web, 80, 'ack', [[fragment, fragmentHeader(9)]]),
  tcp6(...web, 443, 'syn', [
    [destinationOptions, padding],
    [destinationOptions, padding],
  ]),
  ...[10, 13, 14, 33, 34, 40, 53].map((length) => syn.subarray(0, length)),
];

export const acl = scenario({
  name: 'acl',
  pipeline,
  steps: [
    {
      control: async (sw) => {
        lists = await control(sw, attachments, { port: monitor.port });
        return lists.update(parseLists(text));
      },
    },
    {
      control: (sw) => {
        const cut = sw.cloneSession(2).set([{ port: monitor.port }], { truncateBytes: monitor.bytes });
        return cut.catch(({ code }: P4RuntimeError) => code);
      },
      differs: 'its P4Runtime server refuses sessions that cut their copies off',
    },
    ...[...fromOutside, ...fromInside].map(({ port, bytes }) => packet(port, bytes)),
    ...edges.map((bytes) => packet(outside, bytes)),
    packet(7, syn),
    { control: () => lists.hits() },
    { control: () => lists.drops() },
    { control: () => lists.update(parseLists(text.replace('  40 deny', '  35 permit tcp 198.51.100.7/32 any port 22\n  40 permit'))) },
    ...fromOutside.map(({ port, bytes }) => packet(port, bytes)),
    { control: () => lists.hits() },
  ],
});
