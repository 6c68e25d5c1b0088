/** What each part of the portable architecture becomes on v1model, read as the dump of the IR. */
import { bit, bool, exact, header, mac, ParserError, Path, pipeline, port } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Ctl, Deparser, Headers, IngressBody, IngressStd, Meta, StateCtx } from '../../compiler/dsl/surface.js';
import * as ir from '../../compiler/ir/build.js';
import type { ControlDecl, Expr, Program } from '../../compiler/ir/index.js';
import { printBlock, printProgram } from '../../compiler/ir/print.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { compileWithP4c, p4c } from '../support/p4c.js';
import {
  action,
  at,
  b8,
  extract,
  goto,
  ingressPort,
  ip,
  mark,
  param,
  program,
  shown,
  state,
  struct,
  ttl,
  wrong,
} from '../support/portable-program.js';

const Eth = header('eth_t', { dst: mac, src: mac, type: bit(16) });
const Ip = header('ip_t', { version: bit(8), protocol: bit(8), checksum: bit(16), src: bit(32) });
const headers = { eth: Eth, ip: Ip };
const metadata = { mark: bit(8), flag: bool };

interface View {
  hdr: Headers<typeof headers>;
  meta: Meta<typeof metadata>;
  std: IngressStd;
}
interface Options {
  readonly ingress?: (ctl: Ctl<IngressBody<any>>, v: View & { packetOut: any }) => void;
  readonly egress?: (ctl: Ctl<any>, v: any) => void;
  readonly start?: (p: StateCtx<any>, v: View) => any;
  readonly deparser?: (d: Deparser, v: View) => void;
  readonly packetIn?: object;
  readonly packetOut?: object;
}

/** The program of a pipeline, and what it is lowered to: valid, and accepted by p4c where it is found. */
async function lower(options: Options): Promise<Program> {
  const recorded = programOf(
    pipeline('p', {
      headers,
      metadata,
      parser: {
        start: (options.start ??
          ((p: StateCtx<any>, { hdr }: View) => {
            p.extract(hdr.eth, hdr.ip);
            return p.accept();
          })) as never,
      },
      ingress: (options.ingress ?? (() => {})) as never,
      egress: options.egress as never,
      deparser: (options.deparser ?? ((d: Deparser, { hdr }: View) => d.emit(hdr.eth, hdr.ip))) as never,
      ...(options.packetIn ? { packetIn: options.packetIn } : {}),
      ...(options.packetOut ? { packetOut: options.packetOut } : {}),
    } as never),
  );
  expect(recorded?.diagnostics).toEqual([]);
  const before = recorded?.ir as Program;
  expect(shown(validate(before).diagnostics)).toEqual([]);
  const { program: lowered, diagnostics } = lowerToV1model(before);
  expect(diagnostics).toEqual([]);
  expect(shown(validate(lowered).diagnostics)).toEqual([]);
  if (typeof (await findTool(p4c)) === 'string') {
    const output = await compileWithP4c(printForP4c(lowered));
    expect('code' in output ? output.message : output.warnings).toEqual([]);
  }
  return lowered;
}

const control = (lowered: Program, name: string): ControlDecl => lowered.controls.find((c) => c.name === name) as ControlDecl;
const applied = (lowered: Program, name = 'ingress'): string => printBlock(control(lowered, name).body);
/** Ingress without what every ingress starts with. */
const decided = async (options: Options): Promise<string> =>
  applied(await lower(options))
    .split('\n')
    .slice(5)
    .join('\n');
const apply = (f: (c: IngressBody<any>, v: View & { packetOut: any }) => void) => ({
  ingress: (ctl: Ctl<IngressBody<any>>, v: View & { packetOut: any }) => ctl.apply((c) => f(c as never, v)),
});

test('the package, its blocks and their parameters', async () => {
  const lowered = await lower({});
  expect(lowered.arch).toBe('v1model');
  expect(
    printProgram(lowered)
      .split('\n')
      .filter((line) => /^(parser|control|main)/.test(line)),
  ).toEqual([
    'parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {',
    'control verifyChecksums(inout headers_t hdr, inout metadata_t meta) {',
    'control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {',
    'control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {',
    'control computeChecksums(inout headers_t hdr, inout metadata_t meta) {',
    'control deparse(packet_out packet, in headers_t hdr) {',
    'main V1Switch(parse, verifyChecksums, ingress, egress, computeChecksums, deparse)',
  ]);
});

