/** What the services of `c`, the declarations of `ctl` and the parser record: read against the dump of the IR. */
import {
  bit,
  bmv2,
  bool,
  Color,
  constant,
  enumeration,
  exact,
  header,
  inout,
  int,
  ipv4,
  lpm,
  mac,
  parserError,
  pipeline,
  port,
  same,
  stack,
  struct,
  tableOnly,
  ternary,
  tuple,
  union,
  valid,
  valueSet,
  varbit,
} from 'p4ts';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Ctl, Headers, IngressBody, Meta, PipelineOptions } from '../../compiler/dsl/surface.js';
import type { ControlDecl, Program, TableDecl } from '../../compiler/ir/index.js';
import { printBlock, printProgram } from '../../compiler/ir/print.js';
import { renderDiagnostics } from '../../compiler/support/diagnostics.js';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ipv4 = header('ipv4_t', { ttl: bit(8), checksum: bit(16), src: ipv4, dst: ipv4, pad: bit(8) });
const headers = { ethernet: Ethernet, ipv4: Ipv4 };
const metadata = { flow: bit(32), small: bit(8), flag: bool, number: int(16) };
interface View {
  hdr: Headers<typeof headers>;
  meta: Meta<typeof metadata>;
}

function irOf(program: object): Program {
  const found = programOf(program);
  expect(renderDiagnostics(found?.diagnostics ?? [])).toBe('');
  return found?.ir as Program;
}
const controlOf = (ir: Program, name = 'ingress') => ir.controls.find((c) => c.name === name) as ControlDecl;

/** The control that `declare` makes of ingress. */
function ingress(declare: (ctl: Ctl<IngressBody>, v: View) => void): { control: ControlDecl; ir: Program } {
  const ir = irOf(
    pipeline('p', {
      headers,
      metadata,
      parser: { start: (p) => p.accept() },
      ingress: (ctl, v) => declare(ctl as never, v),
      deparser() {},
    }),
  );
  return { control: controlOf(ir), ir };
}
const body = (declare: (ctl: Ctl<IngressBody>, v: View, apply: (f: (c: IngressBody) => void) => void) => void) =>
  printBlock(ingress((ctl, v) => declare(ctl, v, (f) => ctl.apply(f as never))).control.body);

describe('state', () => {
  test('a register of one number is updated by a function given at the call', () => {
    expect(
      body((ctl, { meta }, apply) => {
        const seen = ctl.register('seen', bit(32), 16);
        apply((c) => {
          const before = c.update(seen, meta.flow, (v) => ({ next: v.add(1), result: v }));
          c.set(meta.flow, before);
          c.update(seen, 3, () => ({ next: 0 }));
        });
      }),
    ).toMatchInlineSnapshot(`
      "var bit<32> seen_result
      seen_result = seen.update(meta.flow) {
        result = cell
        cell = cell + 32w1
      }
      meta.flow = seen_result
      seen.update(32w3) {
        cell = 32w0
      }"
    `);
  });

  test('a register of several fields computes all of them from the cell as it was', () => {
    const { control, ir } = ingress((ctl, { meta }) => {
      const flows = ctl.register('flows', { packets: bit(32), last: bit(16) }, 16);
      ctl.apply((c) => {
        c.update(flows, meta.flow, (cell) => ({ next: { packets: cell.packets.add(1), last: cell.packets.bits(0, 16) } }));
      });
    });
    expect(printBlock(control.body)).toMatchInlineSnapshot(`
      "flows.update(meta.flow) {
        var bit<32> next_packets = cell.packets + 32w1
        var bit<16> next_last = cell.packets[15:0]
        cell.packets = next_packets
        cell.last = next_last
      }"
    `);
    expect(ir.types.find((t) => t.name === 'flows_cell_t')).toMatchObject({
      kind: 'struct',
      fields: [{ name: 'packets' }, { name: 'last' }],
    });
  });

  test('meters give colours, digests are structs named by the user', () => {
    expect(
      body((ctl, { hdr, meta }, apply) => {
        const rate = ctl.meter('rate', { size: 8, unit: 'bytes' });
        const learn = ctl.digest('learn_t', { src: mac, port });
        apply((c) => {
          c.if(c.meter(rate, meta.flow).eq(Color.red), () => c.drop());
          c.digest(learn, { src: hdr.ethernet.src, port: 3 });
        });
      }),
    ).toMatchInlineSnapshot(`
      "var MeterColor color
      rate.execute(meta.flow, color)
      if (color == MeterColor.red) {
        drop()
      }
      digest({ src = hdr.ethernet.src, port = 9w3 })"
    `);
  });
});

