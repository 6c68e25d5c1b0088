/** A tree of traces as text for people: what decides the way of a packet, and where each way ends. */
import picocolors from 'picocolors';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { formatLoc } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { alternativeText, choiceText, notTriedText } from './choice-text.js';
import { countOutcomes } from './outcomes.js';
import { bytes, type Colors, formatCall, eventPaint, eventTexts, formatTraceMatch, formatTraceValue, placeAtRight } from './render-trace.js';
import type { ApplyEvent, ChoiceEvent, CopyEvent, Trace, TraceEvent } from './trace.js';

/** How a tree is shown. */
export interface RenderTreeOptions {
  readonly color?: boolean;
  /** Where the entry that was hit is written, such as in a file of entries. */
  readonly entryPlace?: (lookup: ApplyEvent) => Loc | undefined;
}
interface Line {
  readonly text: string;
  readonly paint?: keyof Colors | undefined;
  readonly loc?: Loc | undefined;
  readonly inside?: readonly Line[];
}

/**
 * The tables that were applied, the choices with their alternatives, the copies, and what leaves or is dropped: one line each, with
 * the place of the entry or else of the statement. `renderTrace` shows a tree with all events.
 */
export function renderTree(tree: Trace, options: RenderTreeOptions = {}): string {
  expectArguments('renderTree', { tree: { kind: 'object', parts: { events: 'list' } }, options: 'object?' }, [tree, options]);
  const colors = picocolors.createColors(options.color ?? false);
  const count = countOutcomes(tree.events);
  const received = `port ${tree.port}: ${bytes(tree.bytes)} received, ${count} outcome${count === 1n ? '' : 's'}`;
  const lines = [colors.bold(received)];
  draw(linesOf(tree.events, options), '', colors, lines);
  return lines.join('\n');
}

function draw(all: readonly Line[], indent: string, colors: Colors, out: string[]): void {
  for (const [i, { text, paint, loc, inside = [] }] of all.entries()) {
    const isLast = i === all.length - 1;
    const branch = `${indent}${isLast ? '└─' : '├─'} `;
    const painted = `${colors.dim(branch)}${paint ? colors[paint as 'red'](text) : text}`;
    out.push(placeAtRight(painted, branch.length + text.length, loc ? formatLoc(loc) : '', colors));
    draw(inside, `${indent}${isLast ? '   ' : '│  '}`, colors, out);
  }
}

function linesOf(events: readonly TraceEvent[], options: RenderTreeOptions): Line[] {
  const lines: Line[] = [];
  for (const [i, event] of events.entries()) {
    if (event.kind === 'copy') {
      // All copies of one kind come one after the other.
      if (events[i - 1]?.kind !== 'copy') lines.push(...copyLines(events.slice(i), options));
      continue;
    }
    if (event.kind === 'choice') lines.push(choiceLine(event, options));
    else if (event.kind === 'clone' || event.kind === 'restart') {
      // A pass that goes on needs no line of its own.
      if (event.continued) lines.push(...linesOf(event.events, options));
      else lines.push({ ...lineOf(event), inside: linesOf(event.events, options) });
    } else {
      if (isShown(event)) lines.push(event.kind === 'apply' ? applyLine(event, options) : lineOf(event));
      if ('events' in event) lines.push(...linesOf(event.events, options));
    }
  }
  return lines;
}

function isShown(event: TraceEvent): boolean {
  switch (event.kind) {
    case 'apply':
      return !event.continued;
    case 'checksum':
      return event.outcome === 'bad';
    case 'parser-error':
    case 'digest':
    case 'send':
    case 'drop':
      return true;
    default:
      return false;
  }
}

const lineOf = (event: TraceEvent): Line => ({ text: eventTexts(event)[0] ?? '', paint: eventPaint(event), loc: event.loc });

function applyLine(event: ApplyEvent, { entryPlace }: RenderTreeOptions): Line {
  const { table, hit, keys, priority, profile, action, loc } = event;
  const asked = keys.map((key) => (key.entry ? `${key.name}=${formatTraceMatch(key.entry, key)}` : formatTraceValue(key)));
  const parts = [`${hit ? 'hit' : 'miss'}${asked.map((one) => ` ${one}`).join('')}`];
  if (priority !== undefined) parts.push(`priority ${priority}`);
  if (profile?.member !== undefined) parts.push(`member ${profile.member}`);
  else if (profile) parts.push(`group ${profile.group} without a member that is up`);
  const text = `${table}: ${parts.join(', ')} -> ${formatCall(action)}`;
  return { text, paint: hit ? 'green' : 'yellow', loc: (hit && entryPlace?.(event)) || loc };
}

/** All copies that were made together: each of them happens. */
function copyLines(events: readonly TraceEvent[], options: RenderTreeOptions): Line[] {
  const end = events.findIndex(({ kind }) => kind !== 'copy');
  const copies = (end < 0 ? events : events.slice(0, end)) as readonly CopyEvent[];
  const lines = copies.flatMap((copy): Line[] => {
    const inside = linesOf(copy.events, options);
    return copy.continued ? inside : [{ ...lineOf(copy), inside }];
  });
  const [first] = copies;
  return lines.length < 2 || first?.continued ? lines : [{ text: `each of ${copies.length} copies`, paint: 'cyan', loc: first?.loc, inside: lines }];
}

function choiceLine(choice: ChoiceEvent, options: RenderTreeOptions): Line {
  const { loc } = choice;
  const alternatives = choice.alternatives.map(({ events }, i): Line => {
    return { text: alternativeText(choice, i), paint: 'bold', inside: linesOf(events, options) };
  });
  return { text: choiceText(choice), paint: 'magenta', loc, inside: [...alternatives, ...notTriedText(choice).map((text): Line => ({ text, paint: 'red' }))] };
}