describe('decisions', () => {
  test('none: the packet is dropped, also after a parser error', async () => {
    expect(applied(await lower({}))).toBe(
      [
        'if (standard_metadata.parser_error != error.NoError) {',
        '  mark_to_drop(standard_metadata)',
        '  return',
        '}',
        'mark_to_drop(standard_metadata)',
      ].join('\n'),
    );
  });

  test('forward and drop, in a program that knows no others', async () => {
    expect(await decided(apply((c, { std }) => c.forward(std.ingressPort)))).toBe(
      'standard_metadata.egress_spec = standard_metadata.ingress_port',
    );
    expect(await decided(apply((c) => c.drop()))).toBe('mark_to_drop(standard_metadata)');
  });

  test('each undoes the others', async () => {
    const all = await decided({
      packetIn: { ingressPort: port, reason: bit(3) },
      ...apply((c, { std }) => {
        c.forward(3);
        c.multicast(7);
        c.toController({ ingressPort: std.ingressPort, reason: 2 });
        c.drop();
      }),
    });
    expect(all.split('\n')).toEqual([
      'standard_metadata.egress_spec = 9w3',
      'standard_metadata.mcast_grp = 16w0',
      'hdr.packet_in.setInvalid()',
      'mark_to_drop(standard_metadata)',
      'standard_metadata.mcast_grp = 16w7',
      'hdr.packet_in.setInvalid()',
      'standard_metadata.egress_spec = CPU_PORT',
      'standard_metadata.mcast_grp = 16w0',
      'hdr.packet_in.setValid()',
      'hdr.packet_in.ingressPort = standard_metadata.ingress_port',
      'hdr.packet_in.reason = 3w2',
      'hdr.packet_in._padding = 4w0',
      'mark_to_drop(standard_metadata)',
      'hdr.packet_in.setInvalid()',
    ]);
  });

  test('in actions, and drop in egress', async () => {
    const lowered = await lower({
      ingress: (ctl, { std }) => {
        const send = ctl.action('send', { port }, (c, a) => c.forward(a.port));
        const t = ctl.table('t', { key: { port: exact(std.ingressPort) }, actions: [send] });
        ctl.apply((c) => void c.apply(t));
      },
      egress: (ctl) => ctl.apply((c: any) => c.drop()),
    });
    const send = control(lowered, 'ingress').locals.find((l) => l.name === 'send');
    expect(send?.kind === 'action' && printBlock(send.body)).toBe('standard_metadata.egress_spec = port');
    expect(applied(lowered, 'egress')).toBe('mark_to_drop(standard_metadata)');
  });

  test('every lowered statement keeps its place', async () => {
    const source = program({ ingress: [ir.callFunction('multicast', [ir.bits(1, 16, wrong)], wrong)] });
    const { body } = control(lowerToV1model(source).program, 'ingress');
    expect(body.slice(-2).map((s) => s.loc)).toEqual([wrong, wrong]);
  });
});

