/**
 * Every reason for which the switch refuses a request: the canonical code of the specification, a number of our own in the
 * error space "p4ts", and the sentence, which names things as the user knows them.
 */

import type { P4Error } from '../p4runtime/messages.js';
import { type CodeName, codeOf, StatusError } from '../p4runtime/status.js';

const errorSpace = 'p4ts';

interface Reason<P> {
  readonly number: number;
  readonly code: CodeName;
  readonly text: (p: P) => string;
}
const reason = <P = unknown>(number: number, code: CodeName, text: (p: P) => string): Reason<P> => ({ number, code, text });

interface At {
  /** Such as `table ingress.routes, field dst`. */
  readonly at: string;
}
/** The problem is that of `mistakeIn`. */
interface Wrong extends At {
  readonly problem: string;
}
interface Named {
  readonly kind: string;
  readonly id: number;
}
interface TooLarge extends At {
  readonly makes: number;
  readonly sizeIn: 'weights' | 'members';
  readonly size: number;
}
const makes = (p: TooLarge): string => `the ${p.sizeIn} make ${p.makes}`;
const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
const list = (names: readonly string[]): string => (names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`);

export const reasons = {
  // ── the request as a whole ──
  'no-such-device': reason(
    1,
    'NOT_FOUND',
    (p: { id: bigint; known: bigint }) => `there is no device ${p.id}; this switch is device ${p.known}`,
  ),
  'no-such-role': reason(2, 'NOT_FOUND', (p: { role: string }) => `no controller has taken the role "${p.role}"`),
  'not-primary': reason(3, 'PERMISSION_DENIED', (p: { electionId: string }) => `the controller with ${p.electionId} is not the primary`),
  // BMv2 and Stratum say "no forwarding pipeline config" as well; controllers such as finsy look for these words.
  'no-pipeline': reason(
    4,
    'FAILED_PRECONDITION',
    () => 'there is no forwarding pipeline config yet; set one with SetForwardingPipelineConfig',
  ),
  'not-supported': reason(5, 'UNIMPLEMENTED', (p: { what: string }) => `${p.what} is not supported`),
  'nothing-set': reason(6, 'INVALID_ARGUMENT', (p: { what: string }) => `${p.what} is not set`),

  'unknown-value': reason(7, 'INVALID_ARGUMENT', (p: { what: string; value: unknown }) => `${p.what} ${p.value} is not known`),
  undone: reason(8, 'ABORTED', () => 'undone, since another update of the batch was refused'),

  // ── arbitration ──
  'election-id-taken': reason(
    20,
    'INVALID_ARGUMENT',
    (p: { electionId: string }) => `${p.electionId} is already used by another controller`,
  ),
  'device-changed': reason(
    21,
    'FAILED_PRECONDITION',
    (p: { id: bigint; was: bigint }) => `this stream belongs to device ${p.was}, not ${p.id}`,
  ),
  'role-changed': reason(
    22,
    'FAILED_PRECONDITION',
    (p: { role: string; was: string }) => `this stream has role "${p.was}", not "${p.role}"`,
  ),
  'too-many-streams': reason(23, 'RESOURCE_EXHAUSTED', (p: { limit: number }) => `the switch takes at most ${p.limit} controllers`),
  'too-many-newcomers': reason(
    27,
    'RESOURCE_EXHAUSTED',
    (p: { limit: number }) => `more than ${p.limit} streams have no role; send a MasterArbitrationUpdate first`,
  ),

  'role-config': reason(
    24,
    'INVALID_ARGUMENT',
    (p: { why: string }) => `the configuration of the role is no stratum.P4RoleConfig that can be had: ${p.why}`,
  ),
  'too-many-roles': reason(25, 'RESOURCE_EXHAUSTED', (p: { limit: number }) => `the switch knows ${p.limit} roles, and takes no more`),
  'not-for-role': reason(26, 'PERMISSION_DENIED', (p: { role: string; what: string }) => `role "${p.role}" may not ${p.what}`),

  // ── the pipeline ──
  'bad-device-config': reason(
    40,
    'INVALID_ARGUMENT',
    (p: { why: string }) => `p4_device_config is not a program in the JSON form of p4ts: ${p.why}`,
  ),
  'program-refused': reason(41, 'INVALID_ARGUMENT', (p: { why: string }) => `the program cannot be loaded: ${p.why}`),
  'p4info-differs': reason(
    42,
    'INVALID_ARGUMENT',
    (p: { differences: readonly string[] }) => `the P4Info is not that of the program: ${p.differences.join('; ')}`,
  ),

  'nothing-saved': reason(45, 'NOT_FOUND', () => 'there is no configuration to commit; save one with VERIFY_AND_SAVE'),
  'config-given': reason(46, 'INVALID_ARGUMENT', () => 'COMMIT takes no configuration; it commits the one that was saved'),
  'state-not-preserved': reason(
    47,
    'INVALID_ARGUMENT',
    (p: { why: string }) => `what the switch holds cannot be kept with this configuration: ${p.why}`,
  ),

  // ── ids ──
  'id-zero': reason(60, 'INVALID_ARGUMENT', (p: { kind: string }) => `the ${p.kind} id is not set`),
  'no-such-id': reason(61, 'NOT_FOUND', (p: Named) => `there is no ${p.kind} with id ${p.id}`),
  'wrong-id-kind': reason(
    62,
    'INVALID_ARGUMENT',
    (p: Named & { is: string }) => `id ${p.id} is not that of ${article(p.kind)} but of ${article(p.is)}`,
  ),

  // ── table entries ──
  'no-such-field': reason(
    80,
    'INVALID_ARGUMENT',
    (p: At & { id: number; known: readonly string[] }) => `${p.at}: there is no field with id ${p.id}; ${list(p.known)}`,
  ),
  'duplicate-field': reason(81, 'INVALID_ARGUMENT', (p: At) => `${p.at} is given twice`),
  'missing-field': reason(82, 'INVALID_ARGUMENT', (p: At) => `${p.at} is missing: an exact field cannot be left out`),
  'wrong-match-type': reason(
    83,
    'INVALID_ARGUMENT',
    (p: At & { expected: string; given: string }) => `${p.at} is matched as ${p.expected}, not as ${p.given}`,
  ),
  'value-out-of-range': reason(84, 'INVALID_ARGUMENT', (p: At & { bytes: string; width: number }) =>
    p.bytes === '' ? `${p.at}: the value is empty` : `${p.at}: 0x${p.bytes} does not fit bit<${p.width}>`,
  ),
  'dont-care-given': reason(
    85,
    'INVALID_ARGUMENT',
    (p: At & { value: string }) => `${p.at}: ${p.value} matches everything; leave the field out instead`,
  ),
  'prefix-length': reason(86, 'INVALID_ARGUMENT', (p: Wrong) => `${p.at}: ${p.problem}`),
  'prefix-tail': reason(87, 'INVALID_ARGUMENT', (p: Wrong) => `${p.at}: ${p.problem}`),
  'masked-bits': reason(88, 'INVALID_ARGUMENT', (p: Wrong) => `${p.at}: ${p.problem}`),
  'range-order': reason(89, 'INVALID_ARGUMENT', (p: Wrong) => `${p.at}: ${p.problem}`),
  'priority-missing': reason(
    90,
    'INVALID_ARGUMENT',
    (p: At) => `${p.at}: an entry needs a priority above 0, since the table has a ternary, range or optional field`,
  ),
  'priority-given': reason(
    91,
    'INVALID_ARGUMENT',
    (p: At & { priority: number }) => `${p.at}: priority ${p.priority} is given, but the table has no ternary, range or optional field`,
  ),
  'priority-negative': reason(92, 'INVALID_ARGUMENT', (p: At & { priority: number }) => `${p.at}: priority ${p.priority} is negative`),
  'no-keys': reason(93, 'INVALID_ARGUMENT', (p: At) => `${p.at} has no keys, so it has no entries but its default action`),
  'entry-exists': reason(94, 'ALREADY_EXISTS', (p: At & { entry: string }) => `${p.at}: there is an entry ${p.entry} already`),
  'no-such-entry': reason(95, 'NOT_FOUND', (p: At & { entry: string }) => `${p.at}: there is no entry ${p.entry}`),
  'table-full': reason(96, 'RESOURCE_EXHAUSTED', (p: At & { size: number }) => `${p.at} is full: it holds ${p.size} entries`),
  'const-table': reason(97, 'PERMISSION_DENIED', (p: At) => `${p.at}: its entries are constant`),
  'const-entry': reason(98, 'PERMISSION_DENIED', (p: At & { entry: string }) => `${p.at}: entry ${p.entry} is constant`),
  'is-const-given': reason(99, 'INVALID_ARGUMENT', (p: At) => `${p.at}: is_const cannot be written`),
  'no-such-resource': reason(100, 'INVALID_ARGUMENT', (p: At & { resource: string }) => `${p.at} has no ${p.resource}`),
  'resource-not-run': reason(
    103,
    'INVALID_ARGUMENT',
    (p: At & { action: string; resource: string }) => `${p.at}: ${p.action} does not run the ${p.resource}`,
  ),
  'no-such-text': reason(
    101,
    'INVALID_ARGUMENT',
    (p: At & { text: string; known: readonly string[] }) =>
      `${p.at}: "${p.text}" stands for nothing in this switch; the program gives ${p.known.length === 0 ? 'no texts' : p.known.join(', ')}`,
  ),
  'text-too-long': reason(104, 'INVALID_ARGUMENT', (p: At & { max: number }) => `${p.at}: text has at most ${p.max} characters`),
  'texts-exhausted': reason(
    105,
    'RESOURCE_EXHAUSTED',
    (p: At & { text: string }) => `${p.at}: there are no numbers left in the switch for "${p.text}"`,
  ),
  'translated-match': reason(
    102,
    'INVALID_ARGUMENT',
    (p: At) => `${p.at}: its values are translated, so it matches one value, or everything where it is left out`,
  ),

  'entry-restricted': reason(106, 'INVALID_ARGUMENT', (p: At & { why: string }) => `${p.at}: ${p.why}`),

  'reference-missing': reason(107, 'NOT_FOUND', (p: At & { what: string }) => `${p.at} refers to ${p.what}, and there is none`),
  'referred-to': reason(
    108,
    'FAILED_PRECONDITION',
    (p: At & { by: readonly string[] }) => `${p.at} cannot be taken away while ${p.by.join(' and ')} refer to it`,
  ),

  // ── actions ──
  'action-missing': reason(120, 'INVALID_ARGUMENT', (p: At) => `${p.at}: there is no action`),
  'wrong-action-kind': reason(
    121,
    'INVALID_ARGUMENT',
    (p: At & { takes: string; given: string }) => `${p.at}: takes ${p.takes}, not ${p.given}`,
  ),
  'not-an-action-of': reason(
    122,
    'INVALID_ARGUMENT',
    (p: At & { action: string; known: readonly string[] }) => `${p.at}: ${p.action} is not one of its actions; ${list(p.known)}`,
  ),
  'action-scope': reason(
    123,
    'PERMISSION_DENIED',
    (p: At & { action: string; only: string }) => `${p.at}: action ${p.action} may only be ${p.only}`,
  ),
  'no-such-param': reason(
    124,
    'INVALID_ARGUMENT',
    (p: At & { id: number; known: readonly string[] }) => `${p.at}: there is no parameter with id ${p.id}; ${list(p.known)}`,
  ),
  'duplicate-param': reason(125, 'INVALID_ARGUMENT', (p: At) => `${p.at} is given twice`),
  'missing-param': reason(126, 'INVALID_ARGUMENT', (p: At) => `${p.at} is missing`),

  'call-restricted': reason(127, 'INVALID_ARGUMENT', (p: At & { why: string }) => `${p.at}: ${p.why}`),

  // ── default actions ──
  'default-not-modified': reason(
    140,
    'INVALID_ARGUMENT',
    (p: At) => `${p.at}: the default action can only be modified, not inserted or deleted`,
  ),
  'default-with-key': reason(141, 'INVALID_ARGUMENT', (p: At) => `${p.at}: the default action has no match and no priority`),
  'const-default': reason(142, 'PERMISSION_DENIED', (p: At) => `${p.at}: its default action is constant`),

  // ── counters, meters and registers ──
  'only-modify': reason(
    160,
    'INVALID_ARGUMENT',
    (p: At & { what: string }) => `${p.at}: ${article(p.what)} can only be modified, not inserted or deleted`,
  ),
  'index-negative': reason(161, 'INVALID_ARGUMENT', (p: At & { index: bigint }) => `${p.at}: index ${p.index} is negative`),
  'index-out-of-range': reason(
    162,
    'OUT_OF_RANGE',
    (p: At & { index: bigint; size: number }) => `${p.at}: index ${p.index} is outside its ${p.size} cells`,
  ),
  'count-negative': reason(163, 'INVALID_ARGUMENT', (p: At) => `${p.at}: counts cannot be negative`),

  'meter-negative': reason(164, 'INVALID_ARGUMENT', (p: At & { what: string }) => `${p.at}: ${p.what} cannot be negative`),
  'meter-rates': reason(
    165,
    'INVALID_ARGUMENT',
    (p: At & { cir: bigint; pir: bigint }) => `${p.at}: the peak rate ${p.pir} is below the committed rate ${p.cir}`,
  ),
  'meter-excess-burst': reason(
    166,
    'INVALID_ARGUMENT',
    (p: At) => `${p.at}: eburst is given, but the meter is not a single-rate three-colour meter (RFC 2697)`,
  ),
  'wrong-data-type': reason(
    167,
    'INVALID_ARGUMENT',
    (p: At & { expected: string; given: string }) => `${p.at}: takes a ${p.expected}, not ${p.given}`,
  ),
  'wrong-member-count': reason(
    168,
    'INVALID_ARGUMENT',
    (p: At & { expected: number; given: number }) => `${p.at}: takes ${p.expected} members, not ${p.given}`,
  ),
  'meter-single-rate': reason(
    169,
    'INVALID_ARGUMENT',
    (p: At) => `${p.at}: the meter has a single rate, so pir and pburst must be equal to cir and cburst`,
  ),
  'colors-not-zero': reason(170, 'INVALID_ARGUMENT', (p: At) => `${p.at}: counters by colour can only be set to zero`),

  'invalid-header-fields': reason(171, 'INVALID_ARGUMENT', (p: At) => `${p.at}: an invalid header has no fields`),
  'no-such-name': reason(
    172,
    'INVALID_ARGUMENT',
    (p: At & { name: string; known: readonly string[] }) => `${p.at}: there is no ${p.name}; ${list(p.known)}`,
  ),

  // ── multicast groups and clone sessions ──
  'replication-id': reason(180, 'INVALID_ARGUMENT', (p: At & { max: number }) => `${p.at}: the id is not between 1 and ${p.max}`),
  'replication-exists': reason(181, 'ALREADY_EXISTS', (p: At) => `${p.at} exists already`),
  'no-such-replication': reason(182, 'NOT_FOUND', (p: At) => `there is no ${p.at}`),
  'replica-port': reason(
    183,
    'INVALID_ARGUMENT',
    (p: At & { port: string; max: number }) => `${p.at}: ${p.port} is not a port of the switch, which has 0 to ${p.max}`,
  ),
  'replica-instance': reason(
    184,
    'INVALID_ARGUMENT',
    (p: At & { instance: number; max: number }) => `${p.at}: instance ${p.instance} is above ${p.max}`,
  ),
  'duplicate-replica': reason(
    185,
    'INVALID_ARGUMENT',
    (p: At & { port: number; instance: number }) => `${p.at}: port ${p.port}, instance ${p.instance} is given twice`,
  ),
  'class-of-service': reason(
    186,
    'INVALID_ARGUMENT',
    (p: At & { given: number; max: number }) =>
      `${p.at}: there is no class of service ${p.given}, only ${p.max === 0 ? '0' : `0 to ${p.max}`}`,
  ),
  'backup-replica-port': reason(
    188,
    'INVALID_ARGUMENT',
    (p: At & { port: number }) => `${p.at}: port ${p.port} is that of a replica and of its backup`,
  ),
  'packet-length': reason(187, 'INVALID_ARGUMENT', (p: At & { given: number }) => `${p.at}: a packet length of ${p.given} is negative`),

  // ── packets from the controller ──
  'packet-out-not-primary': reason(200, 'PERMISSION_DENIED', () => 'only the primary may send packets'),
  'no-such-metadata': reason(
    201,
    'INVALID_ARGUMENT',
    (p: { id: number; known: readonly string[] }) => `packet_out: there is no field with id ${p.id}; ${list(p.known)}`,
  ),
  'duplicate-metadata': reason(202, 'INVALID_ARGUMENT', (p: At) => `${p.at} is given twice`),
  'missing-metadata': reason(203, 'INVALID_ARGUMENT', (p: At) => `${p.at} is missing`),
  'metadata-out-of-range': reason(204, 'INVALID_ARGUMENT', (p: At & { bytes: string; width: number }) =>
    p.bytes === '' ? `${p.at}: the value is empty` : `${p.at}: 0x${p.bytes} does not fit bit<${p.width}>`,
  ),
  'empty-stream-message': reason(205, 'INVALID_ARGUMENT', () => 'the message holds nothing'),
  'digest-ack-not-primary': reason(206, 'PERMISSION_DENIED', () => 'only the primary may acknowledge digests'),

  // ── action profiles and selectors ──
  'profile-id-zero': reason(220, 'INVALID_ARGUMENT', (p: At & { what: string }) => `${p.at}: the ${p.what} id is not set`),
  'member-exists': reason(221, 'ALREADY_EXISTS', (p: At & { what: string }) => `${p.at}: ${p.what} exists already`),
  'no-such-member': reason(222, 'NOT_FOUND', (p: At & { what: string }) => `${p.at}: there is no ${p.what}`),
  'member-in-use': reason(
    223,
    'FAILED_PRECONDITION',
    (p: At & { what: string; by: string }) => `${p.at}: ${p.what} cannot be deleted while ${p.by} it`,
  ),
  'profile-full': reason(
    224,
    'RESOURCE_EXHAUSTED',
    (p: At & { size: number; what: string }) => `${p.at} is full: it holds ${p.size} ${p.what}`,
  ),
  'no-selector': reason(225, 'INVALID_ARGUMENT', (p: At & { what: string }) => `${p.at} has no selector, so it takes no ${p.what}`),
  'duplicate-member': reason(
    226,
    'INVALID_ARGUMENT',
    (p: At & { member: number }) => `${p.at}: member ${p.member} is given twice; give it a weight instead`,
  ),
  'bad-weight': reason(227, 'INVALID_ARGUMENT', (p: At & { weight: number }) => `${p.at}: weight ${p.weight} is not 1 or more`),
  'weight-given': reason(
    238,
    'INVALID_ARGUMENT',
    (p: At & { weight: number }) => `${p.at}: weight ${p.weight} is given, but the switch weighs the members of this selector`,
  ),
  'weight-too-large': reason(
    236,
    'INVALID_ARGUMENT',
    (p: At & { weight: number; max: number }) => `${p.at}: weight ${p.weight} is above ${p.max}, the largest of this selector`,
  ),
  'watch-port': reason(
    228,
    'INVALID_ARGUMENT',
    (p: At & { port: string; max: number }) => `${p.at}: ${p.port} is not a port of the switch, which has 0 to ${p.max}`,
  ),
  'group-max-size': reason(
    229,
    'INVALID_ARGUMENT',
    (p: At & { given: number; max: number }) => `${p.at}: max_size ${p.given} is not between 1 and ${p.max}`,
  ),
  'group-max-size-negative': reason(230, 'INVALID_ARGUMENT', (p: At & { given: number }) => `${p.at}: max_size ${p.given} is negative`),
  'group-max-size-changed': reason(
    231,
    'INVALID_ARGUMENT',
    (p: At & { given: number; was: number }) => `${p.at}: max_size is ${p.was} and cannot become ${p.given}`,
  ),
  'group-max-size-unsupported': reason(
    237,
    'RESOURCE_EXHAUSTED',
    (p: At & { given: number; size: number }) => `${p.at}: max_size ${p.given} is more than the ${p.size} that the selector holds`,
  ),
  'group-full': reason(232, 'RESOURCE_EXHAUSTED', (p: TooLarge) => `${p.at}: ${makes(p)}, and the group holds ${p.size}`),
  'set-too-large': reason(
    233,
    'INVALID_ARGUMENT',
    (p: TooLarge) => `${p.at}: of the one-shot set ${makes(p)}, and a group holds ${p.size}`,
  ),
  'programmed-otherwise': reason(
    234,
    'INVALID_ARGUMENT',
    (p: At & { now: string; given: string }) => `${p.at} is programmed with ${p.now}, which cannot be mixed with ${p.given}`,
  ),
  'indirect-default': reason(
    235,
    'PERMISSION_DENIED',
    (p: At & { profile: string }) => `${p.at}: its default action is constant, since its actions are in ${p.profile}`,
  ),

  // ── digests, value sets, idle timeouts ──
  'digest-exists': reason(240, 'ALREADY_EXISTS', (p: At) => `${p.at} is configured already`),
  'digest-not-configured': reason(241, 'NOT_FOUND', (p: At) => `${p.at} is not configured`),
  'digest-config-negative': reason(242, 'INVALID_ARGUMENT', (p: At & { what: string }) => `${p.at}: ${p.what} cannot be negative`),
  'no-such-digest': reason(243, 'INVALID_ARGUMENT', (p: { id: number }) => `there is no digest with id ${p.id}`),
  'value-set-full': reason(
    244,
    'RESOURCE_EXHAUSTED',
    (p: At & { size: number; given: number }) => `${p.at} holds ${p.size} members, and ${p.given} are given`,
  ),
  'duplicate-value': reason(245, 'ALREADY_EXISTS', (p: At & { member: string }) => `${p.at}: the member ${p.member} is given twice`),
  'default-idle-timeout': reason(248, 'INVALID_ARGUMENT', (p: At) => `${p.at}: the default action does not expire`),
  'idle-timeout-negative': reason(246, 'INVALID_ARGUMENT', (p: At) => `${p.at}: an idle timeout cannot be negative`),
  'time-since-hit-given': reason(247, 'INVALID_ARGUMENT', (p: At) => `${p.at}: time_since_last_hit cannot be written`),
  'filter-without-table': reason(
    249,
    'INVALID_ARGUMENT',
    (p: { filter: string }) => `${p.filter} filters the entries of one table; the table id is not set`,
  ),
  internal: reason(500, 'INTERNAL', (p: { why: string }) => `the switch failed: ${p.why}`),
} as const;

export type ReasonName = keyof typeof reasons;
type ParamsOf<N extends ReasonName> = (typeof reasons)[N] extends Reason<infer P> ? P : never;

/** A request, or one element of its batch, that the switch refuses. */
export class Refusal extends StatusError {
  readonly number: number;
  constructor(code: CodeName, message: string, number: number) {
    super(code, message);
    this.number = number;
  }

  /** As one element of a batch. */
  toP4Error(): P4Error {
    return { canonical_code: codeOf(this.code), message: this.message, space: errorSpace, code: this.number };
  }
}

export function refusal<N extends ReasonName>(name: N, params: ParamsOf<N>): Refusal {
  const entry = reasons[name] as unknown as Reason<ParamsOf<N>>;
  return new Refusal(entry.code, entry.text(params), entry.number);
}

export function refuse<N extends ReasonName>(name: N, params: ParamsOf<N>): never {
  throw refusal(name, params);
}

/** Whatever was thrown, as a refusal: what is not one is a failure of the switch itself. */
export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : refusal('internal', { why: error instanceof Error ? error.message : String(error) });
}
