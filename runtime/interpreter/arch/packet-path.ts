/** What the way of a packet through any architecture's blocks has: what it causes, how often it may start again, and blocks run on it. */
import type { Type } from '../../../compiler/ir/index.js';
import { toHex } from '../../../compiler/support/bytes.js';
import { InternalError } from '../../../compiler/support/invariant.js';
import { type Loc, nowhere } from '../../../compiler/support/location.js';
import type { DigestMessage, OutputPacket, Replica, ReplicaTarget } from '../../data-plane/messages.js';
import type { DropPlace } from '../../data-plane/state.js';
import type { LoadedProgram } from '../load.js';
import { type BlockInstance, type Pass, Scope } from '../scope.js';
import { traced } from '../tracer.js';
import type { Value } from '../values.js';
import type { InputPacket } from './architecture.js';

/** How often one packet may start again, one after the other. */
const maxTurns = 64;
/** How many times all the copies of one packet together may start again or be cloned. */
const maxRestarts = 4096;

/** What one packet from outside causes. */
export interface Journey {
  readonly loaded: LoadedProgram;
  readonly packet: InputPacket;
  readonly outputs: OutputPacket[];
  readonly digests: DigestMessage[];
  restarts: number;
}

export const newJourney = (loaded: LoadedProgram, packet: InputPacket): Journey => ({
  loaded,
  packet,
  outputs: [],
  digests: [],
  restarts: 0,
});

/** As BMv2 counts time. */
export const microseconds = (ns: bigint): bigint => ns / 1000n;

/** When a packet, or a copy of it, that left ingress at that time comes to egress. */
export function passQueue({ packet }: Journey, leftNs: bigint): bigint {
  const { transit, trace } = packet;
  if (!transit) return leftNs;
  const { queueDepth = 0, dequeueDepth = 0, queueDelayNs = 0n, residenceNs = queueDelayNs } = transit;
  const egressNs = leftNs + residenceNs;
  trace?.add({ kind: 'queue', depth: queueDepth, dequeueDepth, delayNs: `${queueDelayNs}`, egressNs: `${egressNs}`, loc: nowhere });
  return egressNs;
}

/** A packet, or a copy of it, ends: counted, and told in the trace. */
export function drop({ loaded, packet }: Journey, where: DropPlace, why: () => { readonly reason: string; readonly loc: Loc }): void {
  loaded.globals.state.countDrop(where);
  packet.trace?.add({ kind: 'drop', ...why() });
}

/** Whether a packet that has started again or was cloned `turns` times may go on; says in the trace when not. */
export function mayRestart(journey: Journey, turns: number, loc: Loc): boolean {
  if (turns > maxTurns)
    drop(journey, 'restart', () => ({ reason: `dropped: started again or cloned more than ${maxTurns} times in a row`, loc }));
  else if (journey.restarts++ >= maxRestarts)
    drop(journey, 'restart', () => ({ reason: `dropped: the copies of this packet started again more than ${maxRestarts} times`, loc }));
  else return true;
  return false;
}

/** A copy for each replica: to the first port that is up, its own or, in their order, those of its backups. */
export function forReplicas(journey: Journey, replicas: readonly Replica[], loc: Loc, copyTo: (to: ReplicaTarget) => void): void {
  const { packet, loaded } = journey;
  for (const replica of replicas) {
    const { backups = [] } = replica;
    const to = [replica, ...backups].find(({ port }) => !loaded.globals.state.portsDown.has(port));
    if (to)
      traced(
        packet.trace,
        () => ({ kind: 'copy', port: to.port, instance: to.instance, loc }),
        () => packet.choices.copy(() => copyTo(to)),
      );
    else drop(journey, 'multicast', () => ({ reason: `no copy: ${downPorts([replica, ...backups])} down`, loc }));
  }
}

const downPorts = ([{ port }, ...backups]: readonly ReplicaTarget[]): string =>
  `port ${port}${backups.length > 0 ? ` and its backups ${backups.map((b) => b.port).join(', ')} are` : ' is'}`;

/** Runs a block with these arguments; the scope that is returned has what they became. */
export function runBlock(
  loaded: LoadedProgram,
  block: BlockInstance,
  pass: Pass,
  args: readonly Value[],
  around: (run: () => void, scope: Scope) => void = (run) => run(),
): Scope {
  const scope = new Scope(loaded.globals, pass, block);
  block.decl.params.forEach((p, i) => {
    scope.declare(p.name, args[i] as Value);
  });
  traced(
    pass.trace,
    () => ({ kind: 'block', name: block.decl.name, loc: block.decl.loc }),
    () => around(() => block.run(scope), scope),
  );
  return scope;
}

export function typeOfParam(block: BlockInstance, index: number): Type {
  const param = block.decl.params[index];
  if (!param) throw new InternalError(`${block.decl.name} has no parameter ${index + 1}`);
  return param.type;
}

/** The packet leaves the switch. */
export function send({ packet, outputs }: Journey, port: number, bytes: Uint8Array): void {
  packet.trace?.add({ kind: 'send', port, bytes: toHex(bytes), loc: nowhere });
  outputs.push({ port, bytes });
}
