/**
 * What happened to one packet: plain data that JSON holds, in the order in which it happened. Events inside an event
 * happened because of it. Each has the place in the user's source; a place with line 0 stands for none.
 *
 * Numbers of the program are decimal text, whatever their width: `BigInt(v.value)`. Packets are hexadecimal text.
 */
import type { Loc } from '../../compiler/support/location.js';
import type { Format } from '../../compiler/support/values.js';

/** A number in decimal, `true`, `false`, the name of an error or enum member, or what an aggregate holds. */
export interface TraceValue {
  readonly value: string;
  /** How people write the number. */
  readonly format?: Format;
}
/** A value with its name. */
export interface NamedTraceValue extends TraceValue {
  readonly name: string;
}

/** What a key of the matched entry asks for. */
export type TraceMatch =
  | { readonly kind: 'exact' | 'optional'; readonly value: string }
  | { readonly kind: 'lpm'; readonly value: string; readonly prefixLength: number }
  | { readonly kind: 'ternary'; readonly value: string; readonly mask: string }
  | { readonly kind: 'range'; readonly low: string; readonly high: string }
  | { readonly kind: 'any' };

/** A key of a table that was applied, with the value that the packet had. */
export interface TraceKey extends NamedTraceValue {
  /** exact, lpm, ternary, range or optional. */
  readonly match: string;
  /** On a hit: what the entry asks for. */
  readonly entry?: TraceMatch;
}

interface Event {
  readonly loc: Loc;
}
interface Parent extends Event {
  readonly events: readonly TraceEvent[];
  /** In an alternative of a choice: the event began before the choice. */
  readonly continued?: true;
}

