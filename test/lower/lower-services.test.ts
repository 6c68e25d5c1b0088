/** Rows of docs/portable.md on v1model: accepted by p4c where it is found, and run in the interpreter. */
import {
  bit,
  bmv2,
  bool,
  Color,
  type Ctl,
  type EgressBody,
  type EgressStd,
  exact,
  type Headers,
  header,
  type IngressBody,
  type IngressStd,
  lpm,
  type Meta,
  member,
  mux,
  ParserError,
  Path,
  parserError,
  pipeline,
  port,
  stack,
  struct,
  ternary,
  tofino,
  tuple,
  union,
  valid,
  valueSet,
  varbit,
} from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 as target } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { isOfWhole, sourceAt } from '../support/diagnostics.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const H = header('h_t', { kind: bit(8), a: bit(8), b: bit(16) });
const headers = { h: H };
const metadata = { x: bit(32), y: bit(8), flag: bool };
interface View<S> {
  readonly hdr: Headers<typeof headers>;
  readonly meta: Meta<typeof metadata>;
  readonly std: S;
}

const make = <R, E = object>(
  ingress: (ctl: Ctl<IngressBody<{ reason: typeof Reason }>>, v: View<IngressStd>) => R,
  egress?: (ctl: Ctl<EgressBody>, v: View<EgressStd>) => E,
) =>
  pipeline('p', {
    headers,
    metadata,
    packetIn: { reason: Reason },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress: (ctl, v) => ingress(ctl as never, v as never),
    egress: (ctl, v) => (egress?.(ctl as never, v as never) ?? {}) as E,
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
const Reason = bit(8);

/** The printed P4 of a pipeline that is right, that p4c accepts without a word, and whose P4Info is p4c's. */
async function printed(source: unknown): Promise<string> {
  const recorded = programOf(source);
  expect(recorded?.diagnostics).toEqual([]);
  const { compiled, diagnostics } = compile(recorded?.ir as never, target);
  expect(diagnostics.filter(isOfWhole).map((d) => `${d.code}: ${d.message}`)).toEqual([]);
  const [p4, p4info] = compiled?.files ?? [];
  if (typeof (await findTool(p4c)) === 'string') {
    const output = await compileWithP4c(p4?.contents as string);
    expect('code' in output ? output.message : output.warnings).toEqual([]);
    if (!('code' in output)) expect(p4info?.contents).toBe(output.p4infoText);
  }
  return p4?.contents as string;
}

/** A packet: kind, a and b of its header, and one byte of payload. */
const packet = (kind: number, a = 0, b = 0): Uint8Array => Uint8Array.of(kind, a, b >> 8, b & 255, 0xee);
const read = ({ port: at, packet: bytes }: { port: number; packet: Uint8Array }) =>
  ({ port: at, kind: bytes[0], a: bytes[1], b: ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), size: bytes.length }) as const;

describe('state', () => {
  test('S5, S6: an update reads, computes and writes, in actions too; out of range it reads 0 and writes nothing', async () => {
    const p = make((ctl, { hdr, meta }) => {
      const seen = ctl.register('seen', bit(32), 16);
      const flows = ctl.register('flows', { packets: bit(32), last: bit(16) }, 256);
      const countIt = ctl.action('count_it', { cell: bit(32) }, (c, args) => {
        c.set(
          meta.x,
          c.update(seen, args.cell, (v) => ({ next: v.add(args.cell), result: v })),
        );
      });
      const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [countIt], default: countIt({ cell: 3 }) });
      ctl.apply((c) => {
        c.apply(t);
        const last = c.update(flows, hdr.h.a.as(bit(32)), (cell) => ({
          next: { packets: cell.packets.add(1), last: hdr.h.b },
          result: cell.last,
        }));
        c.update(flows, 7, (cell) => ({ next: { packets: cell.packets.add(100), last: cell.packets.bits(0, 16) } }));
        c.set(hdr.h.a, meta.x.bits(0, 8));
        c.set(hdr.h.b, last);
        c.forward(1);
      });
      return { seen, flows, t, countIt };
    });
    const text = await printed(p);
    expect(text).toContain('register<bit<48>>(256) flows;');
    expect(text).toContain('@atomic {');
    await using sw = await simulate(p);
    await sw.table(p.ingress.t).insert({ match: { kind: 9 }, action: p.ingress.countIt({ cell: 100 }) });
    const send = async (...fields: [number, number, number]) => read((await sw.send(0, packet(...fields)))[0] as never);
    expect(await send(1, 5, 0x1234)).toMatchObject({ port: 1, a: 0, b: 0 });
    expect(await send(1, 5, 0x5678)).toMatchObject({ a: 3, b: 0x1234 });
    expect(await send(9, 5, 0)).toMatchObject({ a: 0, b: 0x5678 });
    expect(await send(9, 5, 0)).toMatchObject({ a: 0 });
    expect(await sw.register(p.ingress.seen).read(3)).toBe(6);
    expect(await sw.register(p.ingress.flows).read(5)).toEqual({ packets: 4, last: 0 });
    expect(await sw.register(p.ingress.flows).read(7)).toEqual({ packets: 400, last: 300 });
    expect((await sw.register(p.ingress.seen).readAll()).reduce((a, b) => a + b)).toBe(6);
  });

  test('S3, S4: colours of indexed and of direct meters; green on a miss', async () => {
    const p = make((ctl, { hdr, meta }) => {
      const rate = ctl.meter('rate', { size: 8, unit: 'packets' });
      const police = ctl.directMeter('police', { unit: 'packets' });
      const paint = ctl.action('paint', {}, (c) => {
        const color = c.meter(police);
        c.if(color.eq(Color.red), () => c.set(meta.y, 2)).else(() => c.set(meta.y, 0));
      });
      const mark = ctl.action('mark', {}, (c) => {
        c.set(meta.flag, c.meter(police).eq(Color.red));
      });
      const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [paint, mark], default: paint(), meter: police });
      ctl.apply((c) => {
        c.apply(t);
        c.forward(1);
        const color = c.meter(rate, hdr.h.a.as(bit(32)));
        c.if(color.eq(Color.red), () => c.set(hdr.h.b, 1));
        c.set(hdr.h.a, meta.y);
      });
      return { t, rate, paint };
    });
    expect(await printed(p)).toContain('enum bit<2> MeterColor');
    await using sw = await simulate(p);
    const rates = { cir: 1, cburst: 1, pir: 1, pburst: 1 };
    await sw.meter(p.ingress.rate).set(3, rates);
    await sw.table(p.ingress.t).insert({ match: { kind: 1 }, action: p.ingress.paint() });
    const sent = async (kind: number, a: number) => read((await sw.send(0, packet(kind, a)))[0] as never);
    expect(await sent(2, 3)).toMatchObject({ a: 0, b: 0 });
    expect(await sent(2, 3)).toMatchObject({ a: 0, b: 1 });
    expect(await sent(2, 200)).toMatchObject({ a: 0, b: 0 });
  });

  test('S7, S8: hashes as wide as the result, and random numbers', async () => {
    const p = make((ctl, { hdr }) => {
      ctl.apply((c) => {
        c.set(hdr.h.b, c.hash('crc16', bit(16), [hdr.h.kind, hdr.h.a]));
        c.set(hdr.h.a, c.random(bit(8), 3, 5));
        c.set(hdr.h.kind, c.hash('crc32', bit(8), [hdr.h.kind], { base: 10, max: 4 }));
        c.forward(1);
      });
    });
    const text = await printed(p);
    expect(text).toMatch(/hash\(hash_value, HashAlgorithm\.crc16, 16w0, \{.*\}, 17w65536\)|hash\(.*0x10000\)|hash\(.*65536\)/);
    await using sw = await simulate(p);
    const got = read((await sw.send(0, packet(0x31, 0x32)))[0] as never);
    // CRC-16/ARC of "12".
    expect(got.b).toBe(0x4594);
    expect([3, 4, 5]).toContain(got.a);
    expect([10, 11, 12, 13]).toContain(got.kind);
  });

  test('S12, S13: profiles, selectors and idle timeouts', async () => {
    const p = make((ctl, { hdr }) => {
      const send = ctl.action('send', { port }, (c, args) => c.forward(args.port));
      const ecmp = ctl.selector('ecmp', { size: 64, maxGroup: 8, hash: 'crc16', over: [hdr.h.a, hdr.h.b] });
      const hosts = ctl.profile('hosts', { size: 16 });
      const groups = ctl.table('groups', { key: { kind: lpm(hdr.h.kind) }, actions: [send], implementation: ecmp });
      const single = ctl.table('single', { key: { kind: exact(hdr.h.kind) }, actions: [send], implementation: hosts, idleTimeout: true });
      ctl.apply((c) => {
        c.if(c.apply(groups).miss, () => void c.apply(single));
      });
      return { groups, single, send, hosts };
    });
    const text = await printed(p);
    expect(text).toContain('@max_group_size(8)');
    expect(text).toContain('support_timeout = true;');
    await using sw = await simulate(p);
    await sw
      .profile(p.ingress.hosts)
      .member(5)
      .set(p.ingress.send({ port: 9 }));
    await sw.table(p.ingress.single).insert({ match: { kind: 4 }, action: member(5) });
    expect((await sw.send(0, packet(4))).map(read)).toMatchObject([{ port: 9 }]);
  });
});

