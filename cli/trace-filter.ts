/** Which of the packets that were traced are shown. */
import type { ControlSchema } from '../compiler/control/schema.js';
import type { SentPacket } from '../runtime/client/simulate.js';
import { allEvents, type Trace } from '../runtime/data-plane/trace.js';

/** What became of a packet. */
export interface TracedOutcome {
  readonly outputs: readonly SentPacket[];
  readonly toController: readonly SentPacket[];
  readonly trace: Trace;
}
export const fates = ['dropped', 'sent', 'controller'] as const;
type Fate = (typeof fates)[number];

export interface FilterOptions {
  readonly only?: Fate;
  readonly table?: string;
  readonly toPort?: number;
}

const hasFate: Readonly<Record<Fate, (packet: TracedOutcome) => boolean>> = {
  dropped: ({ outputs, toController }) => outputs.length + toController.length === 0,
  sent: ({ outputs }) => outputs.length > 0,
  controller: ({ toController }) => toController.length > 0,
};

/** Lets a packet through for which all options hold. @throws DiagnosticError entry-unknown, entries-ambiguous for the table */
export function traceFilter({ only, table: name, toPort }: FilterOptions, { tables }: ControlSchema): (packet: TracedOutcome) => boolean {
  const table = name === undefined ? undefined : tables.find(name).name;
  const isApplied = ({ events }: Trace): boolean => [...allEvents(events)].some((event) => event.kind === 'apply' && event.table === table);
  return (packet) =>
    (only === undefined || hasFate[only](packet)) &&
    (table === undefined || isApplied(packet.trace)) &&
    (toPort === undefined || [...packet.outputs, ...packet.toController].some(({ port }) => port === toPort));
}