describe('std', () => {
  test('in ingress', async () => {
    const text = await decided({
      ...apply((c, { std, meta }) => {
        const time = c.let('time', std.timestampNs);
        c.set(meta.mark, time.bits(0, 8));
        c.set(meta.flag, std.checksumError);
        c.if(std.path.eq(Path.normal), () => c.drop());
        c.if(std.path.ne(Path.mirrored), () => c.drop());
        c.if(std.path.eq(Path.replicated).or(std.path.eq(Path.mirrored)), () => c.drop());
      }),
    });
    expect(text).toMatchInlineSnapshot(`
      "var bit<48> time = standard_metadata.ingress_global_timestamp * 48w1000
      meta.mark = time[7:0]
      meta.flag = standard_metadata.checksum_error == 1w1
      if (standard_metadata.instance_type == 32w0) {
        mark_to_drop(standard_metadata)
      }
      if ((standard_metadata.instance_type != 32w1) && (standard_metadata.instance_type != 32w2)) {
        mark_to_drop(standard_metadata)
      }
      if ((standard_metadata.instance_type == 32w5) || ((standard_metadata.instance_type == 32w1) || (standard_metadata.instance_type == 32w2))) {
        mark_to_drop(standard_metadata)
      }"
    `);
  });

  test('in egress', async () => {
    const lowered = await lower({
      egress: (ctl, { std, meta }) =>
        ctl.apply((c: any) => {
          const time = c.let('time', std.timestampNs);
          const delay = c.let('delay', std.queueDelayNs);
          c.set(meta.mark, time.bits(0, 8).add(delay.bits(0, 8)).add(std.packetLength.bits(0, 8)));
          c.if(std.egressPort.eq(1).and(std.replica.eq(2)).and(std.queueDepth.gt(3)), () => c.drop());
          c.if(std.path.eq(Path.recirculated).or(std.path.eq(Path.resubmitted)), () => c.drop());
        }),
    });
    expect(applied(lowered, 'egress')).toMatchInlineSnapshot(`
      "var bit<48> time = standard_metadata.egress_global_timestamp * 48w1000
      var bit<32> delay = standard_metadata.deq_timedelta * 32w1000
      meta.mark = (time[7:0] + delay[7:0]) + standard_metadata.packet_length[7:0]
      if (((standard_metadata.egress_port == 9w1) && (standard_metadata.egress_rid == 16w2)) && (standard_metadata.enq_qdepth > 19w3)) {
        mark_to_drop(standard_metadata)
      }
      if ((standard_metadata.instance_type == 32w4) || (standard_metadata.instance_type == 32w6)) {
        mark_to_drop(standard_metadata)
      }"
    `);
  });
});

describe('the parser', () => {
  const select = (p: StateCtx<any>, { hdr }: View) => {
    p.extract(hdr.eth, hdr.ip);
    return p.select(hdr.eth.type).when(0x800, 'accept').when(0x801, 'reject').otherwise('reject');
  };

  test('reject sets a flag, and ingress drops', async () => {
    const lowered = await lower({ start: select });
    expect(printProgram(lowered)).toContain('bit<1> parser_rejected');
    expect(states(lowered)).toMatchInlineSnapshot(`
      "  state start {
          packet.extract(hdr.eth)
          packet.extract(hdr.ip)
          select (hdr.eth.type) {
            16w2048 -> accept
            16w2049 -> rejected
            _ -> rejected
          }
        }
        state rejected {
          meta.parser_rejected = 1w1
          -> accept
        }"
    `);
    expect(applied(lowered)).toMatchInlineSnapshot(`
      "if ((standard_metadata.parser_error != error.NoError) || (meta.parser_rejected == 1w1)) {
        mark_to_drop(standard_metadata)
        return
      }
      mark_to_drop(standard_metadata)"
    `);
  });

  test('a select without a match as well', () => {
    const transition = {
      kind: 'select',
      on: [ttl],
      cases: [{ keys: [ir.value(ir.bits(1, 8))], next: 'accept', loc: at(3) }],
      loc: at(2),
    } as const;
    const lowered = lowerToV1model(program({ states: [state('start', [extract(ip)], transition)] })).program;
    expect(states(lowered)).toMatchInlineSnapshot(`
      "  state start {
          packet.extract(hdr.ip)
          select (hdr.ip.ttl) {
            8w1 -> accept
            _ -> rejected
          }
        }
        state rejected {
          meta.parser_rejected = 1w1
          -> accept
        }"
    `);
    expect(shown(validate(lowered).diagnostics)).toEqual([]);
  });

  test('an error that ingress reads: no flag and no drop, but NoMatch', async () => {
    const lowered = await lower({
      start: select,
      ...apply((c, { std }) => void c.if(std.parserError.eq(ParserError.NoMatch), () => c.forward(1))),
    });
    expect(states(lowered)).toMatchInlineSnapshot(`
      "  state start {
          packet.extract(hdr.eth)
          packet.extract(hdr.ip)
          select (hdr.eth.type) {
            16w2048 -> accept
            16w2049 -> no_match
            _ -> no_match
          }
        }
        state no_match {
          verify(false, error.NoMatch)
          -> accept
        }"
    `);
    expect(applied(lowered)).toMatchInlineSnapshot(`
      "mark_to_drop(standard_metadata)
      if (standard_metadata.parser_error == error.NoMatch) {
        standard_metadata.egress_spec = 9w1
      }"
    `);
  });

  test('the name of the flag does not clash', () => {
    const source = program({ metadata: { parser_rejected: b8 }, states: [state('start', [extract(ip)], goto('reject'))] });
    expect(printProgram(lowerToV1model(source).program)).toContain('meta.parser_rejected_ = 1w1');
  });
});

