/** Stacks of header unions: options of a packet, each of one kind, taken, read, changed, made, copied and emitted in order. */
import { bit, build, header, pipeline, type Ref, stack, union, valid, varbit } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), length: bit(8), found: bit(8), last: bit(8) });
const Pad = header('pad_t', { kind: bit(8) });
const Short = header('short_t', { kind: bit(8), value: bit(8) });
const Long = header('long_t', { kind: bit(8), length: bit(8), data: varbit(64) });
const Option = union('option_t', { pad: Pad, short: Short, long: Long });

let left: Ref<8>;

const options = pipeline('union_stacks', {
  headers: { order: Order, options: stack(Option, 4) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      left = p.let('left', hdr.order.length);
      return p.goto('options');
    },
    options: (p) => p.select(left).when(0, 'accept').otherwise('option'),
    option: (p) =>
      p
        .select(p.lookahead(bit(8)))
        .when(0, 'pad')
        .when(1, 'short')
        .otherwise('long'),
    pad(p, { hdr }) {
      p.extract(hdr.options.next.pad);
      p.set(hdr.order.last, hdr.options.last.short.value.add(hdr.options.last.pad.kind));
      p.set(left, left.sub(1));
      return p.goto('options');
    },
    short(p, { hdr }) {
      p.extract(hdr.options.next.short);
      p.set(hdr.order.last, hdr.options.last.short.value);
      p.set(left, left.sub(2));
      return p.goto('options');
    },
    long(p, { hdr }) {
      const length = p.let('length', p.lookahead(bit(16)).bits(0, 8));
      p.extractVar(hdr.options.next.long, length.as(bit(32)).shl(3));
      p.if(hdr.options.last.long.length.gt(2), () => p.set(hdr.order.last, hdr.options.last.long.kind));
      p.set(left, left.sub(length).sub(2));
      return p.goto('options');
    },
  },
  ingress(ctl, { hdr }) {
    const { order, options } = hdr;
    const all = [0, 1, 2, 3].map((i) => options.at(i));
    const [first, second, third] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
    ctl.apply((c) => {
      c.forward(2);
      for (const [i, option] of all.entries()) {
        c.if(valid(option.short), () => c.set(order.found, order.found.or(1 << i)));
        c.if(valid(option), () => c.set(order.found, order.found.or(0x10 << i)));
      }
      c.if(order.order.eq(1), () => {
        for (const { short } of all) c.if(valid(short), () => c.set(short.value, short.value.add(1)));
      });
      // Another member takes the place of the one that was valid.
      c.if(order.order.eq(2), () => {
        c.setValid(second.short);
        c.set(second.short.kind, 1);
        c.set(second.short.value, 0xee);
      });
      c.if(order.order.eq(3), () => c.copy(first, second));
      c.if(order.order.eq(4), () => c.copy(third.short, first.short));
      c.if(order.order.eq(5).and(valid(first.pad)), () => c.setInvalid(first.pad));
      c.if(order.order.eq(6).and(valid(first.long)), () => c.setInvalid(first.long));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.order, hdr.options),
});

const of = (order: number, length: number, rest: string) =>
  packet(1, Buffer.concat([build(Order, { order, length, found: 0, last: 0xdd }), Buffer.from(rest.replaceAll(' ', ''), 'hex')]));

export const unionStacks = scenario({
  name: 'union-stacks',
  pipeline: options,
  steps: [
    of(0, 0, 'dead'),
    of(0, 3, '00 0155 dead'),
    of(0, 5, '0203aabbcc dead'),
    of(0, 4, '00000000'),
    // A fifth does not fit, nor does a longer one than 8 bytes.
    of(0, 5, '0000000000'),
    of(0, 11, '0209010203040506070809'),
    of(0, 5, '0203aa'),
    of(1, 8, '0155 00 0166 0201ff dead'),
    of(2, 8, '0155 00 0166 0201ff dead'),
    of(2, 1, '00'),
    of(3, 8, '0155 00 0166 0201ff dead'),
    of(3, 5, '00 0202ffee dead'),
    of(3, 2, '0155'),
    of(4, 8, '0155 00 0166 0201ff dead'),
    of(4, 2, '0155'),
    of(4, 4, '00 0155 00'),
    of(5, 3, '00 0155'),
    of(6, 5, '0201aa 0155'),
  ],
});
