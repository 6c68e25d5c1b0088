/** Pipelines that tsc and P4 take, and that cannot be meant as they are: what is told, at which line, and where nothing is. */
import { bit, header, Path, pipeline, port, range, stack, valid } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { diagnosticsOf, sourceAt } from '../support/diagnostics.js';

const A = header('a_t', { x: bit(8), y: bit(8) });
type Loose = (first: any, v: any) => any;
interface Parts {
  readonly parser?: Record<string, Loose>;
  readonly ingress?: Loose;
  readonly egress?: Loose;
  readonly deparser?: Loose;
  readonly more?: Record<string, unknown>;
}

/** A pipeline without a mistake, but for its parts. */
const whole = ({ parser, ingress, egress, deparser, more }: Parts) =>
  pipeline('whole', {
    headers: { a: A, b: A, s: stack(A, 2) },
    metadata: { seen: bit(8), other: bit(8) },
    parser: parser ?? {
      start(p: any, { hdr }: any) {
        p.extract(hdr.a, hdr.b, hdr.s.next);
        return p.accept();
      },
    },
    ingress: (ctl: any, v: any) => ctl.apply((c: any) => (ingress ?? (() => c.forward(1)))(c, { ...v, ctl })),
    egress: (ctl: any, v: any) => ctl.apply((c: any) => egress?.(c, v)),
    deparser: deparser ?? ((d: any, { hdr }: any) => d.emit(hdr.a, hdr.b, hdr.s)),
    ...more,
  } as never);

function said(parts: Parts): readonly Diagnostic[] {
  const recorded = diagnosticsOf(() => whole(parts));
  if (recorded.some((d) => d.severity === 'error')) return recorded;
  return [...recorded, ...compile(programOf(whole(parts))?.ir as never, bmv2).diagnostics].filter((d) => d.code !== 'never-used');
}

const told: readonly [string, Parts, string, string][] = [
  [
    'a header that is extracted and never emitted',
    { deparser: (d, { hdr }) => d.emit(hdr.a, hdr.s) },
    '`hdr.b` becomes part of the packet, but the deparser does not emit it: the packet leaves without it.',
    'extract(hdr.a, hdr.b, hdr.s.next)',
  ],
  [
    'a stack that is extracted and never emitted',
    { deparser: (d, { hdr }) => d.emit(hdr.a, hdr.b) },
    '`hdr.s` becomes part of the packet, but the deparser does not emit it: the packet leaves without it.',
    'extract(hdr.a, hdr.b, hdr.s.next)',
  ],
  [
    'a header that is made valid and never emitted',
    {
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.a);
          return p.accept();
        },
      },
      ingress: (c, { hdr }) => [c.forward(1), c.setValid(hdr.b)],
      deparser: (d, { hdr }) => d.emit(hdr.a),
    },
    '`hdr.b` becomes part of the packet, but the deparser does not emit it: the packet leaves without it.',
    'setValid(hdr.b)',
  ],
  ['an empty deparser', { deparser: () => {} }, 'The deparser emits nothing: packets leave without `hdr.a`.', 'deparser: deparser ??'],
  [
    'a header that is emitted twice',
    { deparser: (d, { hdr }) => d.emit(hdr.a, hdr.b, hdr.s, hdr.a) },
    '`hdr.a` is emitted twice: the packet leaves with two copies of it.',
    'emit(hdr.a, hdr.b, hdr.s, hdr.a)',
  ],
  [
    'a stack that is emitted as a whole and once more in part',
    { deparser: (d, { hdr }) => d.emit(hdr.a, hdr.b, hdr.s, hdr.s.at(0)) },
    '`hdr.s[0]` is emitted twice: the packet leaves with two copies of it.',
    'emit(hdr.a, hdr.b, hdr.s, hdr.s.at(0))',
  ],
  [
    'an ingress that never decides',
    { ingress: (c, { hdr }) => c.set(hdr.a.x, 1), egress: (c) => c.drop() },
    'Ingress never decides where packets go: every packet is dropped.',
    'ingress: (ctl: any',
  ],
  [
    'bounds of an entry the wrong way round',
    {
      more: {
        ingress(ctl: any, { hdr }: any) {
          const drop = ctl.action('drop', {}, (c: any) => c.drop());
          const entries = [{ match: { x: { low: 9, high: 2 } }, priority: 1, action: drop() }];
          const t = ctl.table('t', { key: { x: range(hdr.a.x) }, actions: [drop], entries });
          ctl.apply((c: any) => [c.forward(1), c.apply(t)]);
        },
      },
    },
    'The range from 9 to 2 is empty: the lower bound must come first.',
    'x: { low: 9',
  ],
  [
    'random bounds the wrong way round',
    { ingress: (c, { hdr }) => [c.forward(1), c.set(hdr.a.x, c.random(bit(8), 9, 2))] },
    'The range from 9 to 2 is empty: the lower bound must come first.',
    'random(bit(8), 9, 2)',
  ],
  [
    'a hash that does not fit',
    { ingress: (c, { hdr }) => [c.forward(1), c.set(hdr.a.x, c.hash('crc16', bit(8), [hdr.a.y], { base: 10, max: 250 }))] },
    'This hash is from 10 to 259, which does not fit bit<8>: its upper bits are lost.',
    "hash('crc16', bit(8)",
  ],
  [
    'a hash of no values',
    { ingress: (c, { hdr }) => [c.forward(1), c.set(hdr.a.x, c.hash('crc16', bit(8), [hdr.a.y], { max: 0 }))] },
    'Expected max, the number of values that the hash can have, from 1, got number 0.',
    "hash('crc16', bit(8)",
  ],
  ['the port that BMv2 drops at', { ingress: (c) => c.forward(511) }, 'BMv2 drops packets that are forwarded to port 511.', 'forward(511)'],
  [
    'a mirror that may lead to the controller, without packet-in metadata',
    { ingress: (c) => [c.forward(1), c.mirror(5)], more: { packetIn: { ingressPort: port, reason: bit(7) } } },
    'If the session of this mirror leads to the controller, the first 2 bytes of the copy are read as packet-in metadata.',
    'mirror(5)',
  ],
  [
    'metadata that no mirror keeps',
    {
      ingress: (c, { meta }) => [c.forward(1), c.set(meta.seen, 1), c.mirror(5)],
      egress: (c, { hdr, meta, std }) => c.if(std.path.eq(Path.mirrored), () => c.set(hdr.a.x, meta.seen)),
    },
    '`meta.seen` is 0 in mirrored packets: no mirror keeps it.',
    'set(hdr.a.x, meta.seen)',
  ],
  [
    'an action that is called as if it were a function',
    {
      ingress: (c, { ctl }) => {
        const drop = ctl.action('drop', {}, (b: any) => b.drop());
        c.forward(1);
        drop();
      },
    },
    'This call of the action drop makes an entry of a table: in a body it does nothing.',
    'drop();',
  ],
];