describe('the way of the packet', () => {
  test('D6: recirculate starts again as the packet leaves, with what it keeps; a later decision undoes it', async () => {
    const p = make(
      (ctl, { hdr, meta, std }) => {
        ctl.apply((c) => {
          c.if(std.path.eq(Path.recirculated), () => {
            c.set(hdr.h.a, meta.y);
            c.set(hdr.h.b, meta.x.bits(0, 16));
            c.forward(7);
          }).else(() => {
            c.set(meta.x, 0x1111);
            c.set(meta.y, 0x22);
            c.set(hdr.h.kind, hdr.h.kind.add(1));
            c.recirculate({ keep: [meta.y] });
            c.if(hdr.h.a.eq(1), () => c.recirculate({ keep: [meta.x] }));
            c.if(hdr.h.a.eq(2), () => c.recirculate());
            c.if(hdr.h.a.eq(3), () => c.forward(3));
            c.if(hdr.h.a.eq(4), () => c.drop());
          });
        });
      },
      (ctl, { hdr }) => ctl.apply((c) => c.set(hdr.h.kind, hdr.h.kind.add(16))),
    );
    await printed(p);
    await using sw = await simulate(p);
    const out = async (a: number) => (await sw.send(0, packet(1, a))).map(read);
    expect(await out(0)).toMatchObject([{ port: 7, kind: 18, a: 0x22, b: 0 }]);
    expect(await out(1)).toMatchObject([{ port: 7, kind: 18, a: 0, b: 0x1111 }]);
    expect(await out(2)).toMatchObject([{ port: 7, kind: 18, a: 0, b: 0 }]);
    expect(await out(3)).toMatchObject([{ port: 3, kind: 18, a: 3 }]);
    expect(await out(4)).toEqual([]);
  });

  test('D7: resubmit starts again with the packet as it arrived', async () => {
    const p = make((ctl, { hdr, meta, std }) => {
      const again = ctl.action('again', {}, (c) => {
        c.set(meta.flag, true);
        c.resubmit({ keep: [meta.flag, meta.y] });
      });
      const t = ctl.table('t', { key: { kind: ternary(hdr.h.kind) }, actions: [again], default: again() });
      ctl.apply((c) => {
        c.set(hdr.h.kind, hdr.h.kind.add(1));
        c.if(std.path.eq(Path.resubmitted), () => {
          c.if(meta.flag, () => c.forward(2));
        }).else(() => {
          c.set(meta.y, 1);
          c.if(hdr.h.a.eq(1), () => c.resubmit());
          c.apply(t);
          c.forward(3);
        });
      });
      return { t };
    });
    await printed(p);
    await using sw = await simulate(p);
    expect((await sw.send(0, packet(1))).map(read)).toMatchObject([{ port: 2, kind: 2 }]);
    expect((await sw.send(0, packet(1, 1))).map(read)).toEqual([]);
  });

  test('D7: a packet of the controller that is resubmitted is parsed as one', async () => {
    const p = pipeline('p', {
      headers,
      packetOut: { to: port },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.h);
          return p.accept();
        },
      },
      ingress: (ctl, { hdr, std, packetOut }) =>
        ctl.apply((c) => {
          c.if(std.path.ne(Path.resubmitted), () => c.resubmit());
          c.if(packetOut.present, () => c.set(hdr.h.a, 1)).else(() => c.set(hdr.h.a, 2));
          c.forward(mux(packetOut.present, packetOut.to, 9));
        }),
      deparser: (d, { hdr }) => d.emit(hdr.h),
    });
    await printed(p);
    await using sw = await simulate(p);
    const outputs: ReturnType<typeof read>[] = [];
    sw.onOutput((sent) => outputs.push(read(sent)));
    await sw.packetOut(packet(7), { to: 5 });
    expect((await sw.send(3, packet(8))).map(read)).toMatchObject([{ port: 9, kind: 8, a: 2 }]);
    expect(outputs).toContainEqual({ port: 5, kind: 7, a: 1, b: 0, size: 5 });
  });

  test('M1: a mirror in ingress is of the packet as it arrived, with metadata as it was at the call', async () => {
    const p = make(
      (ctl, { hdr, meta }) => {
        ctl.apply((c) => {
          c.set(meta.y, 7);
          c.set(meta.x, 5);
          c.mirror(4, { keep: [meta.x, meta.y] });
          c.set(meta.y, 8);
          c.set(hdr.h.kind, 99);
          c.forward(1);
        });
      },
      (ctl, { hdr, meta, std }) => {
        ctl.apply((c) => {
          c.set(hdr.h.a, meta.y);
          c.set(hdr.h.b, meta.x.bits(0, 16));
          c.if(std.path.eq(Path.mirrored), () => c.set(hdr.h.kind, hdr.h.kind.add(100)));
        });
      },
    );
    const text = await printed(p);
    expect(text).toContain('clone_preserving_field_list(CloneType.I2E,');
    await using sw = await simulate(p);
    expect((await sw.send(0, packet(3))).map(read)).toMatchObject([{ port: 1, kind: 99, a: 8, b: 5 }]);
    await sw.cloneSession(4).set([{ port: 6 }]);
    const outputs = (await sw.send(0, packet(3))).map(read).toSorted((a, b) => a.port - b.port);
    expect(outputs).toMatchObject([
      { port: 1, kind: 99, a: 8, b: 5 },
      { port: 6, kind: 103, a: 7, b: 5 },
    ]);
  });

  test('M2: a mirror in egress is of the packet when egress ends, and passes egress', async () => {
    const p = make(
      (ctl) => ctl.apply((c) => c.forward(1)),
      (ctl, { hdr, meta, std }) => {
        ctl.apply((c) => {
          c.if(std.path.eq(Path.mirrored), () => {
            c.set(hdr.h.a, meta.y);
          }).else(() => {
            c.set(meta.y, hdr.h.kind);
            c.mirror(hdr.h.b.bits(0, 10), { keep: [meta.y] });
            c.set(hdr.h.kind, 50);
          });
        });
      },
    );
    await printed(p);
    await using sw = await simulate(p);
    await sw.cloneSession(5).set([{ port: 6 }]);
    const outputs = (await sw.send(0, packet(3, 1, 5))).map(read).toSorted((a, b) => a.port - b.port);
    expect(outputs).toMatchObject([
      { port: 1, kind: 50, a: 1 },
      { port: 6, kind: 50, a: 3 },
    ]);
  });

  test('M4: a digest', async () => {
    const p = make((ctl, { hdr }) => {
      const learn = ctl.digest('learn_t', { kind: bit(8), b: bit(16) });
      ctl.apply((c) => {
        c.digest(learn, { kind: hdr.h.kind, b: hdr.h.b });
        c.set(hdr.h.b, 0);
        c.drop();
      });
      return { learn };
    });
    expect(await printed(p)).toContain('digest<learn_t>(1,');
    await using sw = await simulate(p);
    const lists = sw.digests(p.ingress.learn, {})[Symbol.asyncIterator]();
    const next = lists.next();
    await sw.send(0, packet(3, 1, 0x1234));
    await sw.advanceTime(10_000_000_000n);
    const { value } = await next;
    expect(JSON.stringify(value)).toContain('"kind":3,"b":4660');
  });

  test('W1-W5: std.path as a value', async () => {
    const p = make((ctl, { hdr, meta, std }) => {
      const set = ctl.action('set', { to: port }, (c, args) => c.forward(args.to));
      const t = ctl.table('t', {
        key: { path: exact(std.path) },
        actions: [set],
        default: set({ to: 1 }),
      });
      ctl.apply((c) => {
        c.apply(t);
        const path = c.let('path', std.path);
        c.if(path.eq(Path.resubmitted), () => c.set(hdr.h.b, 77)).else(() => c.resubmit({ keep: [meta.y] }));
      });
      return { t, set };
    });
    expect(await printed(p)).toContain('enum bit<32> Path');
    await using sw = await simulate(p);
    expect((await sw.send(0, packet(1))).map(read)).toMatchObject([{ port: 1, b: 77 }]);
  });
});