describe('values', () => {
  test('hash, random and the incremental checksum', () => {
    expect(
      body((_ctl, { hdr, meta }, apply) =>
        apply((c) => {
          c.set(meta.flow, c.hash('crc32', bit(32), [hdr.ipv4.src, hdr.ipv4.dst], { base: 5, max: 1024 }));
          c.set(meta.small, c.random(bit(8), 1, 6));
          c.updateChecksumBy(hdr.ipv4.checksum, [[hdr.ipv4.src, 0x0a000001]]);
        }),
      ),
    ).toMatchInlineSnapshot(`
      "var bit<32> hash_value
      hash(hash_value, HashAlgorithm.crc32, 32w5, { hdr.ipv4.src, hdr.ipv4.dst }, 33w1024)
      meta.flow = hash_value
      var bit<8> random_value
      random(random_value, 8w1, 8w6)
      meta.small = random_value
      var bit<32> sum = (((((bit<32>) ~hdr.ipv4.checksum) + ((bit<32>) ~hdr.ipv4.src[15:0])) + ((bit<32>) 32w167772161[15:0])) + ((bit<32>) ~hdr.ipv4.src[31:16])) + ((bit<32>) 32w167772161[31:16])
      var bit<32> sum_2 = ((bit<32>) sum[15:0]) + ((bit<32>) sum[31:16])
      hdr.ipv4.checksum = ~(sum_2[15:0] + sum_2[31:16])"
    `);
  });

  test('signed numbers, conversions, constants and switches on values', () => {
    const Limit = constant('LIMIT', bit(8), 9);
    const { control, ir } = ingress((ctl, { meta }) => {
      ctl.apply((c) => {
        c.set(meta.number, meta.number.neg().add(-3).shr(1));
        c.if(meta.number.lt(-1), () => c.set(meta.small, meta.flag.as(bit(1)).as(bit(8))));
        c.set(meta.small, Limit);
        c.switch(meta.small)
          .case([1, 2], () => c.exit())
          .case(3, () => c.return())
          .default(() => c.set(meta.flag, meta.small.bits(0, 1).asBool()));
      });
    });
    expect(printBlock(control.body)).toMatchInlineSnapshot(`
      "meta.number = (-meta.number + 16s-3) >> 1
      if (meta.number < 16s-1) {
        meta.small = (bit<8>) ((bit<1>) meta.flag)
      }
      meta.small = LIMIT
      switch (meta.small) {
        case 8w1 8w2 {
          exit
        }
        case 8w3 {
          return
        }
        case default {
          meta.flag = (bool) meta.small[0:0]
        }
      }"
    `);
    expect(ir.constants.map((c) => c.name)).toEqual(['LIMIT']);
  });
});

describe('the way of the packet', () => {
  test('mirror, recirculate and resubmit name what survives; target parts stand beside one another', () => {
    expect(
      body((_ctl, { meta }, apply) =>
        apply((c) => {
          c.mirror(5, { keep: [meta.flow, meta.small] });
          c.recirculate();
          c.on(bmv2, (b) => b.truncate(128)).otherwise(() => c.drop());
          c.log('flow {} of {}', meta.flow, meta.small);
          c.if(meta.flag, () => c.resubmit({ keep: [meta.flow] }));
        }),
      ),
    ).toMatchInlineSnapshot(`
      "mirror(10w5, { meta.flow, meta.small })
      recirculate({  })
      on bmv2 {
        truncate(32w128)
      }
      otherwise {
        drop()
      }
      log("flow {} of {}", { meta.flow, meta.small })
      if (meta.flag) {
        resubmit({ meta.flow })
      }"
    `);
  });
});

