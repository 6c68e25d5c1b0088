/**
 * The way of a packet through v1model, as BMv2's simple_switch has it (its docs/simple_switch.md and
 * simple_switch.cpp). Differences: there are no queues, so that who sends a packet says what they do to it; and a packet
 * that is resubmitted, recirculated or cloned without end is dropped.
 *
 * After ingress: clone, digest, then resubmit, else multicast, else drop, else unicast. After egress: clone, drop,
 * deparse, then recirculate, else send. Metadata that a field list does not name is lost on every way but multicast
 * and unicast, the ingress port and the ingress timestamp with it.
 */
import { named } from '../../../../compiler/ir/build.js';
import type { Type } from '../../../../compiler/ir/index.js';
import { truncate } from '../../../../compiler/support/bits.js';
import type { Loc } from '../../../../compiler/support/location.js';
import type { Replica } from '../../../data-plane/messages.js';
import { PacketIn, PacketOut } from '../../core.js';
import type { LoadedProgram } from '../../load.js';
import { parserOutcome } from '../../parser.js';
import type { BlockInstance } from '../../scope.js';
import { traced } from '../../tracer.js';
import { clone, type StructValue, type Value } from '../../values.js';
import type { InputPacket, ProcessedPacket } from '../architecture.js';
import {
  drop,
  forReplicas,
  type Journey,
  mayRestart,
  microseconds,
  newJourney,
  passQueue,
  runBlock,
  send,
  typeOfParam,
} from '../packet-path.js';
import type { Keeping, V1modelPass } from './extern-context.js';
import { keepOnly, traceKept } from './field-lists.js';
import { dropPort, field, instanceTypes, setAll, writtenAt } from './standard-metadata.js';

type Blocks = readonly [
  parser: BlockInstance,
  verify: BlockInstance,
  ingress: BlockInstance,
  egress: BlockInstance,
  compute: BlockInstance,
  deparser: BlockInstance,
];

/** A packet before the parser. */
interface Arrival {
  readonly bytes: Uint8Array;
  readonly std: StructValue;
  readonly meta: Value;
  /** When it comes to the parser. */
  readonly timeNs: bigint;
  /** How often it has started again. */
  readonly turns: number;
}
/** A packet before egress. */
interface Copy {
  readonly hdr: Value;
  readonly meta: Value;
  readonly std: StructValue;
  /** In bytes, before the parser: what counters and meters count. */
  readonly packetLength: number;
  /** Bytes that setValid and setInvalid added: BMv2's packet_length in egress counts them. */
  readonly lengthChange: number;
  readonly payload: Uint8Array;
  /** Bytes with which it leaves at most. */
  readonly truncateTo: number | undefined;
  /** When it left the block before. */
  readonly timeNs: bigint;
  readonly turns: number;
}

const blocksOf = ({ loaded }: Journey): Blocks => loaded.blocks as unknown as Blocks;

export function process(loaded: LoadedProgram, packet: InputPacket): ProcessedPacket {
  const journey = newJourney(loaded, packet);
  const std = newStd(journey, {
    ingress_port: BigInt(packet.port),
    packet_length: BigInt(packet.bytes.length),
    ingress_global_timestamp: truncate(microseconds(packet.timestampNs), 48),
  });
  ingress(journey, { bytes: packet.bytes, std, meta: newMeta(journey), timeNs: packet.timestampNs, turns: 0 });
  return { outputs: journey.outputs, digests: journey.digests };
}

// ── ingress ──

