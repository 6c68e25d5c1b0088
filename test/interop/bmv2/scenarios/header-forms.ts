/** Comparison of headers, unions, and headers of variable length (points 12, 15, 16). */
import { bit, build, header, ParserError, pipeline, same, union, valid, varbit } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), has: bit(8), same: bit(8), valid: bit(8), error: bit(8) });
const Item = header('item_t', { a: bit(8), b: bit(16) });
const Short = header('short_t', { v: bit(8) });
const Long = header('long_t', { v: bit(24) });
const Options = header('options_t', { length: bit(8), data: varbit(64), end: bit(8) });
const errors = ['NoError', 'PacketTooShort', 'HeaderTooShort', 'ParserInvalidArgument'] as const;

const forms = pipeline('forms', {
  headers: {
    order: Order,
    first: Item,
    second: Item,
    either: union('either_t', { short: Short, long: Long }),
    options: Options,
    copy: Options,
  },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p
        .select(hdr.order.has)
        .when(0, 'accept')
        .when(1, 'first')
        .when(2, 'both')
        .when(3, 'short')
        .when(4, 'long')
        .when(5, 'options')
        .when(6, 'second')
        .otherwise('accept');
    },
    first(p, { hdr }) {
      p.extract(hdr.first);
      return p.accept();
    },
    second(p, { hdr }) {
      p.extract(hdr.second);
      return p.accept();
    },
    both(p, { hdr }) {
      p.extract(hdr.first, hdr.second);
      return p.accept();
    },
    short(p, { hdr }) {
      p.extract(hdr.either.short);
      return p.accept();
    },
    long(p, { hdr }) {
      p.extract(hdr.either.long);
      return p.accept();
    },
    options(p, { hdr }) {
      p.extractVar(hdr.options, p.lookahead(bit(8)).as(bit(32)));
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const { order, first, second, either, options, copy } = hdr;
    ctl.apply((c) => {
      c.forward(2);
      for (const [code, error] of errors.entries()) c.if(std.parserError.eq(ParserError[error]), () => c.set(order.error, code));
      const on = (n: number, what: () => void) => c.if(order.order.eq(n), what);
      on(1, () => {
        c.setInvalid(first);
        c.setInvalid(second);
      });
      on(2, () => {
        c.setValid(either.short);
        c.set(either.short.v, 0x77);
      });
      on(3, () => {
        c.setValid(either.long);
        c.set(either.long.v, 0x778899);
      });
      on(4, () => c.setInvalid(either.short));
      on(5, () => {
        c.setValid(either.short);
        c.set(either.short.v, 1);
        c.setValid(either.long);
        c.set(either.long.v, 2);
        c.setInvalid(either.long);
      });
      on(6, () => c.copy(copy, options));
      on(7, () => {
        c.copy(copy, options);
        c.set(options.length, 0x99);
        c.set(copy.end, 0xaa);
      });
      on(8, () => {
        c.setInvalid(options);
        c.setValid(options);
      });
      on(9, () => c.copy(first, second));
      c.if(same(first, second), () => c.set(order.same, 1)).else(() => c.set(order.same, 2));
      c.if(valid(first), () => c.set(order.valid.bits(0, 1), 1));
      c.if(valid(either.short), () => c.set(order.valid.bits(1, 1), 1));
      c.if(valid(either.long), () => c.set(order.valid.bits(2, 1), 1));
      c.if(valid(either), () => c.set(order.valid.bits(3, 1), 1));
      c.if(valid(options), () => c.set(order.valid.bits(4, 1), 1));
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order, hdr.first, hdr.second, hdr.either, hdr.options, hdr.copy);
  },
});

const of = (order: number, has: number, rest = '') =>
  packet(1, Buffer.concat([build(Order, { order, has, same: 0, valid: 0, error: 9 }), Buffer.from(rest.replaceAll(' ', ''), 'hex')]));
const orders = (has: number, rest: string, ...list: number[]) => list.map((order) => of(order, has, rest));

const emptied = 'a varbit field of a header that becomes valid again is as long as before';

export const headerForms = scenario({
  name: 'header-forms',
  pipeline: forms,
  steps: [
    ...orders(0, 'eeee', 0, 2, 3, 4, 5, 6, 9),
    ...orders(1, '01 0203 ee', 0, 1, 9),
    ...orders(6, '01 0203 ee', 0, 1, 9),
    ...orders(2, '01 0203 01 0203 ee', 0, 1, 9),
    ...orders(2, '01 0203 01 0204 ee', 0, 1, 9),
    ...orders(3, 'aa ee', 0, 2, 3, 4, 5),
    ...orders(4, 'aabbcc ee', 0, 2, 3),
    of(4, 4, 'aabbcc ee'),
    ...orders(4, 'aabbcc ee', 5),
    ...orders(5, '00 ff ee', 0, 6, 7, 8),
    ...orders(5, '10 aabb ff ee', 0, 6, 7),
    { ...of(8, 5, '10 aabb ff ee'), differs: emptied },
    ...orders(5, '40 0011223344556677 ff ee', 0, 6, 7),
    { ...of(8, 5, '40 0011223344556677 ff ee'), differs: emptied },
    // More than the field can hold, not whole bytes, and not all there.
    ...orders(5, '48 001122334455667788 ff ee', 0, 6),
    ...orders(5, '0c 0011 ff ee', 0, 6),
    ...orders(5, '10 aa', 0, 6),
    ...orders(5, '', 0),
  ],
});