describe('declarations', () => {
  test('scopes give the control plane dotted names', () => {
    const { control } = ingress((ctl, { meta }) => {
      const scope = ctl.scope('tenants');
      const deny = scope.action('deny', {}, (c) => c.drop());
      const list = scope.table('list', { key: { flow: exact(meta.flow) }, actions: [deny], default: deny() });
      ctl.apply((c) => void c.apply(list));
    });
    expect(control.locals.map((l) => [l.name, l.annotations])).toEqual([
      ['tenants_deny', [{ name: 'name', body: '"tenants.deny"' }]],
      ['tenants_list', [{ name: 'name', body: '"tenants.list"' }]],
    ]);
    expect(printBlock(control.body)).toBe('apply tenants_list');
  });

  test('a control inside a control is an instance of its own', () => {
    const { control, ir } = ingress((ctl, { meta }) => {
      const guard = ctl.control('guard', (inner) => {
        const deny = inner.action('deny', {}, (c) => c.drop());
        const list = inner.table('list', { key: { flow: exact(meta.flow) }, actions: [deny] });
        inner.apply((c) => void c.apply(list));
        return { list };
      });
      ctl.apply((c) => c.apply(guard));
    });
    expect(printBlock(control.body)).toBe('guard.apply(hdr, meta, std)');
    expect(printBlock(controlOf(ir, 'ingress_guard').body)).toBe('apply list');
  });

  test('entries, directed parameters, selectors and annotations', () => {
    const { control } = ingress((ctl, { hdr, meta }) => {
      const bump = ctl.action('bump', { total: inout(bit(8)), by: bit(8) }, (c, a) => c.set(a.total, a.total.add(a.by)));
      const drop = ctl.action('drop', {}, (c) => c.drop(), { annotations: { hidden: true } });
      const send = ctl.action('send', { port }, (c, a) => c.forward(a.port));
      const ecmp = ctl.selector('ecmp', { size: 64, maxGroup: 8, hash: 'crc16', over: [hdr.ipv4.src] });
      const groups = ctl.table('groups', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [send], implementation: ecmp });
      const rules = ctl.table('rules', {
        key: { dst: lpm(hdr.ipv4.dst), small: exact(meta.small) },
        actions: [tableOnly(send), drop],
        default: drop(),
        entries: [{ match: { dst: '10.0.0.0/8', small: 4 }, action: send({ port: 1 }) }],
        constEntries: true,
      });
      const ranked = ctl.table('ranked', {
        key: { small: ternary(meta.small) },
        actions: [drop],
        entries: [
          { match: { small: { value: 1, mask: 3 } }, priority: 5, action: drop() },
          { match: {}, priority: 1, action: drop() },
        ],
      });
      ctl.apply((c) => {
        c.call(bump, { total: meta.small, by: 2 });
        c.apply(groups);
        c.apply(rules);
        c.apply(ranked);
      });
    });
    const table = (name: string) => control.locals.find((l): l is TableDecl => l.kind === 'table' && l.name === name);
    expect(table('groups')?.keys.map((k) => [k.name, k.match])).toEqual([
      ['dst', 'lpm'],
      ['ecmp_0', 'selector'],
    ]);
    expect(table('rules')?.actions.map((a) => [a.action, a.scope])).toEqual([
      ['send', 'tableonly'],
      ['drop', undefined],
    ]);
    expect(table('rules')?.entries?.[0]?.keys).toMatchObject([
      { kind: 'mask', value: { value: 0x0a000000n }, mask: { value: 0xff000000n } },
      { kind: 'value', value: { value: 4n } },
    ]);
    expect(table('ranked')?.entries?.map((e) => [e.priority, e.keys[0]?.kind])).toEqual([
      [5, 'mask'],
      [1, 'any'],
    ]);
    expect(control.locals.find((l) => l.name === 'drop')?.annotations).toEqual([{ name: 'hidden' }]);
    expect(printBlock(control.body).split('\n')[0]).toBe('action bump(meta.small, 8w2)');
  });

  test('functions of the program', () => {
    const { control, ir } = ingress((ctl, { meta }) => {
      const larger = ctl.function('larger', { a: bit(8), b: bit(8) }, bit(8), (c, { a, b }) => {
        const best = c.let('best', a);
        c.if(b.gt(best), () => c.set(best, b));
        return best;
      });
      ctl.apply((c) => c.set(meta.small, c.invoke(larger, { a: meta.small, b: 7 })));
    });
    expect(printBlock(control.body)).toMatchInlineSnapshot(`
      "var bit<8> larger_result
      larger_result = larger(meta.small, 8w7)
      meta.small = larger_result"
    `);
    expect(printBlock(ir.functions[0]?.body ?? [])).toMatchInlineSnapshot(`
      "var bit<8> best = a
      if (b > best) {
        best = b
      }
      return best"
    `);
  });
});

