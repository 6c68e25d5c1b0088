/** A trace as text for people. */
import picocolors from 'picocolors';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { maxUnsigned } from '../../compiler/support/bits.js';
import { formatLoc } from '../../compiler/support/diagnostics.js';
import { addressWidth, type Format, formatValue } from '../../compiler/support/values.js';
import { alternativeText, choiceText, notTriedText } from './choice-text.js';
import type { NamedTraceValue, Trace, TraceBucket, TraceEvent, TraceKey, TraceMatch, TraceProfile, TraceValue } from './trace.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where the places begin, unless a line is longer. */
const placeColumn = 88;

/** A trace, for `expectArguments`. */
export const traceParts = { kind: 'object', parts: { events: 'list' } } as const;

/** One line an event, what happened because of it indented below, the place in the source at the right. */
export function renderTrace(trace: Trace, options: { readonly color?: boolean } = {}): string {
  expectArguments('renderTrace', { trace: traceParts, options: 'object?' }, [trace, options]);
  const { color = false } = options;
  const colors = picocolors.createColors(color);
  const lines: string[] = [colors.bold(`port ${trace.port}: ${bytes(trace.bytes)} received`)];
  render(trace.events, 1, colors, lines);
  return lines.join('\n');
}

function render(events: readonly TraceEvent[], depth: number, colors: Colors, lines: string[]): void {
  for (const event of events) {
    // A block without anything to say, such as an empty egress.
    if (event.kind === 'block' && event.events.length === 0) continue;
    const [began = '', ...more] = eventTexts(event);
    const first = 'continued' in event && event.continued ? `${began}, continued` : began;
    const indent = '  '.repeat(depth);
    const paint = eventPaint(event);
    const painted = `${indent}${paint ? colors[paint](first) : first}`;
    lines.push(placeAtRight(painted, indent.length + first.length, formatLoc(event.loc), colors));
    for (const line of more) lines.push(`${indent}    ${line}`);
    if ('events' in event) render(event.events, depth + 1, colors, lines);
    if (event.kind !== 'choice') continue;
    for (const [i, { events }] of event.alternatives.entries()) {
      lines.push(`${indent}  ${colors.bold(alternativeText(event, i))}`);
      render(events, depth + 2, colors, lines);
    }
  }
}

/** `length` is that of the line without its colours. */
export const placeAtRight = (line: string, length: number, place: string, colors: Colors): string =>
  place ? `${line}${' '.repeat(Math.max(2, placeColumn - length))}${colors.dim(place)}` : line;

type Paint = 'bold' | 'green' | 'red' | 'yellow' | 'cyan' | 'magenta';

/** The lines of an event: the first carries its place. */
export const eventTexts = (event: TraceEvent): readonly string[] => (texts[event.kind] as (e: TraceEvent) => readonly string[])(event);
/** The colour of an event's first line. */
export const eventPaint = (event: TraceEvent): Paint | undefined => paints[event.kind]?.(event as never);

const paints: { readonly [K in TraceEvent['kind']]?: (e: OfKind<TraceEvent, K>) => Paint } = {
  block: () => 'bold',
  'parser-error': () => 'red',
  checksum: (e) => (e.outcome === 'bad' ? 'red' : 'green'),
  apply: (e) => (e.hit ? 'green' : 'yellow'),
  decision: () => 'cyan',
  meter: (e) => e.color ?? 'yellow',
  digest: () => 'cyan',
  clone: () => 'cyan',
  restart: () => 'cyan',
  assert: (e) => (e.holds ? 'green' : 'red'),
  'traffic-manager': () => 'cyan',
  queue: () => 'cyan',
  drop: () => 'red',
  send: () => 'green',
  choice: () => 'magenta',
};

