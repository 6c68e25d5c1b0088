/** The VXLAN gateway: the benchmark's traffic, frames that it drops, damaged ones. */
import { EtherType } from 'p4ts/headers';
import { programOf } from '../../../../compiler/dsl/handles.js';
import { bits } from '../../../../compiler/ir/build.js';
import type { KeySet, Program, Transition } from '../../../../compiler/ir/index.js';
import { ethernetFrame, udpPacket } from '../../../../examples/packets.js';
import { packets } from '../../../../examples/vxlan/bench.js';
import { broadcast, far, h1, h2, provision, router, taggedFrame, tunnelled, underlay, vni } from '../../../../examples/vxlan/network.js';
import { vxlanGateway as pipeline } from '../../../../examples/vxlan/pipeline.js';
import type { ValueSetHandle } from '../../../../runtime/client/value-set.js';
import { damaged } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const data = udpPacket({ src: '10.0.0.1', dst: '10.0.0.2' });
const plain = (dst: typeof h1, src: typeof h1) => ethernetFrame(dst, src, EtherType.ipv4, data);
const good = tunnelled('192.0.2.2', vni, plain(h1, far));

// BMv2's server writes no value sets: what the controller would write into this one is in the program.
const ports: KeySet = { kind: 'value', value: bits(underlay.port, 9) };
const written: ValueSetHandle = { set: async () => {}, read: async () => [] };
const { ir } = programOf(pipeline) as { readonly ir: Program };
const withPorts: Program = {
  ...ir,
  parsers: ir.parsers.map((parser) => ({
    ...parser,
    locals: parser.locals.filter(({ kind }) => kind !== 'value-set'),
    states: parser.states.map((state) => ({ ...state, transition: withPort(state.transition) })),
  })),
};
function withPort(transition: Transition): Transition {
  if (transition.kind === 'goto') return transition;
  const cases = transition.cases.map((c) => ({ ...c, keys: c.keys.map((key) => (key.kind === 'value-set' ? ports : key)) }));
  return { ...transition, cases };
}

export const vxlan = scenario<typeof pipeline>({
  name: 'vxlan',
  pipeline: withPorts,
  steps: [
    packet(1, taggedFrame(far, h1, EtherType.ipv4, data)),
    { control: async (sw) => void (await provision({ ...sw, valueSet: () => written })) },
    ...packets,
    packet(1, taggedFrame(broadcast, h1, EtherType.ipv4, data)),
    packet(underlay.port, good),
    packet(underlay.port, tunnelled('192.0.2.2', vni, plain(h2, far))),
    packet(underlay.port, tunnelled('192.0.2.3', vni, plain(broadcast, far))),
    packet(2, good),
    packet(7, plain(h1, h2)),
    packet(1, plain(h1, h2)),
    packet(underlay.port, tunnelled('198.51.100.9', vni, plain(h1, far))),
    packet(underlay.port, tunnelled('192.0.2.2', 6001, plain(h1, far))),
    packet(underlay.port, tunnelled('192.0.2.2', vni, plain(h1, far), 0)),
    packet(underlay.port, ethernetFrame(underlay.mac, router, EtherType.ipv4, data)),
    ...[13, 14, 33, 34, 41, 42, 49, 50, 63].map((length) => packet(underlay.port, good.subarray(0, length))),
    ...damaged(packets, 150, 3),
    { control: (sw) => sw.counter(pipeline.ingress.drops).read() },
  ],
});
