/** A trace as one line for people. */
import picocolors from 'picocolors';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { lastName } from '../../compiler/ir/names.js';
import { formatLoc } from '../../compiler/support/diagnostics.js';
import { bytes, formatCall, traceParts } from './render-trace.js';
import { type ApplyEvent, allEvents, type Trace } from './trace.js';

/** How a trace is summarized. */
export interface SummaryOptions {
  readonly color?: boolean;
  /** What leaves at this port goes to the controller. */
  readonly cpuPort?: number;
}

/**
 * `port 1, 98 bytes, ethernet ipv4: routes hit forward(port=2); acl miss NoAction() -> port 2`: the headers that were extracted,
 * the tables that were applied, with their actions, and the ports at which the packet and its copies left, or why they did not.
 */
export function summarizeTrace(trace: Trace, options: SummaryOptions = {}): string {
  expectArguments('summarizeTrace', { trace: traceParts, options: 'object?' }, [trace, options]);
  const { color = false, cpuPort } = options;
  const colors = picocolors.createColors(color);
  const events = [...allEvents(trace.events)];
  const applies = events.filter((e) => e.kind === 'apply');
  const short = shortNames(applies);
  const headers = new Set<string>();
  const middle: string[] = [];
  const ends: string[] = [];
  for (const event of events) {
    switch (event.kind) {
      case 'extract':
        headers.add(lastName(event.header));
        break;
      case 'parser-error':
        middle.push(colors.red(`parser error ${event.error}`));
        break;
      case 'checksum':
        if (event.outcome === 'bad') middle.push(colors.red(`bad checksum ${event.field}`));
        break;
      case 'apply':
        middle.push((event.hit ? colors.green : colors.yellow)(applied(event, short)));
        break;
      case 'digest':
        middle.push(colors.cyan(`digest ${lastName(event.digest)}`));
        break;
      case 'restart':
        middle.push(colors.cyan(event.how));
        break;
      case 'send':
        ends.push(colors.bold(event.port === cpuPort ? 'controller' : `port ${event.port}`));
        break;
      case 'drop':
        ends.push(`${colors.red(event.reason)}${colors.dim(inBrackets(formatLoc(event.loc)))}`);
        break;
    }
  }
  const packet = [`port ${trace.port}`, bytes(trace.bytes), ...(headers.size > 0 ? [[...headers].join(' ')] : [])].join(', ');
  return `${packet}: ${middle.length > 0 ? `${middle.join('; ')} ` : ''}-> ${ends.join(' and ') || 'nothing'}`;
}

function applied({ table, hit, action, profile }: ApplyEvent, short: ReadonlyMap<string, string>): string {
  const runs = profile && profile.member === undefined ? 'nothing' : formatCall({ ...action, name: lastName(action.name) });
  return `${short.get(table)} ${hit ? 'hit' : 'miss'} ${runs}`;
}

/** The last names of the tables, where no other table of the trace ends in the same one. */
function shortNames(applies: readonly ApplyEvent[]): ReadonlyMap<string, string> {
  const tables = [...new Set(applies.map((e) => e.table))];
  const isShared = (table: string): boolean => tables.some((other) => other !== table && lastName(other) === lastName(table));
  return new Map(tables.map((table) => [table, isShared(table) ? table : lastName(table)]));
}

const inBrackets = (place: string): string => (place ? ` (${place})` : '');
