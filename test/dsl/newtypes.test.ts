/** Types of one's own: in the switch, and as controllers see them (P4-16 §7.2.12; P4Runtime, "User-defined types"). */
import { beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bit, build, dissect, exact, header, ipv4, mac, newtype, packet, pipeline, port } from '../../compiler/node.js';
import { simulate } from '../../runtime/node.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { Ethernet, Neighbour, newtypes, PortId, Tag, Vrf } from '../cases/newtype-translation/pipeline.js';
import { isOfWhole } from '../support/diagnostics.js';
import { all } from '../support/outcomes.js';

const { vrfs, routes, setVrf, forward, learn, latest, origins, seen } = newtypes.ingress;
const ethernet = build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:02', etherType: 0x1234 });
const tagged = (neighbour: string, vrf: 'blue' | 'red' | '') =>
  packet(ethernet, build(Tag, { neighbour: neighbour as '1.1.1.1', vrf, rest: 0 }));

let net: Awaited<ReturnType<typeof simulate<typeof newtypes>>>;
beforeEach(async () => {
  net = await simulate(newtypes);
  return () => net.close();
});

describe('on the wire and in the switch', () => {
  test('values are bits', () => {
    // vrf red is 2 in 10 bits, then 6 bits of rest.
    expect(Buffer.from(build(Tag, { neighbour: '10.0.0.1', vrf: 'red', rest: 3 })).toString('hex')).toBe('0a0000010083');
    expect(dissect(Tag, Buffer.from('0a0000010083', 'hex'))?.[0]).toEqual({ neighbour: '10.0.0.1', vrf: 'red', rest: 3 });
    // No text stands for 5.
    expect(dissect(Tag, Buffer.from('0a0000010140', 'hex'))?.[0].vrf).toBe('5');
    expect(() => build(Tag, { neighbour: '10.0.0.1', vrf: 'green' as 'red', rest: 3 })).toThrow(
      '"green" is not a value of vrf_t: blue, red, ',
    );
  });

  test('the entries that a controller wrote with its values match the values of the switch', async () => {
    await net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: 'red' }) });
    await net
      .table(routes)
      .insert({ match: { vrf: 'red', neighbour: '10.0.0.9' }, priority: 1, action: forward({ port: 300, neighbour: '10.0.0.1' }) });
    expect(await net.send(7, tagged('10.0.0.9', ''))).toEqual([{ port: 300, packet: tagged('10.0.0.1', 'red') }]);
    expect(await net.send(7, tagged('10.0.0.8', ''))).toEqual([]);
  });
});