function ingress(journey: Journey, arrival: Arrival): void {
  const { loaded, packet } = journey;
  const [, verify, block] = blocksOf(journey);
  const { std, meta, timeNs, turns } = arrival;
  const packetLength = arrival.bytes.length;
  const pass = newPass(journey, { std, packetLength, lengthChange: 0 });
  const hdr = parse(journey, pass, arrival.bytes, meta);
  runBlock(loaded, verify, pass, [hdr, meta]);
  runBlock(loaded, block, pass, [hdr, meta, std]);

  const { clone: cloned, digest, resubmit, truncateTo } = pass.requests;
  if (cloned)
    mirror(journey, cloned, meta, arrival, () => {
      // The original packet is parsed once more: what ingress did to the headers is not in the clone.
      const again = newPass(journey, { std: newStd(journey, { ingress_port: field(std, 'ingress_port') }), packetLength, lengthChange: 0 });
      const headers = parse(journey, again, arrival.bytes, newMeta(journey));
      return { hdr: headers, packetLength, lengthChange: 0, payload: again.payload, type: instanceTypes.ingressClone };
    });
  if (digest) journey.digests.push(digest);
  if (resubmit) {
    restart(journey, 'resubmit', resubmit, meta, {
      bytes: arrival.bytes,
      std: newStd(journey, { packet_length: BigInt(packetLength), instance_type: instanceTypes.resubmitted }),
      meta: keepOnly(meta, metaType(journey), resubmit.fieldList, loaded.globals.types),
      timeNs,
      turns: turns + 1,
    });
    return;
  }
  const { lengthChange, payload } = pass;
  const copy: Copy = { hdr, meta, std, packetLength, lengthChange, payload, truncateTo: undefined, timeNs, turns };
  const group = Number(field(std, 'mcast_grp'));
  if (group !== 0) {
    const loc = writtenAt(std, 'mcast_grp');
    const replicas = loaded.globals.state.multicastGroups.get(group) ?? [];
    packet.trace?.add({ kind: 'traffic-manager', action: 'multicast', group, loc });
    if (replicas.length === 0) drop(journey, 'multicast', () => ({ reason: `dropped: multicast group ${group} has no replicas`, loc }));
    setAll(std, { instance_type: instanceTypes.replica });
    replicate(journey, copy, replicas, loc);
    return;
  }
  const port = field(std, 'egress_spec');
  const loc = writtenAt(std, 'egress_spec');
  if (port === dropPort) {
    drop(journey, 'ingress', () => ({ reason: ingressDropReason(std), loc }));
    return;
  }
  packet.trace?.add({ kind: 'traffic-manager', action: 'unicast', port: Number(port), loc });
  // simple_switch forgets here how the packet came.
  setAll(std, { instance_type: instanceTypes.normal });
  egress(journey, { ...copy, truncateTo }, Number(port));
}

/**
 * The headers that the parser extracts. A parser that ends early does not drop: what it extracted stays, the rest is
 * payload. reject, and a select without a match, are as accept: simple_switch knows neither.
 */
function parse(journey: Journey, pass: V1modelPass, bytes: Uint8Array, meta: Value): Value {
  const { loaded } = journey;
  const [parser] = blocksOf(journey);
  const hdr = loaded.globals.types.default(typeOfParam(parser, 1));
  const input = new PacketIn(bytes);
  runBlock(loaded, parser, pass, [input, hdr, meta, pass.standardMetadata], (run, scope) => {
    const outcome = parserOutcome(run, scope);
    if (outcome.kind === 'error') pass.standardMetadata.fields.set('parser_error', outcome.error);
  });
  pass.payload = input.payload;
  return hdr;
}

function ingressDropReason(std: StructValue): string {
  const error = std.fields.get('parser_error');
  return error === 'NoError' ? 'dropped in ingress' : `dropped in ingress, after parser error ${error}`;
}

// ── the traffic manager ──

function replicate(journey: Journey, copy: Copy, replicas: readonly Replica[], loc: Loc): void {
  forReplicas(journey, replicas, loc, ({ port, instance }) => {
    const std = clone(copy.std);
    setAll(std, { egress_rid: BigInt(instance) });
    egress(journey, { ...copy, hdr: clone(copy.hdr), meta: clone(copy.meta), std }, port);
  });
}

/** Clones to a session; `make` gives what the clone does not have from the field list. */
function mirror(
  journey: Journey,
  request: { readonly session: number } & Keeping,
  meta: Value,
  { timeNs, turns }: Pick<Copy, 'timeNs' | 'turns'>,
  make: () => Pick<Copy, 'hdr' | 'packetLength' | 'lengthChange' | 'payload'> & { readonly type: bigint },
): void {
  const { types } = journey.loaded.globals;
  const session = journey.loaded.globals.state.cloneSessions.get(request.session);
  const event = () => ({
    kind: 'clone' as const,
    session: request.session,
    known: session !== undefined,
    kept: traceKept(meta, metaType(journey), request.fieldList, types),
    loc: request.loc,
  });
  traced(journey.packet.trace, event, () => {
    if (!session || !mayRestart(journey, turns + 1, request.loc)) return;
    const { type, ...made } = make();
    const copy: Copy = {
      ...made,
      std: newStd(journey, { instance_type: type }),
      meta: keepOnly(meta, metaType(journey), request.fieldList, types),
      truncateTo: session.truncateBytes,
      timeNs,
      turns: turns + 1,
    };
    replicate(journey, copy, session.replicas, request.loc);
  });
}