/** One of the program's blocks, such as its parser, or a control that another applies. */
export interface BlockEvent extends Parent {
  readonly kind: 'block';
  readonly name: string;
}
/** A state of the parser; the events inside are those of the state. */
export interface StateEvent extends Parent {
  readonly kind: 'state';
  readonly name: string;
}
/** A header was taken from the packet. */
export interface ExtractEvent extends Event {
  readonly kind: 'extract';
  readonly header: string;
  /** In bits. */
  readonly length: number;
  readonly fields: readonly NamedTraceValue[];
}
/** The parser passed over bits. */
export interface AdvanceEvent extends Event {
  readonly kind: 'advance';
  /** In bits. */
  readonly length: number;
}
/** Where a state went. */
export interface TransitionEvent extends Event {
  readonly kind: 'transition';
  /** What a select looked at; none for a plain transition. */
  readonly on: readonly NamedTraceValue[];
  /** A state, `accept` or `reject`; none when no case of the select matched. */
  readonly next?: string;
}
/** The parser ended early: what was extracted stays, the rest of the packet is payload. */
export interface ParserErrorEvent extends Event {
  readonly kind: 'parser-error';
  readonly error: string;
}
/** A checksum was verified or computed. */
export interface ChecksumEvent extends Event {
  readonly kind: 'checksum';
  readonly field: string;
  readonly outcome: 'ok' | 'bad' | 'updated' | 'skipped';
  /** Decimal; none where it was skipped. */
  readonly stored?: string;
  readonly computed?: string;
}
/** A table was applied; the events inside are those of the action. */
export interface ApplyEvent extends Parent {
  readonly kind: 'apply';
  readonly table: string;
  readonly hit: boolean;
  readonly keys: readonly TraceKey[];
  /** Of the matched entry, where the table has priorities. */
  readonly priority?: number;
  /** Where the entry names a member or group of an action profile. */
  readonly profile?: TraceProfile;
  readonly action: TraceAction;
}
/** How an entry came to its action through an action profile or selector. */
export interface TraceProfile {
  readonly name: string;
  /** None for an empty group, which runs nothing. */
  readonly member?: number;
  readonly group?: number;
  /**
   * With a group: `hash` by `algorithm` of `inputs`, modulo `size` or, with `shares`, as the seed of a number below it, is
   * `index`, which is where the member stands. Without a hash `index` is a random number, or, in a tree, the first place of a
   * member that the hash of this packet does not choose (`assumed`).
   */
  readonly algorithm?: string;
  readonly inputs?: readonly NamedTraceValue[];
  readonly hash?: string;
  readonly shares?: boolean;
  readonly size?: number;
  readonly index?: number;
  readonly assumed?: true;
}
/** An action that ran, with its arguments. */
export interface TraceAction {
  readonly name: string;
  readonly args: readonly NamedTraceValue[];
}
/** An action or function that was called. */
export interface CallEvent extends Parent {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly NamedTraceValue[];
}
/** An `if`; the events inside are those of the branch taken. */
export interface BranchEvent extends Parent {
  readonly kind: 'branch';
  readonly condition: string;
  readonly taken: boolean;
}
/** A `switch`, on a value. */
export interface CaseEvent extends Parent {
  readonly kind: 'switch';
  readonly on: string;
  readonly value: TraceValue;
}
/** A field or variable was assigned to. */
export interface AssignEvent extends Event {
  readonly kind: 'assign';
  readonly target: string;
  readonly old: TraceValue;
  readonly new: TraceValue;
  /** What writing this field decides in the architecture, such as "to port 3". */
  readonly meaning?: string;
  /** The target is part of an invalid header: nothing was written. */
  readonly ignored?: true;
}
/** A header became valid or invalid; none where it was so already. */
export interface ValidityEvent extends Event {
  readonly kind: 'validity';
  readonly header: string;
  readonly valid: boolean;
}
/** Room was made at the front of a header stack, or headers were removed there. */
export interface StackShiftEvent extends Event {
  readonly kind: 'push' | 'pop';
  readonly stack: string;
  readonly count: number;
}
/** A cell of a counter counted the packet. */
export interface CountEvent extends Event {
  readonly kind: 'count';
  readonly counter: string;
  readonly index: number;
  /** False: nothing was counted. */
  readonly inRange: boolean;
}
/** A register was read; without a value, the index is out of range and nothing was. */
export interface RegisterReadEvent extends Event {
  readonly kind: 'register-read';
  readonly register: string;
  readonly index: string;
  readonly value?: TraceValue;
}
/** A register was written; without values, the index is out of range and nothing was. */
export interface RegisterWriteEvent extends Event {
  readonly kind: 'register-write';
  readonly register: string;
  readonly index: string;
  readonly old?: TraceValue;
  readonly new?: TraceValue;
}
/** A meter marked the packet; without a colour, the index is out of range. */
export interface MeterEvent extends Event {
  readonly kind: 'meter';
  readonly meter: string;
  /** None for a direct meter: the cell is that of the entry. */
  readonly index?: string;
  readonly unit: 'packets' | 'bytes';
  readonly color?: 'green' | 'yellow' | 'red';
  /** What is left in the buckets, in the meter's unit; none where nothing is configured. */
  readonly committed?: TraceBucket;
  /** Of a meter with two rates. */
  readonly peak?: TraceBucket;
  /** Of a meter with a single rate. */
  readonly excess?: TraceBucket;
}
/** A bucket of a meter, in the unit of the meter. */
export interface TraceBucket {
  readonly tokens: string;
  readonly burst: string;
}
/** `result` is `base` + `hash` % `max`, with a max of 0 as 1. */
export interface HashEvent extends Event {
  readonly kind: 'hash';
  readonly algorithm: string;
  /** Hexadecimal. */
  readonly data: string;
  readonly hash: string;
  /** Absent where the hash is the result as it is. */
  readonly base?: string;
  readonly max?: string;
  readonly result: string;
}
/** Without a result: `low` is above `high`. */
export interface RandomEvent extends Event {
  readonly kind: 'random';
  readonly low: string;
  readonly high: string;
  readonly result?: string;
}
/** The controller will be told, unless a later digest replaces this one. */
export interface DigestEvent extends Event {
  readonly kind: 'digest';
  readonly digest: string;
  readonly values: readonly NamedTraceValue[];
}
/** A message for debugging. */
export interface LogEvent extends Event {
  readonly kind: 'log';
  readonly text: string;
}
/** A condition for debugging was checked. */
export interface AssertEvent extends Event {
  readonly kind: 'assert';
  readonly by: 'assert' | 'assume';
  readonly condition: string;
  readonly holds: boolean;
}
/** An extern decided about the packet. */
export interface DecisionEvent extends Event {
  readonly kind: 'decision';
  readonly by: string;
  readonly meaning: string;
}
/** The block ended with `exit`. */
export interface ExitEvent extends Event {
  readonly kind: 'exit';
}
/** Where the traffic manager sent the packet after ingress. `loc`: the statement that decided. */
export interface TrafficManagerEvent extends Event {
  readonly kind: 'traffic-manager';
  readonly action: 'unicast' | 'multicast';
  readonly port?: number;
  readonly group?: number;
}
/** The packet, or one copy of it, waited between ingress and egress, as its sender said. */
export interface QueueEvent extends Event {
  readonly kind: 'queue';
  /** Packets in the queue when it entered, and when it left. */
  readonly depth: number;
  readonly dequeueDepth: number;
  /** Nanoseconds in the queue, in decimal. */
  readonly delayNs: string;
  /** When egress has the packet: nanoseconds since the switch started, in decimal. */
  readonly egressNs: string;
}
/** Copies to the replicas of a clone session; the events inside are those of the copies. `loc`: the call. */
export interface CloneEvent extends Parent {
  readonly kind: 'clone';
  readonly session: number;
  /** False: there is no such session, and no copy. */
  readonly known: boolean;
  /** The metadata that survives. */
  readonly kept: readonly NamedTraceValue[];
}
/** The packet starts again at the parser; the events inside are those of the new pass. `loc`: the call. */
export interface RestartEvent extends Parent {
  readonly kind: 'restart';
  readonly how: 'resubmit' | 'recirculate';
  /** How often it has started again, this time included. */
  readonly turn: number;
  /** The metadata that survives. */
  readonly kept: readonly NamedTraceValue[];
}
/** One copy of a multicast or cloned packet on its way through egress. */
export interface CopyEvent extends Parent {
  readonly kind: 'copy';
  readonly port: number;
  readonly instance: number;
}
/** The deparser put a header into the packet. */
export interface EmitEvent extends Event {
  readonly kind: 'emit';
  readonly header: string;
  /** In bits. */
  readonly length: number;
}
/** The packet, or one copy of it, left the switch. */
export interface SendEvent extends Event {
  readonly kind: 'send';
  readonly port: number;
  readonly bytes: string;
}
/** The packet, or one copy of it, ends. `loc`: the statement that decided. */
export interface DropEvent extends Event {
  readonly kind: 'drop';
  /** Such as "dropped in ingress". */
  readonly reason: string;
}

