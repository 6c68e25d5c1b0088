/** Entries and default actions that the program declares, and what a controller changes of them (points 40 and 44). */
import { type Action, bit, build, exact, header, lpm, pipeline, range, ternary } from 'p4ts';
import { P4RuntimeError } from '../../../../runtime/client/errors.js';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', {
  a: bit(8),
  b: bit(16),
  fixed: bit(8),
  ordered: bit(8),
  ranked: bit(8),
  initial: bit(8),
  plain: bit(8),
  prefix: bit(8),
});

type Mark = Action<string, { readonly value: ReturnType<typeof bit<8>> }>;

const declared = pipeline('declared', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { order } = hdr;
    const results = ['fixed', 'ordered', 'ranked', 'initial', 'plain', 'prefix'] as const;
    const [fixed, ordered, ranked, initial, plain, prefix] = results.map((name) =>
      ctl.action(`set_${name}`, { value: bit(8) }, (c, args) => c.set(order[name], args.value)),
    ) as [Mark, Mark, Mark, Mark, Mark, Mark];
    const fixedTable = ctl.table('fixed', {
      key: { a: exact(order.a) },
      actions: [fixed],
      default: fixed({ value: 0xee }),
      entries: [
        { match: { a: 1 }, action: fixed({ value: 1 }) },
        { match: { a: 2 }, action: fixed({ value: 2 }) },
      ],
      constEntries: true,
    });
    const orderedTable = ctl.table('ordered', {
      key: { a: ternary(order.a), b: range(order.b) },
      actions: [ordered],
      entries: [
        { match: { a: 1, b: { low: 10, high: 0x8001 } }, priority: 30, action: ordered({ value: 1 }) },
        { match: { a: { value: 0, mask: 0xfe } }, priority: 20, action: ordered({ value: 2 }) },
        { match: { b: { low: 0, high: 20 } }, priority: 10, action: ordered({ value: 3 }) },
      ],
      constEntries: true,
    });
    const rankedTable = ctl.table('ranked', {
      key: { a: ternary(order.a) },
      actions: [ranked],
      entries: [
        { match: { a: { value: 0, mask: 0xf0 } }, priority: 10, action: ranked({ value: 1 }) },
        { match: { a: 3 }, priority: 20, action: ranked({ value: 2 }) },
      ],
      constEntries: true,
    });
    const prefixTable = ctl.table('prefixes', {
      key: { b: lpm(order.b) },
      actions: [prefix],
      entries: [
        { match: { b: { value: 0, prefix: 0 } }, action: prefix({ value: 1 }) },
        { match: { b: { value: 0x1200, prefix: 8 } }, action: prefix({ value: 2 }) },
        { match: { b: { value: 0x1230, prefix: 12 } }, action: prefix({ value: 3 }) },
      ],
      constEntries: true,
    });
    const initialTable = ctl.table('initial', {
      key: { a: exact(order.a) },
      actions: [initial],
      entries: [{ match: { a: 1 }, action: initial({ value: 1 }) }],
      size: 8,
    });
    const plainTable = ctl.table('plain', { key: { a: exact(order.a) }, actions: [plain], default: plain({ value: 7 }) });
    ctl.apply((c) => {
      c.forward(2);
      for (const table of [fixedTable, orderedTable, rankedTable, prefixTable, initialTable, plainTable]) c.apply(table);
    });
    return { fixedTable, initialTable, plainTable, fixed, initial, plain };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const { fixedTable, initialTable, plainTable, fixed, initial, plain } = declared.ingress;
const of = (a: number, b: number) => packet(1, build(Order, { a, b, fixed: 0, ordered: 0, ranked: 0, initial: 0, plain: 0, prefix: 0 }));
const codeOf = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'OK',
    (error) => {
      if (!(error instanceof P4RuntimeError)) throw error;
      return error.code;
    },
  );
const codes = 'constant entries are refused, with other codes';
const full = 'p4c lets no controller change a table with entries of its own';

export const declaredEntries = scenario({
  name: 'declared-entries',
  pipeline: declared,
  steps: [
    ...[0, 1, 2, 4, 0x10].flatMap((a) => [5, 9, 10, 20, 21, 0x1234, 0x1244, 0x8001, 0x8002, 0xffff].map((b) => of(a, b))),
    of(3, 0),
    { control: (sw) => all(sw.table(fixedTable).entries()) },
    { control: (sw) => codeOf(all(sw.table(initialTable).entries())), differs: 'it does not read them either' },
    { control: (sw) => codeOf(sw.table(fixedTable).insert({ match: { a: 9 }, action: fixed({ value: 9 }) })), differs: codes },
    { control: (sw) => codeOf(sw.table(fixedTable).delete({ match: { a: 1 } })), differs: codes },
    { control: (sw) => codeOf(sw.table(initialTable).insert({ match: { a: 9 }, action: initial({ value: 9 }) })), differs: full },
    { ...of(9, 0), differs: full },
    { control: (sw) => codeOf(sw.table(initialTable).modify({ match: { a: 1 }, action: initial({ value: 8 }) })), differs: full },
    { ...of(1, 0), differs: full },
    { control: (sw) => sw.table(plainTable).getDefault() },
    { control: (sw) => sw.table(plainTable).setDefault(plain({ value: 0x44 })) },
    of(5, 0),
    { control: (sw) => sw.table(plainTable).getDefault() },
    { control: (sw) => sw.table(plainTable).setDefault() },
    of(5, 0),
    { control: (sw) => sw.table(plainTable).getDefault() },
  ],
});
