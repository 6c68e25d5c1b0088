/** `sendAll`: every outcome that a packet can have. */
import type { TableSchema } from '../../compiler/control/schema.js';
import { tableOf } from '../../compiler/dsl/handles.js';
import type { Impl, Table } from '../../compiler/dsl/surface.js';
import { fromHex } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { outcomesOf } from '../data-plane/outcomes.js';
import { type ApplyEvent, allEvents, type Trace } from '../data-plane/trace.js';
import type { SwitchCore } from '../switch/core.js';
import type { Parts } from './handle-parts.js';
import { expectHandle } from './ownership.js';
import { type SendOptions, toTransit } from './send-options.js';
import type { SentPacket } from './simulate.js';

/** What `sendAll` tries. */
export interface SendAllOptions extends Omit<SendOptions, 'timestampNs'> {
  /**
   * Tables whose entries count as unknown, by handle or name. Such a table may miss, or hit an entry with any of these: the actions
   * and arguments that its entries have, its other actions without parameters, and the groups and members of its profile.
   */
  readonly open?: readonly (Table<unknown, string, Impl> | string)[];
  /** How often the packet is run at most. Default: 10,000. */
  readonly limit?: number;
}
/** One thing that can happen to a packet, with all its copies. */
export interface Outcome {
  /** From 0 to 1; none where the outcome depends on an open table. */
  readonly probability?: number;
  /** The packets that leave the switch. */
  readonly outputs: readonly SentPacket[];
  /** The packets to the controller, as they leave the pipeline through the CPU port. */
  readonly toController: readonly SentPacket[];
  /** The tables that were applied, each with the entry that it hit and the action that ran. */
  readonly lookups: readonly ApplyEvent[];
  readonly trace: Trace;
}
/** All that can happen to a packet. */
export interface AllOutcomes {
  /** The trace, in which an event of the kind `choice` has the alternatives. */
  readonly tree: Trace;
  /** Made one by one: the choices of several copies of a packet multiply. */
  readonly outcomes: Iterable<Outcome>;
}

const defaultLimit = 10_000;

/** @throws DiagnosticError too-many-ways, open-const-table, and for tables that are not there */
export async function sendAll(
  core: SwitchCore,
  parts: Parts,
  port: number,
  packet: Uint8Array,
  options: SendAllOptions,
  loc: Loc,
): Promise<AllOutcomes> {
  const { open = [], limit = defaultLimit } = options;
  const { transit } = toTransit(options, 'sendAll');
  if (limit < 1) fail('bad-operand', { got: String(limit), expected: 'a limit of 1 or more' }, { loc });
  const ids = open.map((table) => openTable(table, parts, loc).id);
  const reply = await core.traceTree(port, packet, { open: ids, limit, ...(transit && { transit }) });
  if (!reply) return fail('bad-operand', { got: 'none', expected: 'a switch with a pipeline' }, { loc });
  if ('tooMany' in reply) return fail('too-many-ways', { limit, choices: reply.tooMany }, { loc });
  const { tree, cpuPort } = reply;
  return {
    tree,
    outcomes: {
      *[Symbol.iterator]() {
        for (const { probability, trace } of outcomesOf(tree)) {
          const events = [...allEvents(trace.events)];
          const sent = events.flatMap((e) => (e.kind === 'send' ? [{ port: e.port, packet: fromHex(e.bytes) }] : []));
          yield {
            ...(probability === undefined ? {} : { probability }),
            outputs: sent.filter((one) => one.port !== cpuPort),
            toController: sent.filter((one) => one.port === cpuPort),
            lookups: events.filter((e) => e.kind === 'apply'),
            trace,
          };
        }
      },
    },
  };
}

function openTable(table: unknown, parts: Parts, loc: Loc): TableSchema {
  const found =
    typeof table === 'string'
      ? parts.schema.tables.find(table, loc)
      : parts.find('tables', expectHandle(tableOf, table, 'sendAll()', 'table'), loc);
  if (found.isConst) fail('open-const-table', { table: found.name }, { loc });
  return found;
}
