/**
 * The way of a packet through PSA (PSA §6). Where the specification leaves a choice, as BMv2's psa_switch has it
 * (psa_switch.cpp): what is undefined is 0, timestamps are microseconds since the start, and every number of 32 bits is
 * a port. There are no queues: who sends a packet says how long it is in them. A packet that is resubmitted, recirculated or cloned without end is dropped.
 *
 * After ingress: clone, then drop, else resubmit, else multicast, else unicast. After egress: clone, then drop, else
 * recirculate, else send. The deparsers run whatever was decided: what goes with clones and with packets that start
 * again is set there, and digests are made there.
 */

import { cpuPort, recirculatePort } from '../../../../compiler/arch/psa/include.js';
import type { Loc } from '../../../../compiler/support/location.js';
import type { Replica, ReplicaTarget } from '../../../data-plane/messages.js';
import type { CloneSession } from '../../../data-plane/state.js';
import { PacketIn, PacketOut } from '../../core.js';
import type { LoadedProgram } from '../../load.js';
import { parserOutcome } from '../../parser.js';
import type { BlockInstance, Pass, Scope } from '../../scope.js';
import { traced } from '../../tracer.js';
import type { StructValue, Value } from '../../values.js';
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
import type { PsaPass } from './extern-context.js';
import { type Carried, flag, metadata, number, traceCarried, writtenAt } from './metadata.js';

type Blocks = readonly [
  ingressParser: BlockInstance,
  ingress: BlockInstance,
  ingressDeparser: BlockInstance,
  egressParser: BlockInstance,
  egress: BlockInstance,
  egressDeparser: BlockInstance,
];

/** How the packet came to a parser, with the metadata that goes with that way. */
type Path<P extends string> = { readonly path: P; readonly carried?: Carried };

/** A packet before the ingress parser. */
interface Arrival extends Path<'NORMAL' | 'RESUBMIT' | 'RECIRCULATE'> {
  readonly bytes: Uint8Array;
  readonly port: number;
  /** When it comes to the parser. */
  readonly timeNs: bigint;
  /** How often it has started again or was cloned. */
  readonly turns: number;
}
/** A packet before the egress parser. */
interface Copy extends Path<'NORMAL_UNICAST' | 'NORMAL_MULTICAST' | 'CLONE_I2E' | 'CLONE_E2E'> {
  readonly bytes: Uint8Array;
  readonly classOfService: bigint;
  /** In bytes, before the ingress parser: what counters and meters count. */
  readonly packetLength: number;
  /** When it left the block before. */
  readonly timeNs: bigint;
  readonly turns: number;
}

const blocksOf = ({ loaded }: Journey): Blocks => loaded.blocks as unknown as Blocks;

export function process(loaded: LoadedProgram, packet: InputPacket): ProcessedPacket {
  const journey = newJourney(loaded, packet);
  ingress(journey, { bytes: packet.bytes, port: packet.port, path: 'NORMAL', timeNs: packet.timestampNs, turns: 0 });
  return { outputs: journey.outputs, digests: journey.digests };
}

// ── ingress (PSA §6.1, §6.2) ──