describe('parser and types', () => {
  const Options = header('options_t', { kind: bit(8), data: varbit(320) });
  const L3 = union('l3_t', { v4: Ipv4, v6: header('ipv6_t', { hopLimit: bit(8) }) });
  const Kind = enumeration('Kind', ['first', 'second']);
  const Inner = struct('inner_t', { a: bit(8), kind: Kind });
  const BadVersion = parserError('BadVersion');
  const options = {
    headers: { ethernet: Ethernet, l3: L3, options: Options, labels: stack(Ethernet, 2) },
    metadata: { inner: Inner, pair: tuple(bit(8), bit(16)) },
    valueSets: { known: valueSet(bit(16), 4) },
  } as const satisfies Partial<PipelineOptions<any, any, any, any, any, any, any, any>>;
  const program = pipeline('parsing', {
    ...options,
    subparsers: {
      labels: {
        start(p, { hdr }) {
          p.extract(hdr.labels.next);
          return p.select(hdr.labels.last.etherType).when(1, 'start').otherwise('accept');
        },
      },
    },
    parser: {
      start(p, { hdr, sets }) {
        const ahead = p.lookahead(Ethernet);
        p.verify(ahead.etherType.ne(0), BadVersion);
        p.extract(hdr.ethernet);
        p.call('labels');
        return p.select(hdr.ethernet.etherType).when(sets.known, 'l3').when({ value: 0x800, mask: 0xff00 }, 'l3').otherwise('accept');
      },
      l3(p, { hdr, meta }) {
        p.extract(hdr.l3.v4);
        p.extractVar(hdr.options, p.lookahead(bit(8)).as(bit(32)));
        p.set(meta.inner.a, 1);
        p.set(meta.inner.a, meta.pair.at(0));
        return p.accept();
      },
    },
    ingress(ctl, { hdr, meta, std }) {
      ctl.apply((c) => {
        c.set(meta.inner.kind, Kind.second);
        c.if(std.parserError.eq(BadVersion), () => c.drop());
        c.if(valid(hdr.l3).and(same(hdr.labels.at(0), hdr.labels.at(1))), () => c.forward(1));
      });
    },
    deparser(d, { hdr }) {
      d.updateChecksum(hdr.l3.v4.checksum, [hdr.l3.v4.src], { when: valid(hdr.l3.v4), payload: true });
      d.emit(hdr.ethernet, hdr.labels, hdr.l3);
    },
  });

  test('everything that a parser can say, and every kind of type', () => {
    expect(printProgram(irOf(program))).toMatchInlineSnapshot(`
      "program parsing arch=portable
      header ethernet_t {
        bit<48> dst
        bit<48> src
        bit<16> etherType
      }
      header ipv4_t {
        bit<8> ttl
        bit<16> checksum
        bit<32> src
        bit<32> dst
        bit<8> pad
      }
      header ipv6_t {
        bit<8> hopLimit
      }
      header_union l3_t {
        ipv4_t v4
        ipv6_t v6
      }
      header options_t {
        bit<8> kind
        varbit<320> data
      }
      enum Kind { first second }
      struct inner_t {
        bit<8> a
        Kind kind
      }
      struct headers_t {
        ethernet_t ethernet
        l3_t l3
        options_t options
        ethernet_t[2] labels
      }
      struct metadata_t {
        inner_t inner
        tuple<bit<8>, bit<16>> pair
      }
      error { BadVersion }
      parser labels(packet_in packet, inout headers_t hdr, inout metadata_t meta, in ParserStd std) {
        state start {
          packet.extract(hdr.labels.next)
          select (hdr.labels.last.etherType) {
            16w1 -> start
            _ -> accept
          }
        }
      }
      parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, in ParserStd std) {
        value_set<bit<16>>(4) known
        labels() labels_parser
        state start {
          verify(packet.lookahead<ethernet_t>().etherType != 16w0, error.BadVersion)
          packet.extract(hdr.ethernet)
          labels_parser.apply(packet, hdr, meta, std)
          select (hdr.ethernet.etherType) {
            set known -> l3
            16w2048 &&& 16w65280 -> l3
            _ -> accept
          }
        }
        state l3 {
          packet.extract(hdr.l3.v4)
          packet.extract(hdr.options, (bit<32>) packet.lookahead<bit<8>>())
          meta.inner.a = 8w1
          meta.inner.a = meta.pair[0]
          -> accept
        }
      }
      control ingress(inout headers_t hdr, inout metadata_t meta, in IngressStd std) {
        apply {
          meta.inner.kind = Kind.second
          if (std.parserError == error.BadVersion) {
            drop()
          }
          if (valid(hdr.l3) && (hdr.labels[0] == hdr.labels[1])) {
            forward(9w1)
          }
        }
      }
      control egress(inout headers_t hdr, inout metadata_t meta, in EgressStd std) {
        apply {}
      }
      control deparse(packet_out packet, inout headers_t hdr, in metadata_t meta) {
        apply {
          update_checksum_with_payload(valid(hdr.l3.v4), { hdr.l3.v4.src }, hdr.l3.v4.checksum)
          packet.emit(hdr.ethernet)
          packet.emit(hdr.labels)
          packet.emit(hdr.l3)
        }
      }
      main Pipeline(parse, ingress, egress, deparse)"
    `);
  });
});
