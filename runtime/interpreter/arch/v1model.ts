/**
 * v1model as BMv2's simple_switch runs it (its docs/simple_switch.md and simple_switch.cpp). Differences: no queues, so
 * the packet's time in them is 0.
 */

import { v1model as spec } from '../../../compiler/arch/index.js';
import { named } from '../../../compiler/ir/build.js';
import type { Expr } from '../../../compiler/ir/index.js';
import { bytesToHex, truncate } from '../../../compiler/support/bits.js';
import { InternalError, invariant } from '../../../compiler/support/invariant.js';
import { type Loc, nowhere } from '../../../compiler/support/location.js';
import type { OutputPacket } from '../../switch/messages.js';
import { hashAlgorithms } from '../checksum.js';
import { argument, PacketIn, PacketOut } from '../core.js';
import { CounterArray, directCounter } from '../counters.js';
import { evaluate, evaluateBits, evaluateBool, lvalue } from '../eval.js';
import type { LoadedProgram } from '../load.js';
import { BitWriter } from '../packet.js';
import { parserOutcome } from '../parser.js';
import { type BlockInstance, type ExternCall, type ExternFunction, type Pass, Scope } from '../scope.js';
import { exprText, traced } from '../tracer.js';
import { clone, type StructValue, type Value } from '../values.js';
import type { Architecture, InputPacket, ReplicationState } from './architecture.js';

/** The port that means dropping. */
const dropPort = 511n;
/** instance_type of a copy that the multicast engine made. */
const replicaInstance = 5n;

export const v1model: Architecture = {
  spec,
  functions: {
    mark_to_drop: markToDrop,
    verify_checksum: verifyChecksum(false),
    verify_checksum_with_payload: verifyChecksum(true),
    update_checksum: updateChecksum(false),
    update_checksum_with_payload: updateChecksum(true),
  },
  externs: {
    counter: (name, [size]) => new CounterArray(name, Number(size)),
    direct_counter: () => directCounter,
  },
  meaningOf,
  refuses: (e) => {
    const hash = e.kind === 'member' && e.type.kind === 'named' && e.type.name === 'HashAlgorithm' ? e.name : undefined;
    return hash !== undefined && !(hash in hashAlgorithms) ? `HashAlgorithm.${hash}` : undefined;
  },
  process,
};

// ── the pipeline ──

/** One copy of the packet between its blocks. */
interface Copy {
  readonly hdr: Value;
  readonly meta: Value;
  readonly std: StructValue;
  /** Bytes that setValid and setInvalid added: BMv2's packet_length in egress counts them. */
  readonly lengthChange: number;
  readonly payload: Uint8Array;
}

function process(loaded: LoadedProgram, packet: InputPacket, state: ReplicationState): OutputPacket[] {
  const [parser, verify, ingress] = loaded.blocks as [BlockInstance, BlockInstance, BlockInstance];
  const { types } = loaded.globals;
  const { trace } = packet;
  const std = types.default(named('standard_metadata_t')) as StructValue;
  const hdr = types.default(typeOfParam(parser, 1));
  const meta = types.default(typeOfParam(parser, 2));
  const microseconds = packet.timestampNs / 1000n;
  setAll(std, {
    ingress_port: BigInt(packet.port),
    packet_length: BigInt(packet.bytes.length),
    ingress_global_timestamp: truncate(microseconds, 48),
  });
  const pass: Pass = {
    packetLength: packet.bytes.length,
    lengthChange: 0,
    payload: new Uint8Array(),
    standardMetadata: std,
    ...(trace ? { trace } : {}),
  };

  // A parser that ends early does not drop: what it extracted stays, the rest is payload, and checksums are verified.
  // reject, and a select without a match, are as accept: simple_switch knows neither.
  const input = new PacketIn(packet.bytes);
  runBlock(loaded, parser, pass, [input, hdr, meta, std], (run, scope) => {
    const outcome = parserOutcome(run, scope);
    if (outcome.kind === 'error') std.fields.set('parser_error', outcome.error);
  });
  pass.payload = input.payload;
  runBlock(loaded, verify, pass, [hdr, meta]);
  runBlock(loaded, ingress, pass, [hdr, meta, std]);

  setAll(std, { enq_timestamp: truncate(microseconds, 32), egress_global_timestamp: truncate(microseconds, 48) });
  const copy: Copy = { hdr, meta, std, lengthChange: pass.lengthChange, payload: pass.payload };
  const group = Number(field(std, 'mcast_grp'));
  if (group !== 0) return multicast(loaded, packet, copy, group, state);
  const port = field(std, 'egress_spec');
  const loc = writtenAt(std, 'egress_spec');
  if (port === dropPort) {
    trace?.add({ kind: 'drop', reason: ingressDropReason(std), loc });
    return [];
  }
  trace?.add({ kind: 'traffic-manager', action: 'unicast', port: Number(port), loc });
  return egress(loaded, packet, copy, Number(port));
}