function ingress(journey: Journey, arrival: Arrival): void {
  const { types } = journey.loaded.globals;
  const { trace } = journey.packet;
  const [parser, block, deparser] = blocksOf(journey);
  const { bytes, path, timeNs, turns } = arrival;
  const port = BigInt(arrival.port);
  const pass = passOf(journey, bytes.length);
  const began = microseconds(timeNs);

  const input = new PacketIn(bytes);
  const [hdr, meta] = [initial(journey, parser, 1), initial(journey, parser, 2)];
  const parserError = parse(journey, parser, pass, input, [
    input,
    hdr,
    meta,
    metadata(types, 'psa_ingress_parser_input_metadata_t', { ingress_port: port, packet_path: path }),
    carriedOn(journey, arrival, 'RESUBMIT', parser, 4),
    carriedOn(journey, arrival, 'RECIRCULATE', parser, 5),
  ]);
  const istd = { ingress_port: port, packet_path: path, ingress_timestamp: began, parser_error: parserError };
  const ostd = metadata(types, 'psa_ingress_output_metadata_t', { drop: true });
  run(journey, block, pass, [hdr, meta, metadata(types, 'psa_ingress_input_metadata_t', istd), ostd]);
  const output = new PacketOut(journey.loaded.globals.types);
  const own = [1, 2, 3].map((i) => initial(journey, deparser, i));
  const left = run(journey, deparser, pass, [output, ...own, hdr, meta, ostd]);
  const [forClone, forResubmit, forNormal] = [1, 2, 3].map((i) => carriedOut(deparser, i, left)) as [Carried, Carried, Carried];

  if (flag(ostd, 'clone')) {
    const clone: Cloned = { bytes, path: 'CLONE_I2E', carried: forClone, packetLength: bytes.length, timeNs, turns };
    mirror(journey, ostd, clone);
  }
  if (flag(ostd, 'drop')) {
    drop(journey, 'ingress', () => ({ reason: dropReason('ingress', parserError), loc: writtenAt(ostd, 'drop') }));
    return;
  }
  if (flag(ostd, 'resubmit')) {
    const again: Arrival = { bytes, port: arrival.port, path: 'RESUBMIT', carried: forResubmit, timeNs, turns: turns + 1 };
    restart(journey, 'resubmit', again, writtenAt(ostd, 'resubmit'));
    return;
  }
  const normal = {
    bytes: whole(output, input),
    carried: forNormal,
    classOfService: ostd.fields.get('class_of_service') as bigint,
    packetLength: bytes.length,
    timeNs,
    turns,
  };
  const group = number(ostd, 'multicast_group');
  if (group !== 0) {
    const loc = writtenAt(ostd, 'multicast_group');
    const replicas = journey.loaded.globals.state.multicastGroups.get(group) ?? [];
    trace?.add({ kind: 'traffic-manager', action: 'multicast', group, loc });
    if (replicas.length === 0) drop(journey, 'multicast', () => ({ reason: `dropped: multicast group ${group} has no replicas`, loc }));
    replicate(journey, { ...normal, path: 'NORMAL_MULTICAST' }, replicas, loc);
    return;
  }
  const to = number(ostd, 'egress_port');
  trace?.add({ kind: 'traffic-manager', action: 'unicast', port: to, loc: writtenAt(ostd, 'egress_port') });
  egress(journey, { ...normal, path: 'NORMAL_UNICAST' }, { port: to, instance: 0 });
}

// ── egress (PSA §6.4, §6.5) ──

function egress(journey: Journey, copy: Copy, replica: ReplicaTarget): void {
  const { types } = journey.loaded.globals;
  const [, , , parser, block, deparser] = blocksOf(journey);
  const { path, packetLength, turns } = copy;
  const port = BigInt(replica.port);
  const pass = passOf(journey, packetLength);
  const timeNs = passQueue(journey, copy.timeNs);
  const began = microseconds(timeNs);

  const input = new PacketIn(copy.bytes);
  const [hdr, meta] = [initial(journey, parser, 1), initial(journey, parser, 2)];
  const parserError = parse(journey, parser, pass, input, [
    input,
    hdr,
    meta,
    metadata(types, 'psa_egress_parser_input_metadata_t', { egress_port: port, packet_path: path }),
    path.startsWith('NORMAL') ? carriedOn(journey, copy, path, parser, 4) : initial(journey, parser, 4),
    carriedOn(journey, copy, 'CLONE_I2E', parser, 5),
    carriedOn(journey, copy, 'CLONE_E2E', parser, 6),
  ]);
  const istd = metadata(types, 'psa_egress_input_metadata_t', {
    class_of_service: copy.classOfService,
    egress_port: port,
    packet_path: path,
    instance: BigInt(replica.instance),
    egress_timestamp: began,
    parser_error: parserError,
  });
  const ostd = metadata(types, 'psa_egress_output_metadata_t', {});
  run(journey, block, pass, [hdr, meta, istd, ostd]);
  const output = new PacketOut(journey.loaded.globals.types);
  const own = [1, 2].map((i) => initial(journey, deparser, i));
  const edstd = metadata(types, 'psa_egress_deparser_input_metadata_t', { egress_port: port });
  const left = run(journey, deparser, pass, [output, ...own, hdr, meta, ostd, edstd]);
  const bytes = whole(output, input);

  leave();
  if (flag(ostd, 'clone'))
    mirror(journey, ostd, { bytes, path: 'CLONE_E2E', carried: carriedOut(deparser, 1, left), packetLength, timeNs, turns });

  function leave(): void {
    if (flag(ostd, 'drop')) {
      drop(journey, 'egress', () => ({ reason: dropReason('egress', parserError), loc: writtenAt(ostd, 'drop') }));
    } else if (port === recirculatePort) {
      const again: Arrival = {
        bytes,
        port: replica.port,
        path: 'RECIRCULATE',
        carried: carriedOut(deparser, 2, left),
        timeNs,
        turns: turns + 1,
      };
      restart(journey, 'recirculate', again, deparser.decl.loc);
    } else send(journey, replica.port, bytes);
  }
}