describe('checksums', () => {
  test('are verified and computed in controls of their own, where the header is valid', async () => {
    const lowered = await lower({
      start: (p, { hdr }) => {
        p.extract(hdr.eth, hdr.ip);
        p.verifyChecksum(hdr.ip.checksum, [hdr.ip.version, hdr.ip.protocol, hdr.ip.src], hdr.ip.version.eq(4));
        return p.accept();
      },
      deparser: (d, { hdr }) => {
        d.updateChecksum(hdr.ip.checksum, [hdr.ip.version, hdr.ip.protocol, hdr.ip.src]);
        d.emit(hdr.eth, hdr.ip);
      },
    });
    expect(states(lowered)).not.toContain('verify_checksum');
    expect(applied(lowered, 'verifyChecksums')).toBe(
      'verify_checksum(valid(hdr.ip) && (hdr.ip.version == 8w4), { hdr.ip.version, hdr.ip.protocol, hdr.ip.src }, hdr.ip.checksum, HashAlgorithm.csum16)',
    );
    expect(applied(lowered, 'computeChecksums')).toBe(
      'update_checksum(valid(hdr.ip), { hdr.ip.version, hdr.ip.protocol, hdr.ip.src }, hdr.ip.checksum, HashAlgorithm.csum16)',
    );
    expect(applied(lowered, 'deparse')).toBe('packet.emit(hdr.eth)\npacket.emit(hdr.ip)');
  });
});

test('counters', async () => {
  const lowered = await lower({
    ingress: (ctl, { hdr }) => {
      const drop = ctl.action('drop', {}, (c) => c.drop());
      const n = ctl.counter('n', { size: 4, unit: 'both' });
      const t = ctl.table('t', { key: { type: exact(hdr.eth.type) }, actions: [drop], counter: 'bytes' });
      ctl.apply((c) => {
        c.count(n, 2);
        c.apply(t);
      });
    },
  });
  const text = printProgram(lowered);
  expect(text).toContain('counter(32w4, CounterType.packets_and_bytes) n');
  expect(text).toContain('direct_counter(CounterType.bytes) t_counter');
  expect(text).toContain('counters = t_counter');
  expect(applied(lowered)).toContain('n.count(32w2)');
});

describe('the controller', () => {
  test('packet_out is parsed first, and only in packets from the CPU port', async () => {
    const lowered = await lower({
      packetOut: { egressPort: port },
      ...apply((c, { packetOut }) => void c.if(packetOut.present, () => c.forward(packetOut.egressPort))),
    });
    expect(states(lowered)).toMatchInlineSnapshot(`
      "  state start {
          select (standard_metadata.ingress_port) {
            CPU_PORT -> parse_packet_out
            _ -> start_of_packet
          }
        }
        state parse_packet_out {
          packet.extract(hdr.packet_out)
          -> start_of_packet
        }
        state start_of_packet {
          packet.extract(hdr.eth)
          packet.extract(hdr.ip)
          -> accept
        }"
    `);
    expect(printProgram(lowered)).toContain('const bit<9> CPU_PORT = 9w510');
    expect(applied(lowered, 'deparse')).not.toContain('packet_out');
  });

  test('packet_in is emitted first; the port is an option', async () => {
    const lowered = await lower({
      packetIn: { ingressPort: port },
      ...apply((c, { std }) => c.toController({ ingressPort: std.ingressPort })),
    });
    expect(applied(lowered, 'deparse')).toBe('packet.emit(hdr.packet_in)\npacket.emit(hdr.eth)\npacket.emit(hdr.ip)');
    const other = programOf(
      pipeline('p', {
        headers,
        packetIn: { ingressPort: port },
        parser: { start: (p) => p.accept() },
        ingress: (ctl, { std }) => ctl.apply((c) => c.toController({ ingressPort: std.ingressPort })),
        deparser() {},
      }),
    );
    expect(printProgram(lowerToV1model(other?.ir as Program, { cpuPort: 64 }).program)).toContain('const bit<9> CPU_PORT = 9w64');
  });
});