function ingressDropReason(std: StructValue): string {
  const error = std.fields.get('parser_error');
  return error === 'NoError' ? 'dropped in ingress' : `dropped in ingress, after parser error ${error}`;
}

/** A copy for each replica of the group; none for an unknown group. */
function multicast(loaded: LoadedProgram, packet: InputPacket, copy: Copy, group: number, state: ReplicationState): OutputPacket[] {
  const loc = writtenAt(copy.std, 'mcast_grp');
  const replicas = state.multicastGroups.get(group) ?? [];
  packet.trace?.add({ kind: 'traffic-manager', action: 'multicast', group, loc });
  if (replicas.length === 0) packet.trace?.add({ kind: 'drop', reason: `dropped: multicast group ${group} has no replicas`, loc });
  return replicas.flatMap(({ port, instance }) => {
    const std = clone(copy.std);
    setAll(std, { instance_type: replicaInstance, egress_rid: BigInt(instance) });
    return traced(
      packet.trace,
      () => ({ kind: 'copy', port, instance, loc }),
      () => egress(loaded, packet, { ...copy, hdr: clone(copy.hdr), meta: clone(copy.meta), std }, port),
    );
  });
}

function egress(loaded: LoadedProgram, packet: InputPacket, copy: Copy, port: number): OutputPacket[] {
  const [, , , block, compute, deparser] = loaded.blocks as BlockInstance[] as [
    never,
    never,
    never,
    BlockInstance,
    BlockInstance,
    BlockInstance,
  ];
  const { hdr, meta, std, lengthChange, payload } = copy;
  const { trace } = packet;
  const pass: Pass = { packetLength: packet.bytes.length, lengthChange, payload, standardMetadata: std, ...(trace ? { trace } : {}) };
  // simple_switch writes drop port + 1, which 9 bits hold as 0: only a drop in egress itself counts.
  setAll(std, { egress_port: BigInt(port), egress_spec: 0n, packet_length: BigInt(packet.bytes.length + lengthChange) });
  std.writtenAt?.delete('egress_spec');
  runBlock(loaded, block, pass, [hdr, meta, std]);
  if (field(std, 'egress_spec') === dropPort) {
    trace?.add({ kind: 'drop', reason: 'dropped in egress', loc: writtenAt(std, 'egress_spec') });
    return [];
  }
  runBlock(loaded, compute, pass, [hdr, meta]);
  const output = new PacketOut();
  runBlock(loaded, deparser, pass, [output, hdr]);
  const bytes = Buffer.concat([output.bytes(), payload]);
  trace?.add({ kind: 'send', port, bytes: bytesToHex(bytes), loc: nowhere });
  return [{ port, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) }];
}

function runBlock(
  loaded: LoadedProgram,
  block: BlockInstance,
  pass: Pass,
  args: readonly Value[],
  around: (run: () => void, scope: Scope) => void = (run) => run(),
): void {
  const scope = new Scope(loaded.globals, pass, block);
  block.decl.params.forEach((p, i) => {
    scope.declare(p.name, args[i] as Value);
  });
  traced(
    pass.trace,
    () => ({ kind: 'block', name: block.decl.name, loc: block.decl.loc }),
    () => around(() => block.run(scope), scope),
  );
}

const typeOfParam = (block: BlockInstance, index: number) => {
  const param = block.decl.params[index];
  invariant(param, `${block.decl.name} has no parameter ${index + 1}`);
  return param.type;
};