describe('told', () => {
  test.each(told)('%s', (_, parts, message, at) => {
    const found = said(parts);
    expect(found.map((d) => d.message)).toEqual([message]);
    expect(sourceAt(found[0] as Diagnostic).slice(0, at.length)).toBe(at);
  });
});

const right: readonly [string, Parts][] = [
  ['the pipeline itself', {}],
  [
    'a header that is removed on purpose',
    { ingress: (c, { hdr }) => [c.forward(1), c.setInvalid(hdr.b)], deparser: (d, { hdr }) => d.emit(hdr.a, hdr.s) },
  ],
  [
    'a header that takes the place of another',
    { ingress: (c, { hdr }) => [c.forward(1), c.copy(hdr.a, hdr.b)], deparser: (d, { hdr }) => d.emit(hdr.a, hdr.s) },
  ],
  [
    'the header from the controller, which every pipeline takes off',
    {
      more: { packetOut: { egressPort: port } },
      ingress: (c, { packetOut }) => c.if(packetOut.present, () => c.forward(packetOut.egressPort)).else(() => c.forward(1)),
    },
  ],
  ['the elements of a stack, one by one', { deparser: (d, { hdr }) => d.emit(hdr.a, hdr.b, hdr.s.at(0), hdr.s.at(1)) }],
  ['a pipeline of bytes, which has no headers to emit', { parser: { start: (p) => p.accept() }, deparser: () => {} }],
  ['an ingress that drops all', { ingress: (c) => c.drop() }],
  [
    'an ingress that decides in an action of a table',
    {
      ingress: (c, { ctl, hdr }) => {
        const out = ctl.action('out', { to: port }, (b: any, { to }: any) => b.forward(to));
        const t = ctl.table('t', { key: {}, actions: [out], default: out({ to: 3 }) });
        c.apply(t);
        c.set(hdr.a.x, 1);
      },
    },
  ],
  [
    'ranges that hold one value and all values',
    {
      ingress: (c, { hdr }) => {
        c.forward(1);
        c.set(hdr.a.x, c.random(bit(8), 2, 2));
        c.set(hdr.a.y, c.hash('crc16', bit(8), [hdr.a.x], { base: 6, max: 250 }));
      },
    },
  ],
  ['port 510', { ingress: (c) => c.forward(510) }],
  [
    'a mirror whose copies have packet-in metadata',
    {
      ingress: (c, { meta, std }) => [c.forward(1), c.set(meta.seen, std.ingressPort.bits(0, 8)), c.mirror(5, { keep: [meta.seen] })],
      egress: (c, { meta, std }) => c.if(std.path.eq(Path.mirrored), () => c.packetIn({ seen: meta.seen })),
      more: { packetIn: { seen: bit(8) } },
    },
  ],
  [
    'metadata that egress itself sets, or reads of other packets',
    {
      ingress: (c, { meta }) => [c.forward(1), c.set(meta.seen, 1), c.set(meta.other, 2), c.mirror(5)],
      egress: (c, { hdr, meta, std }) => {
        c.if(std.path.ne(Path.mirrored), () => c.set(hdr.a.y, meta.other));
        c.if(std.path.eq(Path.mirrored).and(valid(hdr.a)), () => {
          c.set(meta.seen, hdr.a.y);
          c.set(hdr.a.x, meta.seen);
        });
      },
    },
  ],
];

describe('not told', () => {
  test.each(right)('%s', (_, parts) => expect(said(parts).map((d) => d.message)).toEqual([]));
});
