/** Names that tsc would refuse, in pipelines that it did not see: what is undefined has the name of what is missing. */
import { bit, exact, pipeline, valid } from 'p4ts';
import { Ethernet, Ipv4 } from 'p4ts/headers';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';

type Any = any;
interface Parts {
  start?: (p: Any, v: Any) => unknown;
  body?: (c: Any, v: Any, ctl: Any) => void;
  declare?: (ctl: Any, v: Any) => void;
  egress?: (c: Any, v: Any) => void;
  emit?: (d: Any, v: Any) => void;
}

/** The errors of a pipeline that has these parts, each as its code, its sentence and its help. */
function errors({ start, body = (c) => c.drop(), declare, egress = () => {}, emit = (d, { hdr }) => d.emit(hdr.ethernet) }: Parts) {
  const made = pipeline('p', {
    headers: { ethernet: Ethernet, ipv4: Ipv4 },
    metadata: { nextHop: bit(16) },
    parser: { start: (start ?? ((p: Any) => p.accept())) as never },
    ingress(ctl, v) {
      declare?.(ctl, v);
      ctl.apply((c) => body(c, v, ctl));
    },
    egress: (ctl, v) => ctl.apply((c) => egress(c, v)),
    deparser: emit,
  });
  const { ir, diagnostics } = programOf(made) as NonNullable<ReturnType<typeof programOf>>;
  const recorded = diagnostics.filter((d) => d.severity === 'error');
  const all = recorded.length > 0 ? recorded : compile(ir, bmv2).diagnostics;
  return all.filter((d) => d.severity === 'error').map(({ code, message, help }) => `${code}: ${message}${help ? ` (${help})` : ''}`);
}

const ethernet = (name: string, suggestion = '.') => [
  `no-such-member: hdr.ethernet has no "${name}"${suggestion} (hdr.ethernet has dst, src, etherType)`,
];

test('a field that the header does not have, wherever it is used', () => {
  const meant = '; did you mean "dst"?';
  expect(errors({ body: (c, { hdr }) => c.set(hdr.ethernet.dts, 1) })).toEqual(ethernet('dts', meant));
  expect(errors({ body: (c, { hdr }) => c.set(hdr.ethernet.dst, hdr.ethernet.dts) })).toEqual(ethernet('dts', meant));
  expect(errors({ body: (c, { hdr }) => c.if(hdr.ethernet.dst.eq(hdr.ethernet.dts), () => c.drop()) })).toEqual(ethernet('dts', meant));
  expect(errors({ body: (c, { hdr }) => c.set(hdr.ethernet.dst, hdr.ethernet.dts.add(1)) })).toEqual(ethernet('dts', meant));
  expect(errors({ start: (p, { hdr }) => p.select(hdr.ethernet.typ).when(1, 'accept').otherwise('reject') })).toEqual(ethernet('typ'));
  expect(
    errors({
      declare: (ctl, { hdr }) => ctl.table('t', { key: { a: exact(hdr.ethernet.dts) }, actions: [] }),
    }),
  ).toContain(ethernet('dts', meant)[0]);
});

test('a header and a field of the metadata that the pipeline does not have', () => {
  const ipv6 = ['no-such-member: hdr has no "ipv6"; did you mean "ipv4"? (hdr has ethernet, ipv4)'];
  expect(errors({ body: (c, { hdr }) => c.setValid(hdr.ipv6) })).toEqual(ipv6);
  expect(errors({ body: (c, { hdr }) => c.if(valid(hdr.ipv6), () => c.drop()) })).toEqual(ipv6);
  expect(errors({ start: (p, { hdr }) => p.extract(hdr.ipv6) })).toContain(ipv6[0]);
  expect(errors({ emit: (d, { hdr }) => d.emit(hdr.ipv6) })).toEqual(ipv6);
  expect(errors({ body: (c, { meta }) => c.set(meta.nexthop, 1) })).toEqual([
    'no-such-member: meta has no "nexthop"; did you mean "nextHop"? (meta has nextHop)',
  ]);
});

test('a name of a statement that goes over several lines, and no other name', () => {
  expect(
    errors({
      body(c, { hdr, meta }) {
        c.set(meta.nextHop, 1);
        c.set(hdr.ipv4.ttl, hdr.ipv4.tttl);
      },
    })[0],
  ).toMatch('no-such-member: hdr.ipv4 has no "tttl"; did you mean "ttl"?');
  const missing: Any = {};
  expect(errors({ body: (c, { meta }) => c.set(meta.nextHop, missing.nextHop) })).toEqual([
    'undefined-value: Expected a value of type bit<16>, got undefined. (a name in it is misspelt, or is used before it is declared: tsc shows which)',
  ]);
});

test('an error of the user is no misspelt name', () => {
  const body = (_: Any, { meta }: Any): never => {
    throw new TypeError(`no ${meta.nextHop === undefined}`);
  };
  expect(() => errors({ body })).toThrow('no false');
});

test('what only egress knows', () => {
  const help = 'read it in egress: ingress runs before the packet is in a queue or has a port to leave by';
  const message = [`egress-only: std.queueDepth exists only in egress. (${help})`];
  expect(errors({ body: (c, { std, meta }) => c.set(meta.nextHop, std.queueDepth.as(bit(16))) })).toEqual(message);
  expect(errors({ body: (c, { std, meta }) => c.set(meta.nextHop, std.queueDepth) })).toEqual(message);
  expect(errors({ egress: (c, { std, meta }) => c.set(meta.nextHop, std.queueDepth.as(bit(16))) })).toEqual([]);
});

test('a handle of another kind', () => {
  const table = (ctl: Any, { hdr }: Any) => ctl.table('t', { key: { a: exact(hdr.ethernet.dst) }, actions: [] });
  let t: Any;
  expect(
    errors({
      declare: (ctl, v) => {
        t = table(ctl, v);
      },
      body: (c) => c.call(t),
    }),
  ).toEqual(['bad-operand: Expected an action of this control, got the table t. (c.apply(table) applies a table)']);
  expect(errors({ body: (c) => c.call('drop') })).toEqual(['bad-operand: Expected an action of this control, got the string "drop".']);
});

test('what exists only in a block, an action or a control is used outside of it', () => {
  const help = 'declare it where it is used; a value can be passed as an argument or in the metadata';
  const outside = (what: string, owner: string) => [`out-of-scope: The ${what} "x" exists only in ${owner}. (${help})`];
  let x: Any;
  expect(
    errors({
      body(c, { meta }) {
        c.if(meta.nextHop.eq(1), () => {
          x = c.let('x', meta.nextHop);
        });
        c.set(meta.nextHop, x);
      },
    }),
  ).toEqual(outside('variable', 'a block of the control ingress'));
  expect(
    errors({
      declare: (ctl, { meta }) =>
        ctl.action('y', { x: bit(16) }, (c: Any, args: Any) => {
          x = args.x;
          c.set(meta.nextHop, x);
        }),
      body: (c, { meta }) => c.set(meta.nextHop, x),
    }),
  ).toEqual(outside('parameter', 'the action y'));
  let inner: Any;
  expect(
    errors({
      declare: (ctl) => {
        x = ctl.register('x', bit(16), 4);
        inner = ctl.control('inner', (own: Any) => {
          own.apply((c: Any) => c.update(x, 0, (v: Any) => ({ next: v.add(1) })));
        });
      },
      body: (c) => c.apply(inner),
    }),
  ).toEqual(outside('object', 'the control ingress'));
});