describe('at the controller', () => {
  test('what is read is what was written', async () => {
    const entry = {
      match: { vrf: 'red', neighbour: '10.0.0.9' },
      priority: 1,
      action: forward({ port: 300, neighbour: '10.0.0.1' }),
    } as const;
    await net.table(routes).insert(entry);
    const [read] = await all(net.table(routes).entries());
    expect(read).toMatchObject({ match: entry.match, action: { call: 'forward', args: { port: 300, neighbour: '10.0.0.1' } } });
    await net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: '' }) });
    expect(await all(net.table(vrfs).entries())).toMatchObject([{ match: { from: 7 }, action: { args: { vrf: '' } } }]);
  });

  test('a packet-in has its values', async () => {
    await net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: 'blue' }) });
    await net.send(7, tagged('10.0.0.9', ''));
    for await (const { ingressPort, vrf } of net.packetIns()) {
      expect({ ingressPort, vrf }).toEqual({ ingressPort: 7, vrf: 'blue' });
      break;
    }
  });

  test('a packet-out has its values', async () => {
    const left = new Promise((resolve) => net.onOutput(resolve));
    await net.packetOut(tagged('10.0.0.9', ''), { egressPort: 300 });
    expect(await left).toEqual({ port: 300, packet: tagged('10.0.0.9', '') });
  });

  test('values that the switch does not have are refused', async () => {
    // 32 bits for the controller, 9 in the switch.
    await expect(net.table(vrfs).insert({ match: { from: 512 }, action: setVrf({ vrf: 'red' }) })).rejects.toThrow(
      /INVALID_ARGUMENT.*bit<9>/s,
    );
    await expect(net.table(vrfs).insert({ match: { from: 2 ** 33 }, action: setVrf({ vrf: 'red' }) })).rejects.toThrow(
      'does not fit bit<32>',
    );
    // @ts-expect-error no such text
    await expect(net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: 'rde' }) })).rejects.toThrow('did you mean "red"?');
    // @ts-expect-error text, not a number
    await expect(net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: 2 }) })).rejects.toThrow('2 is not text');
    expect(await all(net.table(vrfs).entries())).toEqual([]);
  });

  test('digests have what the program gives them', async () => {
    const lists = net.digests(learn, { maxListSize: 1 });
    await net.table(vrfs).insert({ match: { from: 7 }, action: setVrf({ vrf: 'red' }) });
    await net.send(7, tagged('10.0.0.9', ''));
    for await (const { entries } of lists) {
      expect(entries).toEqual([{ vrf: 2, from: 7 }]);
      break;
    }
  });

  test('cells of registers have its values', async () => {
    await net.register(latest).write(1, 'red');
    await net.register(origins).write(3, 300);
    expect(await net.register(latest).readAll()).toEqual(['', 'red', '', '']);
    expect(await net.register(origins).readAll()).toEqual([0, 0, 0, 300]);
    // 32 bits for the controller, 9 in the switch.
    await expect(net.register(origins).write(3, 512)).rejects.toThrow(/INVALID_ARGUMENT.*bit<9>/s);
    // @ts-expect-error no such text
    await expect(net.register(latest).write(3, 'rde')).rejects.toThrow('did you mean "red"?');
    // @ts-expect-error text, not a number
    await expect(net.register(latest).write(3, 2)).rejects.toThrow('2 is not text');
    expect(await net.register(latest).read(3)).toBe('');
  });

  test('cells of several fields have its values', async () => {
    const cell = { vrf: 'red', from: 300, neighbour: '10.0.0.9', packets: 127 } as const;
    await net.register(seen).write(2, cell);
    expect(await net.register(seen).read(2)).toEqual(cell);
    expect(await net.register(seen).read(1)).toEqual({ vrf: '', from: 0, neighbour: '0.0.0.0', packets: 0 });
    // What the switch has for it: 10 bits, 9, 32 and 7.
    const { p4info } = compile((programOf(newtypes) as NonNullable<ReturnType<typeof programOf>>).ir, bmv2).compiled ?? {};
    const register = p4info?.registers.find((r) => r.preamble.name === 'ingress.seen');
    expect(register?.type_spec).toEqual({ bitstring: { bit: { bitwidth: 58 } } });
    const [read] = await all(net.raw.read({ register_entry: { register_id: register?.preamble.id ?? 0, index: { index: 2n } } }));
    const bits = (2n << 48n) | (300n << 39n) | (0x0a000009n << 7n) | 127n;
    expect(Buffer.from(read?.register_entry?.data?.bitstring ?? []).toString('hex')).toBe(bits.toString(16).padStart(14, '0'));
    // @ts-expect-error no such text
    await expect(net.register(seen).write(2, { ...cell, vrf: 'rde' })).rejects.toThrow(
      'field vrf: there is no value "rde"; did you mean "red"?',
    );
    await expect(net.register(seen).write(2, { ...cell, from: 512 })).rejects.toThrow('field from: 512 does not fit bit<9>');
    expect(await net.register(seen).read(2)).toEqual(cell);
  });

  test('what packets do with the cells', async () => {
    await net.table(vrfs).insert({ match: { from: 300 }, action: setVrf({ vrf: 'blue' }) });
    await net.table(routes).insert({ match: { vrf: 'blue' }, priority: 1, action: forward({ port: 5, neighbour: '10.0.0.1' }) });
    const typed = (etherType: number) => packet(build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:02', etherType }));
    const tag = (rest: number) => build(Tag, { neighbour: '10.0.0.9', vrf: 'blue', rest });
    const out = (rest: number) => build(Tag, { neighbour: '10.0.0.1', vrf: 'blue', rest });
    await net.register(latest).write(2, 'red');
    await net.register(seen).write(2, { vrf: 'red', from: 1, neighbour: '0.0.0.0', packets: 127 });
    // The cell was red, and it is blue after that.
    expect(await net.send(300, packet(typed(2), tag(0)))).toEqual([{ port: 5, packet: packet(typed(2), out(1)) }]);
    expect(await net.send(300, packet(typed(2), tag(0)))).toEqual([{ port: 5, packet: packet(typed(2), out(0)) }]);
    expect(await net.register(latest).readAll()).toEqual(['', '', 'blue', '']);
    expect(await net.register(origins).readAll()).toEqual([0, 300, 0, 0]);
    expect(await net.register(seen).read(2)).toEqual({ vrf: 'blue', from: 300, neighbour: '10.0.0.9', packets: 1 });
    // Beyond the cells 0 is read, and nothing written.
    expect(await net.send(300, packet(typed(4), tag(0)))).toEqual([{ port: 5, packet: packet(typed(4), out(0)) }]);
    expect(await net.register(latest).readAll()).toEqual(['', '', 'blue', '']);
  });
});