/**
 * In a tree: one of the alternatives happens. A choice is the last event of the trace, or of a copy: each alternative has
 * all that follows.
 */
export type ChoiceEvent = GroupChoiceEvent | RandomChoiceEvent | OpenTableChoiceEvent;
interface Choice<A extends Alternative> extends Event {
  readonly kind: 'choice';
  readonly alternatives: readonly A[];
}
/** One of the ways that a packet can go after a choice. */
export interface Alternative {
  /** From 0 to 1; none where neither the program nor its entries say it. */
  readonly probability?: number;
  readonly events: readonly TraceEvent[];
}
/** The member of a group that runs; probabilities are those of the weights, as of a hash that spreads evenly. */
export interface GroupChoiceEvent extends Choice<MemberAlternative> {
  readonly by: 'group';
  readonly table: string;
  readonly profile: string;
  readonly group: number;
  /** All weights together. */
  readonly size: number;
}
export interface MemberAlternative extends Alternative {
  /** One, or several that run the same action with the same arguments. */
  readonly members: readonly number[];
  /** That of all these members. */
  readonly weight: number;
  /** The hash of this packet chooses one of these members. */
  readonly byHash?: true;
}
/**
 * A random number from `low` to `high`. Numbers that lead the packet the same way are one alternative, which shows the way of
 * the lowest. If there are more numbers than `tried`, numbers between two that were tried and go the same way count as going that
 * way.
 */
export interface RandomChoiceEvent extends Choice<RandomAlternative> {
  readonly by: 'random';
  readonly low: string;
  readonly high: string;
  /** How many numbers were tried. */
  readonly tried: number;
  /** How many numbers are in no alternative, as too many others were tried. */
  readonly untried?: string;
}
export interface RandomAlternative extends Alternative {
  readonly values: readonly { readonly low: string; readonly high: string }[];
}
/** What a table runs of which nobody knows the entries. */
export interface OpenTableChoiceEvent extends Choice<OpenTableAlternative> {
  readonly by: 'open-table';
  readonly table: string;
  /** Actions that are in no alternative, since no entry gives their arguments. */
  readonly unknown: readonly string[];
}
export interface OpenTableAlternative extends Alternative {
  readonly hit: boolean;
}

/** What can happen to a packet; `kind` tells which it is. */
export type TraceEvent =
  | BlockEvent
  | StateEvent
  | ExtractEvent
  | AdvanceEvent
  | TransitionEvent
  | ParserErrorEvent
  | ChecksumEvent
  | ApplyEvent
  | CallEvent
  | BranchEvent
  | CaseEvent
  | AssignEvent
  | ValidityEvent
  | StackShiftEvent
  | CountEvent
  | RegisterReadEvent
  | RegisterWriteEvent
  | MeterEvent
  | HashEvent
  | RandomEvent
  | DigestEvent
  | LogEvent
  | AssertEvent
  | DecisionEvent
  | ExitEvent
  | TrafficManagerEvent
  | QueueEvent
  | CloneEvent
  | RestartEvent
  | CopyEvent
  | EmitEvent
  | SendEvent
  | DropEvent
  | ChoiceEvent;

/** Everything that happened to one packet; with choices among the events it is a tree, of all that can happen. */
export interface Trace {
  /** The program's name. */
  readonly program: string;
  readonly port: number;
  readonly bytes: string;
  /** Nanoseconds since the switch started, in decimal. */
  readonly timestampNs: string;
  readonly events: readonly TraceEvent[];
}

/** All events of a trace, outer ones before those inside them; of a tree, those of all alternatives. */
export function* allEvents(events: readonly TraceEvent[]): Generator<TraceEvent> {
  for (const event of events) {
    yield event;
    if ('events' in event) yield* allEvents(event.events);
    if ('alternatives' in event) for (const { events } of event.alternatives) yield* allEvents(events);
  }
}
