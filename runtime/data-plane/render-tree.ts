/** A tree of traces as text for people: what decides the way of a packet, and where each way ends. */
import picocolors from 'picocolors';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { formatLoc } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { alternativeText, choiceText, notTriedText } from './choice-text.js';
import { countOutcomes } from './outcomes.js';
import {
  bytes,
  type Colors,
  eventPaint,
  eventTexts,
  formatCall,
  formatTraceMatch,
  formatTraceValue,
  placeAtRight,
} from './render-trace.js';
import { type ApplyEvent, allEvents, type ChoiceEvent, type CopyEvent, type Trace, type TraceEvent } from './trace.js';

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

/** `told`: what another line says already. */
function linesOf(events: readonly TraceEvent[], options: RenderTreeOptions, told?: ApplyEvent): Line[] {
  const lines: Line[] = [];
  for (const [i, event] of events.entries()) {
    if (event.kind === 'copy') {
      // All copies of one kind come one after the other.
      if (events[i - 1]?.kind !== 'copy') lines.push(...copyLines(events.slice(i), options, told));
      continue;
    }
    if (event.kind === 'choice') lines.push(choiceLine(event, options));
    else if (event.kind === 'clone' || event.kind === 'restart') {
      // A pass that goes on needs no line of its own.
      if (event.continued) lines.push(...linesOf(event.events, options, told));
      else lines.push({ ...lineOf(event), inside: linesOf(event.events, options) });
    } else {
      if (isShown(event) && event !== told) lines.push(event.kind === 'apply' ? applyLine(event, options) : lineOf(event));
      if ('events' in event) lines.push(...linesOf(event.events, options, told));
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

function applyLine(event: ApplyEvent, options: RenderTreeOptions): Line {
  const { profile } = event;
  const member =
    profile && (profile.member === undefined ? `, group ${profile.group} without a member that is up` : `, member ${profile.member}`);
  return { ...lookupLine(event, options), text: `${lookupText(event)}${member ?? ''} -> ${formatCall(event.action)}` };
}

const lookupLine = (event: ApplyEvent, { entryPlace }: RenderTreeOptions): Omit<Line, 'text'> => ({
  paint: event.hit ? 'green' : 'yellow',
  loc: (event.hit ? entryPlace?.(event) : undefined) ?? event.loc,
});

/** The table, and the entry that was hit. */
function lookupText({ table, hit, keys, priority }: ApplyEvent): string {
  const asked = keys.map((key) => ` ${key.entry ? `${key.name}=${formatTraceMatch(key.entry, key)}` : formatTraceValue(key)}`);
  return `${table}: ${hit ? 'hit' : 'miss'}${asked.join('')}${priority === undefined ? '' : `, priority ${priority}`}`;
}

/** All copies that were made together: each of them happens. */
function copyLines(events: readonly TraceEvent[], options: RenderTreeOptions, told?: ApplyEvent): Line[] {
  const end = events.findIndex(({ kind }) => kind !== 'copy');
  const copies = (end < 0 ? events : events.slice(0, end)) as readonly CopyEvent[];
  const lines = copies.flatMap((copy): Line[] => {
    const inside = linesOf(copy.events, options, told);
    return copy.continued ? inside : [{ ...lineOf(copy), inside }];
  });
  const [first] = copies;
  return lines.length < 2 || first?.continued
    ? lines
    : [{ text: `each of ${copies.length} copies`, paint: 'cyan', loc: first?.loc, inside: lines }];
}

/** What a random number may have decided: what began before the number was drawn was decided without it. */
function firstBranch(events: readonly TraceEvent[]): Line[] {
  for (const event of allEvents(events)) {
    if ('continued' in event && event.continued) continue;
    if (event.kind === 'branch' || event.kind === 'switch') return [lineOf(event)];
    if (event.kind === 'choice' || event.kind === 'apply') break;
  }
  return [];
}

function choiceLine(choice: ChoiceEvent, options: RenderTreeOptions): Line {
  const notTried = notTriedText(choice).map((text): Line => ({ text, paint: 'red' }));
  const lookups = choice.alternatives.map(({ events }) => ('table' in choice ? lookupOf(choice.table, events) : undefined));
  const alternatives = choice.alternatives.map(({ events }, i): Line => {
    const lookup = lookups[i];
    const inside = linesOf(events, options, lookup);
    const text = alternativeText(choice, i);
    if (lookup) return { text: `${text} -> ${formatCall(lookup.action)}`, paint: 'bold', inside };
    return { text, paint: 'bold', inside: choice.by === 'random' ? [...firstBranch(events), ...inside] : inside };
  });
  const inside = [...alternatives, ...notTried];
  // The members of a group have the entry in common.
  const [lookup] = choice.by === 'group' ? lookups : [];
  const text = choiceText(choice);
  if (lookup) return { text: `${lookupText(lookup)}, ${text}`, loc: lookupLine(lookup, options).loc, paint: 'magenta', inside };
  return { text, loc: choice.loc, paint: 'magenta', inside };
}

/** What a table did after a choice that it asked for, before any other choice. */
function lookupOf(table: string, events: readonly TraceEvent[]): ApplyEvent | undefined {
  for (const event of events) {
    if (event.kind === 'choice') return undefined;
    if (event.kind === 'apply' && event.table === table && !event.continued) return event;
    const inside = 'events' in event ? lookupOf(table, event.events) : undefined;
    if (inside) return inside;
  }
  return undefined;
}