const texts: { readonly [K in TraceEvent['kind']]: (e: OfKind<TraceEvent, K>) => readonly string[] } = {
  block: (e) => [e.name],
  state: (e) => [`state ${e.name}`],
  extract: (e) => [`extract ${e.header} (${bits(e.length)})`, ...wrapped(e.fields.map(formatTraceValue))],
  advance: (e) => [`skip ${bits(e.length)}`],
  transition: (e) => [`${e.on.length ? `${e.on.map(formatTraceValue).join(', ')} ` : ''}-> ${e.next ?? 'no case matches'}`],
  'parser-error': (e) => [`parser error ${e.error}`],
  checksum: (e) => {
    if (e.outcome === 'skipped') return [`checksum ${e.field} skipped`];
    const [stored, computed] = [hex16(e.stored), hex16(e.computed)];
    if (e.outcome === 'ok') return [`checksum ${e.field} ok (${stored})`];
    if (e.outcome === 'bad') return [`checksum ${e.field} bad: the packet has ${stored}, computed ${computed}`];
    return [`checksum ${e.field} updated: ${stored} -> ${computed}`];
  },
  apply: (e) => {
    const keys = e.keys.map((key) => `${formatTraceValue(key)}${key.entry ? ` matches ${formatTraceMatch(key.entry, key)}` : ''}`);
    const priority = e.priority === undefined ? '' : `, priority ${e.priority}`;
    const runs = e.profile && e.profile.member === undefined ? 'nothing' : formatCall(e.action);
    return [`table ${e.table}: ${e.hit ? `hit${priority}` : 'miss'} -> ${runs}`, ...keys, ...(e.profile ? [profileText(e.profile)] : [])];
  },
  call: (e) => [formatCall(e)],
  branch: (e) => [`if ${e.condition}: ${e.taken ? 'yes' : 'no'}`],
  switch: (e) => [`switch ${e.on}: ${text(e.value)}`],
  assign: (e) => {
    const meaning = e.meaning === undefined ? '' : ` (${e.meaning})`;
    if (e.ignored) return [`${e.target} is in an invalid header: nothing written`];
    return [`${e.target}: ${text(e.old)} -> ${text(e.new)}${meaning}`];
  },
  validity: (e) => [`${e.header} becomes ${e.valid ? 'valid' : 'invalid'}`],
  push: (e) => [`${e.stack} pushed by ${e.count}`],
  pop: (e) => [`${e.stack} popped by ${e.count}`],
  count: (e) => [`count ${e.counter}[${e.index}]${e.inRange ? '' : ': out of range, nothing counted'}`],
  'register-read': (e) => [`read ${cell(e.register, e.index)}${e.value ? `: ${text(e.value)}` : ': out of range, nothing read'}`],
  'register-write': (e) => [
    `write ${cell(e.register, e.index)}: ${e.old && e.new ? `${text(e.old)} -> ${text(e.new)}` : 'out of range, nothing written'}`,
  ],
  meter: (e) => {
    const name = e.index === undefined ? e.meter : cell(e.meter, e.index);
    if (!e.color) return [`meter ${name}: out of range, nothing marked`];
    const level = (bucket: TraceBucket | undefined, of: string) => (bucket ? [`${of} ${bucket.tokens} of ${bucket.burst}`] : []);
    const levels = [...level(e.committed, 'committed'), ...level(e.peak, 'peak'), ...level(e.excess, 'excess')];
    if (levels.length === 0) return [`meter ${name}: ${e.color}, not configured`];
    return [`meter ${name}: ${e.color} (left: ${levels.join(', ')} ${e.unit})`];
  },
  hash: (e) => [
    `hash ${e.algorithm}(0x${e.data}) = ${hex(e.hash)}: ${e.max === undefined ? '' : `${e.base} + ${e.hash} % ${e.max} = `}${e.result}`,
  ],
  random: (e) => [`random ${e.low}..${e.high}: ${e.result ?? 'nothing'}`],
  digest: (e) => [`digest ${formatCall({ name: e.digest, args: e.values })}`],
  log: (e) => [`log: ${e.text}`],
  assert: (e) => [`${e.by} ${e.condition}: ${e.holds ? 'holds' : 'does not hold'}`],
  decision: (e) => [`${e.by}: ${e.meaning}`],
  exit: () => ['exit'],
  'traffic-manager': (e) => [`traffic manager: to ${e.action === 'unicast' ? `port ${e.port}` : `multicast group ${e.group}`}`],
  queue: (e) => [
    `queue: ${plural(e.depth, 'packet')} at enqueue, ${e.dequeueDepth} at dequeue, ${e.delayNs} ns in it; egress at ${e.egressNs} ns`,
  ],
  clone: (e) => [`clone to session ${e.session}${e.known ? kept(e.kept) : ': no such session'}`],
  restart: (e) => [`${e.how}, pass ${e.turn + 1}${kept(e.kept)}`],
  copy: (e) => [`copy to port ${e.port}, instance ${e.instance}`],
  emit: (e) => [`emit ${e.header} (${bits(e.length)})`],
  send: (e) => [`port ${e.port}: ${bytes(e.bytes)} sent`, ...hexLines(e.bytes)],
  drop: (e) => [e.reason],
  choice: (e) => [choiceText(e), ...notTriedText(e)],
};