const field = (struct: StructValue, name: string): bigint => struct.fields.get(name) as bigint;
const setAll = (struct: StructValue, values: Readonly<Record<string, bigint>>): void => {
  for (const [name, value] of Object.entries(values)) struct.fields.set(name, value);
};
const writtenAt = (struct: StructValue, name: string): Loc => struct.writtenAt?.get(name) ?? nowhere;

function meaningOf(struct: StructValue, name: string): string | undefined {
  if (struct.type !== 'standard_metadata_t') return undefined;
  const value = struct.fields.get(name);
  if (name === 'egress_spec') return value === dropPort ? 'drop' : `to port ${value}`;
  if (name === 'mcast_grp' && value !== 0n) return `to multicast group ${value}`;
  return undefined;
}

// ── externs ──

function markToDrop(call: ExternCall): undefined {
  const std = evaluate(argument(call, 0), call.scope) as StructValue;
  setAll(std, { egress_spec: dropPort, mcast_grp: 0n });
  const { trace } = call.scope;
  if (!trace) return;
  std.writtenAt ??= new Map();
  std.writtenAt.set('egress_spec', call.loc);
  trace.add({ kind: 'decision', by: 'mark_to_drop', meaning: 'drop', loc: call.loc });
}

/** Skipped when the condition is false or the checksum's header invalid. */
function verifyChecksum(withPayload: boolean): ExternFunction {
  return (call) => {
    const { scope, loc } = call;
    const stored = argument(call, 2);
    const name = exprText(stored);
    if (!evaluateBool(argument(call, 0), scope) || inInvalidHeader(stored, scope)) {
      scope.trace?.add({ kind: 'checksum', field: name, outcome: 'skipped', loc });
      return undefined;
    }
    const value = evaluateBits(stored, scope);
    const computed = computeChecksum(call, withPayload);
    if (value !== computed) scope.pass.standardMetadata.fields.set('checksum_error', 1n);
    const outcome = value === computed ? 'ok' : 'bad';
    scope.trace?.add({ kind: 'checksum', field: name, outcome, stored: `${value}`, computed: `${computed}`, loc });
    return undefined;
  };
}

/** Skipped when the condition is false. */
function updateChecksum(withPayload: boolean): ExternFunction {
  return (call) => {
    const { scope, loc } = call;
    const target = argument(call, 2);
    const name = exprText(target);
    if (!evaluateBool(argument(call, 0), scope)) {
      scope.trace?.add({ kind: 'checksum', field: name, outcome: 'skipped', loc });
      return undefined;
    }
    const stored = evaluateBits(target, scope);
    const computed = computeChecksum(call, withPayload);
    lvalue(target, scope).set(computed);
    scope.trace?.add({ kind: 'checksum', field: name, outcome: 'updated', stored: `${stored}`, computed: `${computed}`, loc });
    return undefined;
  };
}

function computeChecksum(call: ExternCall, withPayload: boolean): bigint {
  const { scope } = call;
  const algorithm = evaluate(argument(call, 3), scope) as string;
  const hash = hashAlgorithms[algorithm];
  if (!hash) throw new InternalError(`the hash algorithm ${algorithm}`);
  const data = new BitWriter();
  writeData(argument(call, 1), data, scope);
  const bytes = withPayload ? Buffer.concat([data.bytes(), scope.pass.payload]) : data.bytes();
  return truncate(hash(bytes), scope.types.width(argument(call, 2).type));
}

/** Fields of invalid headers are left out (BMv2's calculations.cpp). */
function writeData(expr: Expr, to: BitWriter, scope: Scope): void {
  if (expr.kind === 'list') for (const element of expr.elements) writeData(element, to, scope);
  else if (expr.kind === 'struct') for (const f of expr.fields) writeData(f.value, to, scope);
  else if (!inInvalidHeader(expr, scope)) scope.types.write(to, evaluate(expr, scope), expr.type);
}

function inInvalidHeader(expr: Expr, scope: Scope): boolean {
  if (expr.kind !== 'field') return false;
  const base = evaluate(expr.base, scope);
  return typeof base === 'object' && base.kind === 'header' && !base.valid;
}