test('names of the control plane stay what they are', () => {
  const source = program({ locals: [action('a', [param('p', b8)], [ir.assign(mark, ir.name('p', b8))])] });
  expect([...lowerToV1model(source).binding]).toEqual([['ingress.a', 'ingress.a']]);
});

test('a variable of the name of a parameter does not clash', () => {
  const source = program({
    ingress: [{ kind: 'declare', name: 'standard_metadata', type: b8, init: mark, loc: at(1) }, ir.callFunction('forward', [ingressPort])],
  });
  const lowered = lowerToV1model(source).program;
  expect(shown(validate(lowered).diagnostics)).toEqual([]);
  expect(applied(lowered)).toContain('standard_metadata_.egress_spec = standard_metadata_.ingress_port');
});

describe('refuses, at the user’s line', () => {
  const refused = (parts: Parameters<typeof program>[0]): string[] => {
    const source = program(parts);
    expect(shown(validate(source).diagnostics)).toEqual([]);
    return shown(lowerToV1model(source).diagnostics);
  };
  const std = ir.name('std', ir.named('IngressStd'), at(1));

  test('std as a whole', () => {
    expect(refused({ ingress: [{ kind: 'declare', name: 's', type: std.type, init: { ...std, loc: wrong }, loc: at(1) }] })).toEqual([
      'not-yet 42: std as a value is not supported yet.',
    ]);
  });

  test('names that v1model declares', () => {
    expect(refused({ types: [struct('standard_metadata_t', {}, wrong)] })).toEqual([
      'reserved-name 42: The struct cannot be called "standard_metadata_t": v1model declares that name.',
    ]);
  });

  test('checksums that only the parser could verify', () => {
    const sum = ir.field(ip, 'sum', ir.bitType(16));
    const last = {
      kind: 'stack-member',
      base: ir.field(ir.name('hdr', ir.named('headers_t')), 'labels', { kind: 'stack', element: ir.named('label_t'), size: 2 }),
      member: 'last',
      type: ir.named('label_t'),
      loc: at(1),
    } as const;
    const over = (...data: Expr[]) => ir.callFunction('verify_checksum', [ir.bool(true), ir.list(data), sum], wrong);
    const value = ir.field(last, 'value', ir.bitType(32));
    expect(refused({ states: [state('start', [extract(ip), over(last)], goto('accept'))] })).toEqual([
      'not-yet 42: A checksum over `hdr.labels.last` is not supported yet.',
    ]);
    expect(refused({ states: [state('start', [extract(ip), over(value)], goto('more')), state('more', [], goto('start'))] })).toEqual([
      'not-yet 42: A checksum over `hdr.labels.last.value` in a state to which a packet can come again is not supported yet.',
    ]);
    expect(refused({ states: [state('start', [extract(ip), over(value)], goto('accept'))] })).toEqual([]);
  });

  test('decisions and objects outside of blocks', () => {
    expect(refused({ more: { actions: [action('a', [], [ir.callFunction('drop', [])], wrong)] } })).toEqual([
      'not-yet 42: The action a outside a block is not supported yet.',
    ]);
  });
});

const states = (lowered: Program): string => {
  const text = printProgram(lowered);
  const start = text.indexOf('\n', text.indexOf('\nparser ') + 1);
  return text.slice(start + 1, text.indexOf('\n}', start));
};
