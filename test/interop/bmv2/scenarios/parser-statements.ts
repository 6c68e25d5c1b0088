/** Parser states that compute and choose: variables, conditions, headers made and taken, in the parser and in a subparser. */
import { bit, bool, build, type Headers, header, type Meta, pipeline, type Ref, type StateCtx, stack, valid } from 'p4ts';
import { random, randomBytes, toHex } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { kind: bit(8), length: bit(8) });
const Report = header('report_t', { seen: bit(8), sum: bit(16), marks: bit(8), flags: bit(8) });
const Note = header('note_t', { text: bit(16) });
const headers = { report: Report, order: Order, note: Note, copy: Note, bytes: stack(header('byte_t', { v: bit(8) }), 4) };
const metadata = { sum: bit(16), wide: bool, left: bit(8) };
interface Views {
  readonly hdr: Headers<typeof headers>;
  readonly meta: Meta<typeof metadata>;
}

let left: Ref<8>;
let odd: Ref<1>;

const statements = pipeline('parser_statements', {
  headers,
  metadata,
  subparsers: {
    notes: {
      start(p: StateCtx<string>, { hdr, meta }: Views) {
        const next = p.lookahead(bit(16));
        p.if(next.eq(0xffff), () => {
          p.setValid(hdr.note);
          p.set(hdr.note.text, 0xaaaa);
          p.advance(16);
        }).else(() => {
          p.extract(hdr.note);
          p.if(hdr.note.text.bits(0, 1).eq(1), () => p.copy(hdr.copy, hdr.note));
        });
        p.set(meta.sum, meta.sum.add(hdr.note.text));
        return p.accept();
      },
    },
  },
  parser: {
    start(p, { hdr, meta }) {
      p.setValid(hdr.report);
      p.extract(hdr.order);
      const twice = p.let('twice', hdr.order.length.add(hdr.order.length));
      odd = p.let('odd', hdr.order.length.bits(0, 1));
      left = p.let('left', hdr.order.length);
      p.set(meta.wide, twice.gt(5));
      p.if(hdr.order.kind.eq(1), () => {
        const half = p.let('half', hdr.order.length.shr(1));
        p.set(hdr.report.marks, half);
        p.if(half.gt(1).and(meta.wide), () => p.set(hdr.report.flags, 1)).else(() => p.set(hdr.report.flags, twice));
      })
        .elseif(hdr.order.kind.eq(2).or(hdr.order.kind.eq(3)), () => {
          p.call('notes');
          p.if(valid(hdr.copy), () => p.setInvalid(hdr.note)).else(() => p.set(hdr.report.flags, 7));
        })
        .else(() => p.set(left, left.add(1)));
      p.set(hdr.report.seen, left);
      return p.select(hdr.order.kind).when(9, 'accept').otherwise('more');
    },
    more(p, { meta }) {
      const half = p.let('half', left.shr(1));
      p.set(meta.left, half.add(odd.as(bit(8))));
      return p.select(left).when(0, 'end').otherwise('byte');
    },
    byte(p, { hdr, meta }) {
      p.extract(hdr.bytes.next);
      const { v } = hdr.bytes.last;
      p.set(meta.sum, meta.sum.add(v.as(bit(16))));
      p.if(v.eq(0), () => p.set(left, 1)).elseif(v.gt(200), () => p.set(hdr.bytes.at(0).v, 200));
      p.set(left, left.sub(1));
      return p.goto('more');
    },
    end(p, { hdr }) {
      p.if(hdr.report.flags.eq(7), () => p.setInvalid(hdr.bytes.at(0)));
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    ctl.apply((c) => {
      c.forward(2);
      c.set(hdr.report.sum, meta.sum);
      c.if(meta.wide, () => c.set(hdr.report.marks, hdr.report.marks.or(0x80)));
      c.set(hdr.report.marks, hdr.report.marks.xor(meta.left.shl(4)));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.report, hdr.order, hdr.note, hdr.copy, hdr.bytes),
});

const next = random(9);
const of = (kind: number, length: number, rest: string) =>
  packet(1, Buffer.concat([build(Order, { kind, length }), Buffer.from(rest.replaceAll(' ', ''), 'hex')]));

export const parserStatements = scenario({
  name: 'parser-statements',
  pipeline: statements,
  steps: [
    ...[0, 1, 2, 3, 4, 5].map((length) => of(0, length, '0102030405060708')),
    ...[0, 1, 2, 3, 4, 5, 255].map((length) => of(1, length, 'ff02 0003 ff')),
    ...['ffff 01', '1234 0102', '1235 0102', '1235 ff02', 'ff'].flatMap((rest) => [of(2, 1, rest), of(3, 2, rest)]),
    of(9, 0, ''),
    of(0, 3, '01'),
    ...Array.from({ length: 12 }, (_, i) => of(i % 4, i % 3, toHex(randomBytes(next, 12)))),
  ],
});
