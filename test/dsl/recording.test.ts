/** What pipelines record: read against the dump of the IR. */
import { bit, bool, concat, enumeration, exact, header, ipv4, lpm, mac, mux, pipeline, port, range, stack, ternary, valid } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Body, Headers, Meta } from '../../compiler/dsl/surface.js';
import type { ActionDecl, ControlDecl, TableDecl } from '../../compiler/ir/index.js';
import { printBlock, printProgram } from '../../compiler/ir/print.js';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });
const headers = { ethernet: Ethernet, labels: stack(Label, 4) };
const metadata = { a: bit(8), b: bit(8), wide: bit(32), flag: bool };

type View = { hdr: Headers<typeof headers>; meta: Meta<typeof metadata> };

/** The statements that `body` records in ingress. */
function recorded(body: (c: Body, v: View) => void): string {
  const program = pipeline('p', {
    headers,
    metadata,
    parser: { start: (p) => p.accept() },
    ingress(ctl, v) {
      ctl.apply((c) => body(c, v));
    },
    deparser() {},
  });
  const { ir, diagnostics } = descriptor(program);
  expect(diagnostics).toEqual([]);
  return printBlock(ingressOf(ir).body);
}

const descriptor = (program: object) => {
  const found = programOf(program);
  if (!found) throw new Error('not a pipeline');
  return found;
};
const ingressOf = (ir: { controls: readonly ControlDecl[] }) => ir.controls.find((c) => c.name === 'ingress') as ControlDecl;

describe('expressions', () => {
  test('arithmetic, comparison and slices carry the width of what they are made of', () => {
    expect(
      recorded((c, { meta }) => {
        c.set(meta.a, meta.a.add(1).and(meta.b).xor(0xff).not());
        c.set(meta.b, meta.a.satAdd(meta.b).satSub(3).shl(2).shr(meta.a));
        c.set(meta.a.bits(4, 4), meta.wide.bits(28, 4));
        c.set(meta.wide, concat(bit(32), meta.a, meta.b, meta.wide.bits(0, 16)));
        c.set(meta.wide, mux(meta.a.lt(3), 7, meta.a.as(bit(32))));
        c.set(meta.flag, meta.a.ge(meta.b).or(meta.flag).and(meta.b.ne(0).not()));
      }),
    ).toMatchInlineSnapshot(`
      "meta.a = ~(((meta.a + 8w1) & meta.b) ^ 8w255)
      meta.b = (((meta.a |+| meta.b) |-| 8w3) << 2) >> meta.a
      meta.a[7:4] = meta.wide[31:28]
      meta.wide = (meta.a ++ meta.b) ++ meta.wide[15:0]
      meta.wide = (meta.a < 8w3) ? 32w7 : ((bit<32>) meta.a)
      meta.flag = ((meta.a >= meta.b) || meta.flag) && !(meta.b != 8w0)"
    `);
  });

  test('an enum member is a constant of the enum', () => {
    const Kind = enumeration('Kind', bit(8), { a: 1, b: 2 });
    const program = pipeline('p', {
      headers: { h: header('h_t', { kind: Kind }) },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.h);
          return p.select(hdr.h.kind).when(Kind.a, 'other').otherwise('accept');
        },
        other: (p) => p.goto('reject'),
      },
      ingress(ctl, { hdr }) {
        ctl.apply((c) => {
          c.if(hdr.h.kind.eq(Kind.b), () => c.set(hdr.h.kind, Kind.a));
        });
      },
      deparser() {},
    });
    const dump = printProgram(descriptor(program).ir);
    expect(dump).toContain('hdr.h.kind == Kind.b');
    expect(dump).toMatch(/Kind\.a.*other/);
  });
});

describe('statements', () => {
  test('only what the condition of an elseif does is taken into its branch', () => {
    expect(
      recorded((c, { meta }) => {
        const chain = c.if(meta.flag, () => c.set(meta.a, 1));
        c.set(meta.b, 2);
        chain.elseif(c.let('half', meta.a.shr(1)).eq(3), () => c.set(meta.a, 3));
      }),
    ).toMatchInlineSnapshot(`
      "if (meta.flag) {
        meta.a = 8w1
      }
      else {
        var bit<8> half = meta.a >> 1
        if (half == 8w3) {
          meta.a = 8w3
        }
      }
      meta.b = 8w2"
    `);
  });

  test('an expression that the table in the condition of an elseif makes stale is told', () => {
    const program = pipeline('p', {
      headers,
      metadata,
      parser: { start: (p) => p.accept() },
      ingress(ctl, { meta }) {
        const mark = ctl.action('mark', {}, (c) => c.set(meta.b, 1));
        const marks = ctl.table('marks', { key: { a: exact(meta.a) }, actions: [mark] });
        ctl.apply((c) => {
          const sum = meta.b.add(1);
          c.if(meta.flag, () => c.set(meta.b, 4)).elseif(c.apply(marks).hit, () => c.set(meta.a, sum));
        });
      },
      deparser() {},
    });
    expect(descriptor(program).diagnostics.map(({ code }) => code)).toEqual(['stale-expression']);
  });

  test('if chains nest', () => {
    expect(
      recorded((c, { hdr, meta }) => {
        c.if(valid(hdr.ethernet), () => c.set(meta.a, 1))
          .elseif(meta.flag, () => c.set(meta.a, 2))
          .else(() => c.exit());
        c.push(hdr.labels, 1);
        c.setInvalid(hdr.labels.at(0));
        const old = c.let('old', meta.a);
        c.set(meta.b, old);
        c.copy(hdr.labels.at(1), hdr.labels.at(2));
      }),
    ).toMatchInlineSnapshot(`
      "if (valid(hdr.ethernet)) {
        meta.a = 8w1
      }
      else {
        if (meta.flag) {
          meta.a = 8w2
        }
        else {
          exit
        }
      }
      hdr.labels.push_front(1)
      hdr.labels[0].setInvalid()
      var bit<8> old = meta.a
      meta.b = old
      hdr.labels[1] = hdr.labels[2]"
    `);
  });
});