// ── values ──

const text = (v: TraceValue): string => shown(v.value, v.format);
const shown = (value: string, format?: Format): string => (format && /^\d+$/.test(value) ? formatValue(BigInt(value), format) : value);
/** `dst=10.0.0.1`. */
export const formatTraceValue = (v: NamedTraceValue): string => `${v.name}=${text(v)}`;
const cell = (name: string, index: string): string => `${name}[${index}]`;
const kept = (values: readonly NamedTraceValue[]): string => (values.length ? `, keeps ${values.map(formatTraceValue).join(', ')}` : '');
export const formatCall = (c: { readonly name: string; readonly args: readonly NamedTraceValue[] }): string =>
  `${c.name}(${c.args.map(formatTraceValue).join(', ')})`;

/** The member that runs, and why. */
function profileText(p: TraceProfile): string {
  if (p.group === undefined) return `${p.name}: member ${p.member}`;
  if (p.member === undefined) return `${p.name}: group ${p.group} has no member that is up`;
  const at = `${p.name}: group ${p.group}`;
  if (p.assumed) return `${at}, whatever its hash: member ${p.member}`;
  if (p.hash === undefined) return `${at}, at random ${p.index} of ${p.size}: member ${p.member}`;
  const inputs = (p.inputs ?? []).map(formatTraceValue).join(', ');
  const spread = p.shares ? `, spread over ${p.size} to` : ` % ${p.size} =`;
  return `${at}, ${p.algorithm}(${inputs}) = ${hex(p.hash)}${spread} ${p.index}: member ${p.member}`;
}

/** `10.0.0.0/8`, `1..5`, `*`: what a key of the matched entry asks for. */
export function formatTraceMatch(match: TraceMatch, { format, value }: TraceKey): string {
  switch (match.kind) {
    case 'any':
      return '*';
    case 'exact':
    case 'optional':
      // A condition; its entry has one bit.
      if (value === 'true' || value === 'false') return `${match.value === '1'}`;
      return shown(match.value, format);
    case 'lpm':
      return `${shown(match.value, format)}/${match.prefixLength}`;
    case 'ternary':
      if (match.mask === wholeMask(format)) return shown(match.value, format);
      return `${shown(match.value, format)} &&& ${shown(match.mask, addressWidth(format) === undefined ? 'hex' : format)}`;
    case 'range':
      return `${shown(match.low, format)}..${shown(match.high, format)}`;
  }
}

/** The mask of an address that is matched whole. */
const wholeMask = (format: Format | undefined): string | undefined => {
  const width = addressWidth(format);
  return width === undefined ? undefined : String(maxUnsigned(width));
};

const plural = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;
const bits = (length: number): string => (length % 8 === 0 ? plural(length / 8, 'byte') : plural(length, 'bit'));
/** Such as `98 bytes`, of a packet in hexadecimal. */
export const bytes = (hex: string): string => plural(hex.length / 2, 'byte');
const hex = (value: string | undefined): string => `0x${BigInt(value ?? 0).toString(16)}`;
const hex16 = (value: string | undefined): string =>
  `0x${BigInt(value ?? 0)
    .toString(16)
    .padStart(4, '0')}`;

/** As many to a line as fit. */
function wrapped(parts: readonly string[], width = 84): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(part);
  }
  return lines;
}

/** The first 64 bytes, sixteen to a line. */
function hexLines(hex: string): string[] {
  const lines = (hex.slice(0, 128).match(/.{1,32}/g) ?? []).map((line) => (line.match(/../g) ?? []).join(' '));
  return hex.length > 128 ? [...lines, `… ${plural((hex.length - 128) / 2, 'more byte')}`] : lines;
}