function restart(journey: Journey, how: 'resubmit' | 'recirculate', { fieldList, loc }: Keeping, meta: Value, arrival: Arrival): void {
  const event = () => ({
    kind: 'restart' as const,
    how,
    turn: arrival.turns,
    kept: traceKept(meta, metaType(journey), fieldList, journey.loaded.globals.types),
    loc,
  });
  traced(journey.packet.trace, event, () => {
    if (mayRestart(journey, arrival.turns, loc)) ingress(journey, arrival);
  });
}

// ── egress ──

function egress(journey: Journey, copy: Copy, port: number): void {
  const { loaded } = journey;
  const [, , , block, compute, deparser] = blocksOf(journey);
  const { hdr, meta, std, packetLength, payload, truncateTo, turns } = copy;
  const pass = newPass(journey, copy);
  pass.payload = payload;
  if (truncateTo !== undefined) pass.requests.truncateTo = truncateTo;
  const timeNs = passQueue(journey, copy.timeNs);
  // simple_switch writes drop port + 1, which 9 bits hold as 0: only a drop in egress itself counts.
  setAll(std, {
    egress_port: BigInt(port),
    egress_spec: 0n,
    packet_length: BigInt(packetLength + copy.lengthChange),
    ...fromQueue(journey, timeNs),
  });
  std.writtenAt?.delete('egress_spec');
  runBlock(loaded, block, pass, [hdr, meta, std]);

  const { clone: cloned } = pass.requests;
  const { lengthChange } = pass;
  // What the clone has is settled before the checksums are updated; it goes on after the original.
  const headers = cloned && clone(hdr);
  leave();
  if (cloned && headers)
    mirror(journey, cloned, meta, { timeNs, turns }, () => ({
      hdr: headers,
      packetLength,
      lengthChange,
      payload,
      type: instanceTypes.egressClone,
    }));

  function leave(): void {
    if (field(std, 'egress_spec') === dropPort) {
      drop(journey, 'egress', () => ({ reason: 'dropped in egress', loc: writtenAt(std, 'egress_spec') }));
      return;
    }
    runBlock(loaded, compute, pass, [hdr, meta]);
    const output = new PacketOut(loaded.globals.types);
    runBlock(loaded, deparser, pass, [output, hdr]);
    const bytes = output.bytes(payload);
    const { recirculate } = pass.requests;
    if (recirculate) {
      restart(journey, 'recirculate', recirculate, meta, {
        bytes,
        std: newStd(journey, { packet_length: BigInt(bytes.length), instance_type: instanceTypes.recirculated }),
        meta: keepOnly(meta, metaType(journey), recirculate.fieldList, loaded.globals.types),
        timeNs,
        turns: turns + 1,
      });
      return;
    }
    send(journey, port, bytes.subarray(0, pass.requests.truncateTo));
  }
}

/** What simple_switch writes when it takes a packet from its queue. */
function fromQueue({ packet: { transit } }: Journey, timeNs: bigint): Readonly<Record<string, bigint>> {
  const now = microseconds(timeNs);
  const delay = microseconds(transit?.queueDelayNs ?? 0n);
  return {
    enq_timestamp: truncate(now - delay, 32),
    enq_qdepth: BigInt(transit?.queueDepth ?? 0),
    deq_timedelta: delay,
    deq_qdepth: BigInt(transit?.dequeueDepth ?? 0),
    egress_global_timestamp: truncate(now, 48),
  };
}

// ── blocks ──

function newPass(journey: Journey, { std, packetLength, lengthChange }: Pick<Copy, 'std' | 'packetLength' | 'lengthChange'>): V1modelPass {
  const { trace, choices, timestampNs } = journey.packet;
  const payload = nothing;
  return { packetLength, lengthChange, payload, timestampNs, trace, choices, standardMetadata: std, requests: {}, colors: new Map() };
}

const nothing = new Uint8Array();

function newStd({ loaded }: Journey, values: Readonly<Record<string, bigint>>): StructValue {
  const std = loaded.globals.types.default(named('standard_metadata_t')) as StructValue;
  setAll(std, values);
  return std;
}

const metaType = (journey: Journey): Type => typeOfParam(blocksOf(journey)[0], 2);
const newMeta = (journey: Journey): Value => journey.loaded.globals.types.default(metaType(journey));