describe('tables', () => {
  const program = pipeline('tables', {
    headers,
    metadata: { ...metadata, ip: ipv4 },
    blocks: { ingress: 'MyIngress' },
    parser: { start: (p) => p.accept() },
    ingress(ctl, { hdr, meta, std }) {
      // Gives up.
      const drop = ctl.action('drop', {}, (c) => c.drop());
      const send = ctl.action('send', { port, dst: mac }, (c, args) => {
        c.forward(args.port);
        c.set(hdr.ethernet.dst, args.dst);
      });
      /**
       * Where addresses lead.
       * In two lines.
       */
      const routes = ctl.table('routes', {
        key: { dst: lpm(meta.ip), port: exact(std.ingressPort) },
        actions: [send, drop],
        default: send({ port: 3, dst: '02:00:00:00:00:01' }),
        size: 512,
        counter: 'both',
      });
      const acl = ctl.table('acl', { key: { a: ternary(meta.a), b: range(meta.b) }, actions: [drop] });
      ctl.apply((c) => {
        c.if(c.apply(acl).miss, () => c.apply(routes));
        const second = c.apply(ctl.table('second', { key: { a: exact(meta.a) }, actions: [send, drop] }));
        c.set(meta.a, 1);
        c.if(second.hit.and(meta.flag), () => c.set(meta.b, 1));
        c.switch(c.apply(ctl.table('third', { key: { a: exact(meta.a) }, actions: [send, drop] })))
          .case(send, () => c.set(meta.b, 2))
          .default(() => c.exit());
      });
      return { routes };
    },
    deparser() {},
  });
  const control = descriptor(program).ir.controls.find((c) => c.name === 'MyIngress') as ControlDecl;
  const local = <K extends 'action' | 'table'>(kind: K, name: string) =>
    control.locals.find((l) => l.kind === kind && l.name === name) as K extends 'action' ? ActionDecl : TableDecl;

  test('hit, miss and the action that ran stay with the apply where they follow on it, and become a variable elsewhere', () => {
    expect(printBlock(control.body)).toMatchInlineSnapshot(`
      "apply acl
        miss {
          apply routes
        }
      var bool second_hit
      apply second
        hit {
          second_hit = true
        }
        miss {
          second_hit = false
        }
      meta.a = 8w1
      if (second_hit && meta.flag) {
        meta.b = 8w1
      }
      apply third
        case send {
          meta.b = 8w2
        }
        case default {
          exit
        }"
    `);
  });

  test('comments above declarations are kept, without their marks', () => {
    expect(local('action', 'drop').doc).toBe('Gives up.');
    expect(local('table', 'routes').doc).toBe('Where addresses lead.\nIn two lines.');
  });

  test('keys and parameters keep the format in which people write them', () => {
    expect(local('table', 'routes').keys.map((key) => [key.name, key.match, key.format])).toEqual([
      ['dst', 'lpm', 'ipv4'],
      ['port', 'exact', undefined],
    ]);
    expect(local('action', 'send').params.map((param) => [param.name, param.format])).toEqual([
      ['port', 'port'],
      ['dst', 'mac'],
    ]);
  });

  test('values of the default action are read as people write them', () => {
    expect(local('table', 'routes').defaultAction?.args.map((arg) => arg.kind === 'const' && arg.value)).toEqual([3n, 0x020000000001n]);
  });

  test('each declaration knows its line', () => {
    const { loc } = local('table', 'acl');
    expect(loc.file).toBe(import.meta.filename);
    expect(loc.column).toBeGreaterThan(1);
    expect(local('action', 'send').loc.line).toBe(local('action', 'drop').loc.line + 1);
  });
});

test('the headers that carry the metadata of the controller are filled up to whole bytes', () => {
  const program = pipeline('p', {
    headers,
    packetIn: { ingressPort: port, reason: bit(3) },
    packetOut: { egressPort: port },
    parser: { start: (p) => p.accept() },
    ingress(ctl, { std, packetOut }) {
      ctl.apply((c) => {
        c.if(packetOut.present, () => c.forward(packetOut.egressPort)).else(() =>
          c.toController({ ingressPort: std.ingressPort, reason: 5 }),
        );
      });
    },
    deparser() {},
  });
  const { ir, diagnostics } = descriptor(program);
  expect(diagnostics).toEqual([]);
  const dump = printProgram(ir);
  expect(dump).toMatch(/header packet_in_t/);
  const packetIn = ir.types.find((type) => type.name === 'packet_in_t');
  expect(packetIn?.kind === 'header' && packetIn.fields.map((f) => [f.name, f.type.kind === 'bit' && f.type.width])).toEqual([
    ['ingressPort', 9],
    ['reason', 3],
    ['_padding', 4],
  ]);
  expect(printBlock(ingressOf(ir).body)).toMatchInlineSnapshot(`
    "if (valid(hdr.packet_out)) {
      forward(hdr.packet_out.egressPort)
    }
    else {
      to_controller(std.ingressPort, 3w5)
    }"
  `);
});

test('a pipeline is frozen', () => {
  const program = pipeline('p', { headers, parser: { start: (p) => p.accept() }, ingress() {}, deparser() {} });
  expect(Object.isFrozen(program)).toBe(true);
  expect(Object.isFrozen(descriptor(program).ir.controls[0]?.body)).toBe(true);
});