describe('parser and checksums', () => {
  const L4 = header('l4_t', { sum: bit(16), len: bit(8), options: varbit(64) });
  const Label = header('label_t', { value: bit(7), last: bit(1) });
  const make4 = (readsError: boolean) =>
    pipeline('p', {
      headers: { h: H, labels: stack(Label, 2), l4: L4 },
      metadata: { ahead: bit(8), error: bit(8) },
      valueSets: { known: valueSet(bit(8), 4) },
      subparsers: {
        sub: {
          start(p, { hdr }) {
            p.extract(hdr.labels.next);
            return p.select(hdr.labels.last.last).when(0, 'start').otherwise('done');
          },
          done(p, { hdr }) {
            p.verify(hdr.labels.last.value.ne(9), parserError('NineRefused'));
            return p.select(hdr.labels.last.value).when(8, 'reject').otherwise('accept');
          },
        },
      },
      parser: {
        start(p, { hdr, meta, sets }) {
          p.set(meta.ahead, p.lookahead(bit(8)));
          p.extract(hdr.h);
          p.call('sub');
          return p.select(hdr.h.kind).when(sets.known, 'l4').when(1, 'accept').otherwise('reject');
        },
        l4(p, { hdr }) {
          p.extractVar(hdr.l4, p.lookahead(bit(24)).bits(0, 8).as(bit(32)));
          p.verifyChecksum(hdr.l4.sum, [hdr.h.a, hdr.h.kind], { payload: true, when: hdr.h.a.gt(0) });
          return p.accept();
        },
      },
      ingress(ctl, { hdr, meta, std }) {
        ctl.apply((c) => {
          c.forward(1);
          if (readsError) {
            c.if(std.parserError.eq(parserError('NineRefused')), () => c.set(meta.error, 9));
            c.if(std.parserError.eq(ParserError.NoMatch), () => c.set(meta.error, 1));
            c.set(hdr.h.b, meta.error.as(bit(16)));
          } else c.set(hdr.h.b, meta.ahead.as(bit(16)));
          c.if(std.checksumError, () => c.set(hdr.h.a, 0));
        });
      },
      egress: (ctl, { hdr }) => ctl.apply((c) => c.if(valid(hdr.l4), () => c.updateChecksumBy(hdr.l4.sum, [[hdr.h.a, 1]]))),
      deparser(d, { hdr }) {
        d.updateChecksum(hdr.l4.sum, [hdr.h.a, hdr.h.kind], { payload: true, when: hdr.h.a.gt(1) });
        d.emit(hdr.h, hdr.labels, hdr.l4);
      },
    });
  const label = (value: number, last: number) => value * 2 + last;

  test('P1, P2, P5-P8: rejected in a subparser, by verify, without a match; value sets and lookahead', async () => {
    const p = make4(false);
    await printed(p);
    await using sw = await simulate(p);
    const out = async (...bytes: number[]) => (await sw.send(0, Uint8Array.from(bytes))).map(read);
    expect(await out(1, 2, 0, 0, label(3, 0), label(4, 1))).toMatchObject([{ kind: 1, a: 2, b: 1, size: 6 }]);
    expect(await out(1, 2, 0, 0, label(3, 0), label(4, 0), label(4, 1))).toEqual([]);
    expect(await out(1, 2, 0, 0, label(9, 1))).toEqual([]);
    expect(await out(1, 2, 0, 0, label(8, 1))).toEqual([]);
    expect(await out(7, 2, 0, 0, label(3, 1), 0, 0, 16, 1, 2)).toEqual([]);
    await sw.valueSet(p.sets.known).set([7]);
    expect(await out(7, 0, 0, 0, label(3, 1), 0, 0, 16, 1, 2)).toMatchObject([{ kind: 7, size: 10 }]);
  });

  test('P3: a program that reads the parser error decides itself', async () => {
    const p = make4(true);
    await printed(p);
    await using sw = await simulate(p);
    const out = async (...bytes: number[]) => (await sw.send(0, Uint8Array.from(bytes))).map(read);
    expect(await out(1, 2, 0, 0, label(9, 1))).toMatchObject([{ b: 9 }]);
    expect(await out(7, 2, 0, 0, label(3, 1))).toMatchObject([{ b: 1 }]);
    expect(await out(1, 2, 0, 0, label(8, 1))).toMatchObject([{ b: 1 }]);
  });
});