test('digests have the values of controllers, which BMv2 does not know there', async () => {
  const Wide = newtype('wide_t', bit(16), { uri: '', as: bit(64) });
  const Host = newtype('host_t', bit(32), { uri: '', as: ipv4 });
  const H = header('h_t', { vrf: Vrf, port: PortId, wide: Wide, host: Host, neighbour: Neighbour, rest: bit(5) });
  const telling = pipeline('telling', {
    headers: { h: H },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress(ctl, { hdr: { h } }) {
      const told = ctl.digest('told_t', { vrf: Vrf, port: PortId, wide: Wide, host: Host, neighbour: Neighbour });
      ctl.apply((c) => c.digest(told, { vrf: h.vrf, port: h.port, wide: h.wide, host: h.host, neighbour: h.neighbour }));
      return { told };
    },
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  const values = { vrf: 'red', port: 300, wide: 0xffffn, host: '10.0.0.1', neighbour: '10.0.0.9' } as const;
  const sw = await simulate(telling);
  const lists = sw.digests(telling.ingress.told, { maxListSize: 1 });
  await sw.send(1, build(H, { ...values, rest: 0 }));
  for await (const { entries } of lists) {
    expect(entries).toEqual([values]);
    break;
  }
  await sw.close();
  const { ir } = programOf(telling) as NonNullable<ReturnType<typeof programOf>>;
  expect(
    compile(ir, bmv2)
      .diagnostics.filter(isOfWhole)
      .map((d) => [d.code, d.message])[0],
  ).toEqual(['not-on-target', 'The field `vrf` of the digest told_t cannot be used on BMv2: its server knows no vrf_t in a digest.']);
});

test('entries of the program are written with the values of controllers', async () => {
  const Zone = newtype('zone_t', bit(8), { uri: '', values: { inside: 1, outside: 2 } });
  const Port = newtype('port_id_t', port, { uri: '', as: bit(32) });
  const H = header('h_t', { zone: Zone });
  const zones = pipeline('zones', {
    headers: { h: H },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress(ctl, { hdr }) {
      const go = ctl.action('go', { to: Port }, (c, a) => c.forward(a.to.as(port)));
      const table = ctl.table('t', {
        key: { zone: exact(hdr.h.zone) },
        actions: [go],
        entries: [{ match: { zone: 'outside' }, action: go({ to: 3 }) }],
      });
      ctl.apply((c) => c.apply(table));
      return { table };
    },
    deparser(d, { hdr }) {
      d.emit(hdr.h);
    },
  });
  const sw = await simulate(zones);
  expect(await sw.send(1, Uint8Array.of(2))).toEqual([{ port: 3, packet: Uint8Array.of(2) }]);
  expect(await sw.send(1, Uint8Array.of(1))).toEqual([]);
  expect(await all(sw.table(zones.ingress.table).entries())).toMatchObject([{ match: { zone: 'outside' }, action: { args: { to: 3 } } }]);
  await sw.close();
});

describe('mistakes', () => {
  test('two texts for one value, a value that does not fit, text that P4 cannot print', () => {
    expect(() => newtype('t', bit(8), { uri: '', values: { a: 1, b: 1 } })).toThrow('t.a and t.b are both 1');
    expect(() => newtype('t', bit(8), { uri: '', values: { a: 256 } })).toThrow('256');
    expect(() => newtype('t', bit(8), { uri: '"', values: { a: 1 } })).toThrow('has a quote');
    expect(() => newtype('t', bit(8)).value(256)).toThrow('256');
  });

  test('a value of the type and its bits are not the same', () => {
    const Id = newtype('id_t', mac);
    const wrong = pipeline('wrong', {
      headers: { ethernet: Ethernet },
      metadata: { id: Id },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.ethernet);
          return p.accept();
        },
      },
      ingress(ctl, { hdr, meta }) {
        ctl.apply((c) => {
          // @ts-expect-error an address is not yet an id
          c.set(meta.id, hdr.ethernet.src);
          // @ts-expect-error no arithmetic
          meta.id.add;
          c.drop();
        });
        return {};
      },
      deparser: (d, { hdr }) => d.emit(hdr.ethernet),
    });
    const program = programOf(wrong);
    expect(program?.diagnostics.map((d) => d.message)).toEqual(['`hdr.ethernet.src` is bit<48>, but id_t is expected.']);
  });

  test('only the values of which there are bits are used: a type that nothing declares but a variable', () => {
    const Id = newtype('id_t', mac);
    const only = pipeline('only', {
      headers: { ethernet: Ethernet },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.ethernet);
          return p.accept();
        },
      },
      ingress(ctl, { hdr }) {
        ctl.apply((c) => {
          const id = c.let('id', hdr.ethernet.src.as(Id));
          c.if(id.eq(Id.value(5)), () => c.forward(1));
        });
        return {};
      },
      deparser: (d, { hdr }) => d.emit(hdr.ethernet),
    });
    const { compiled, diagnostics } = compile((programOf(only) as NonNullable<ReturnType<typeof programOf>>).ir, bmv2);
    expect(diagnostics).toEqual([]);
    expect(compiled?.lowered.types.map((t) => t.name)).toContain('id_t');
  });
});