// ── the packet replication engine (PSA §6.2.1, §6.8) ──

const replicate = (journey: Journey, copy: Copy, replicas: readonly Replica[], loc: Loc): void =>
  forReplicas(journey, replicas, loc, (to) => egress(journey, copy, to));

type Cloned = Omit<Copy, 'classOfService'> & { readonly carried: Carried };

/** PSA §6.8: this session is there from the start, and it copies to the controller. */
const toCpu: CloneSession = { replicas: [{ port: Number(cpuPort), instance: 0 }] };

/** Clones to the session that the metadata names. */
function mirror(journey: Journey, ostd: StructValue, cloned: Cloned): void {
  const id = number(ostd, 'clone_session_id');
  const session = journey.loaded.globals.state.cloneSessions.get(id) ?? (id === 0 ? toCpu : undefined);
  const loc = writtenAt(ostd, 'clone');
  const kept = () => traceCarried(cloned.carried, journey.loaded.globals.types);
  traced(
    journey.packet.trace,
    () => ({ kind: 'clone', session: id, known: session !== undefined, kept: kept(), loc }),
    () => {
      const turns = cloned.turns + 1;
      if (!session || !mayRestart(journey, turns, loc)) return;
      const bytes = cloned.bytes.subarray(0, session.truncateBytes);
      replicate(journey, { ...cloned, bytes, classOfService: BigInt(session.classOfService ?? 0), turns }, session.replicas, loc);
    },
  );
}

function restart(journey: Journey, how: 'resubmit' | 'recirculate', arrival: Arrival & { readonly carried?: Carried }, loc: Loc): void {
  const kept = () => (arrival.carried ? traceCarried(arrival.carried, journey.loaded.globals.types) : []);
  traced(
    journey.packet.trace,
    () => ({ kind: 'restart', how, turn: arrival.turns, kept: kept(), loc }),
    () => {
      if (mayRestart(journey, arrival.turns, loc)) ingress(journey, arrival);
    },
  );
}

// ── blocks ──

const passOf = ({ packet: { trace, choices, timestampNs }, digests }: Journey, packetLength: number): PsaPass => ({
  packetLength,
  lengthChange: 0,
  payload: nothing,
  timestampNs,
  trace,
  choices,
  digests,
  cells: new Map(),
});
const nothing = new Uint8Array();

/** A checksum that no block declares begins anew with each block too: its state is the packet's own. */
function run(journey: Journey, block: BlockInstance, pass: Pass, args: readonly Value[], around?: Parameters<typeof runBlock>[4]): Scope {
  for (const object of journey.loaded.objects) object.enter?.();
  return runBlock(journey.loaded, block, pass, args, around);
}

/**
 * Gives the parser's error. A parser that ends early does not drop (PSA §6.1): what it extracted stays, the rest is
 * payload. A transition to reject is no error of its own.
 */
function parse(journey: Journey, parser: BlockInstance, pass: PsaPass, input: PacketIn, args: readonly Value[]): string {
  let error = 'NoError';
  run(journey, parser, pass, args, (parserRun, scope) => {
    const outcome = parserOutcome(parserRun, scope);
    if (outcome.kind === 'error') error = outcome.error;
    if (outcome.kind === 'no-match') error = 'NoMatch';
  });
  pass.payload = input.payload;
  return error;
}

/** The emitted headers, and what the parser left. */
const whole = (output: PacketOut, input: PacketIn): Uint8Array => output.bytes(input.payload);

const dropReason = (where: string, error: string): string =>
  error === 'NoError' ? `dropped in ${where}` : `dropped in ${where}, after parser error ${error}`;

/** The value that a parameter of a block has before anyone sets it. */
const initial = ({ loaded }: Journey, block: BlockInstance, index: number): Value =>
  loaded.globals.types.default(typeOfParam(block, index));

/** What a parameter is for packets on one path: the metadata that came with them, and nothing for the others. */
const carriedOn = (journey: Journey, { path, carried }: Path<string>, wanted: string, parser: BlockInstance, index: number): Value =>
  path === wanted && carried ? carried.value : initial(journey, parser, index);

/** What a deparser has put into a parameter. */
const carriedOut = (deparser: BlockInstance, index: number, scope: Scope): Carried => ({
  type: typeOfParam(deparser, index),
  value: scope.get(deparser.decl.params[index]?.name ?? ''),
});