describe('refused for BMv2, with a reason', () => {
  const refused = (source: unknown): string[] => {
    const recorded = programOf(source);
    expect(recorded?.diagnostics).toEqual([]);
    const { diagnostics } = compile(recorded?.ir as never, target);
    return diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${sourceAt(d)}: ${d.message}`);
  };

  test('digests of other things than bits', () => {
    const p = make((ctl, { meta }) => {
      const learn = ctl.digest('learn_t', { flag: bool });
      ctl.apply((c) => c.digest(learn, { flag: meta.flag }));
    });
    expect(refused(p)).toEqual([
      'not-on-target flag: bool });: The field `flag` of the digest learn_t cannot be used on BMv2: its server knows no bool in a digest.',
    ]);
  });

  test('a default action beside a profile', () => {
    const p = make((ctl, { hdr }) => {
      const send = ctl.action('send', { port }, (c, args) => c.forward(args.port));
      const hosts = ctl.profile('hosts', { size: 16 });
      const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [send], implementation: hosts, default: send({ port: 1 }) });
      ctl.apply((c) => void c.apply(t));
    });
    expect(refused(p)).toEqual([expect.stringMatching(/^bmv2-profile-default .*no default action for the table t,/)]);
  });

  test('hashes that BMv2 computes in too few bits, and queues', () => {
    const p = make((ctl, { hdr }) => {
      ctl.apply((c) => {
        c.set(hdr.h.a, c.hash('identity', bit(64), [hdr.h.kind]).bits(0, 8));
        c.on(bmv2, (b) => (b as unknown as { setQueue(n: number): void }).setQueue(3));
      });
    });
    expect(refused(p)).toEqual([expect.stringContaining('it computes hashes in 64 bits'), expect.stringContaining('one queue for a port')]);
  });
});

describe('structure', () => {
  test('structs, tuples, unions, and functions that hash; mirrors in actions; switches on the path and on colours', async () => {
    const A = header('a_t', { v: bit(8) });
    const B = header('b_t', { v: bit(16) });
    const Inner = struct('inner_t', { p: bit(8), q: bool });
    const p = pipeline('p', {
      headers: { h: H, either: union('either_t', { a: A, b: B }) },
      metadata: { inner: Inner, pair: tuple(bit(8), bit(16)), color: bit(2), note: bit(8) },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.h);
          return p.select(hdr.h.kind).when(1, 'a').otherwise('b');
        },
        a(p, { hdr }) {
          p.extract(hdr.either.a);
          return p.accept();
        },
        b(p, { hdr }) {
          p.extract(hdr.either.b);
          return p.accept();
        },
      },
      ingress(ctl, { hdr, meta, std }) {
        const mix = ctl.function('mix', { x: bit(8) }, bit(16), (c, { x }) => c.hash('csum16', bit(16), [x]));
        const rate = ctl.meter('rate', { size: 4, unit: 'bytes' });
        const copy = ctl.action('copy', { to: bit(10) }, (c, args) => {
          c.set(meta.note, 1);
          c.mirror(args.to, { keep: [meta.inner.p, meta.note] });
        });
        const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [copy], default: copy({ to: 3 }) });
        ctl.apply((c) => {
          c.set(meta.inner.p, 42);
          c.switch(std.path)
            .case(Path.recirculated, () => c.forward(2))
            .default(() => {
              c.apply(t);
              c.set(meta.note, 2);
              c.forward(1);
            });
          c.switch(c.meter(rate, 0))
            .case([Color.yellow, Color.red], () => c.drop())
            .default(() => c.set(hdr.h.b, c.invoke(mix, { x: hdr.h.a })));
        });
      },
      egress: (ctl, { hdr, meta, std }) =>
        ctl.apply((c) => {
          c.if(std.path.eq(Path.mirrored), () => {
            c.set(hdr.h.a, meta.inner.p);
            c.set(hdr.h.b, meta.note.as(bit(16)));
          });
          c.if(valid(hdr.either.a), () => c.set(hdr.either.a.v, hdr.either.a.v.add(1)));
        }),
      deparser: (d, { hdr }) => d.emit(hdr.h, hdr.either),
    });
    await printed(p);
    await using sw = await simulate(p);
    await sw.cloneSession(3).set([{ port: 8 }]);
    const outputs = (await sw.send(0, Uint8Array.of(1, 0x12, 0, 0, 9))).toSorted((a, b) => a.port - b.port);
    expect(outputs.map((o) => [o.port, ...o.packet])).toEqual([
      [1, 1, 0x12, 0xed, 0xff, 10],
      [8, 1, 42, 0, 1, 10],
    ]);
  });

  test('a control inside a control decides, and a function computes', async () => {
    const p = make((ctl, { hdr, std }) => {
      const twice = ctl.function('twice', { x: bit(8) }, bit(8), (_c, { x }) => x.shl(1));
      const guard = ctl.control('guard', (inner) => {
        const seen = inner.register('seen', bit(8), 4);
        const deny = inner.action('deny', {}, (c) => c.drop());
        const list = inner.table('list', { key: { kind: exact(hdr.h.kind) }, actions: [deny] });
        inner.apply((c) => {
          c.forward(std.ingressPort.add(1));
          c.apply(list);
          c.set(hdr.h.b, c.update(seen, 1, (v) => ({ next: v.add(1), result: v })).as(bit(16)));
        });
        return { list, deny, seen };
      });
      ctl.apply((c) => {
        c.apply(guard);
        c.set(hdr.h.a, c.invoke(twice, { x: hdr.h.a }));
      });
      return { list: guard.list, deny: guard.deny };
    });
    await printed(p);
    await using sw = await simulate(p);
    await sw.table(p.ingress.list).insert({ match: { kind: 5 }, action: p.ingress.deny() });
    expect((await sw.send(2, packet(4, 3))).map(read)).toMatchObject([{ port: 3, a: 6, b: 0 }]);
    expect((await sw.send(2, packet(5, 3))).map(read)).toEqual([]);
  });

  test('T1, T2: parts for one target; S14: debugging', async () => {
    const p = make((ctl, { hdr, meta }) => {
      ctl.apply((c) => {
        c.forward(1);
        c.on(bmv2, (b) => b.truncate(4)).otherwise(() => c.drop());
        c.on(tofino, (t) => t.setQueue(3)).otherwise(() => {
          const z = c.let('z', hdr.h.a.add(1));
          c.set(hdr.h.a, z);
        });
        c.log('a {} and {}', hdr.h.a, meta.flag);
        c.log('nothing');
        c.assert(hdr.h.a.gt(0));
        c.assume(hdr.h.a.gt(0));
      });
    });
    await printed(p);
    await using sw = await simulate(p);
    expect((await sw.send(0, packet(1, 1))).map(read)).toMatchObject([{ port: 1, a: 2, size: 4 }]);
  });

  test('entries, in the order of their priorities', async () => {
    const p = make((ctl, { hdr }) => {
      const send = ctl.action('send', { port }, (c, args) => c.forward(args.port));
      const ranked = ctl.table('ranked', {
        key: { kind: ternary(hdr.h.kind) },
        actions: [send],
        entries: [
          { match: {}, priority: 1, action: send({ port: 1 }) },
          { match: { kind: { value: 4, mask: 4 } }, priority: 9, action: send({ port: 2 }) },
          { match: { kind: { value: 6, mask: 6 } }, priority: 5, action: send({ port: 3 }) },
        ],
        constEntries: true,
      });
      ctl.apply((c) => void c.apply(ranked));
      return { ranked };
    });
    await printed(p);
    await using sw = await simulate(p);
    expect((await sw.send(0, packet(1))).map(read)).toMatchObject([{ port: 1 }]);
    expect((await sw.send(0, packet(6))).map(read)).toMatchObject([{ port: 2 }]);
  });
});
