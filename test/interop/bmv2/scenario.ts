/** What is done to a switch, whichever it is: a program is loaded, then come packets and what the controller does. */
import type { Vals } from '../../../compiler/dsl/surface.js';
import type { Switch } from '../../../runtime/client/switch.js';
import type { AnyPipeline, PacketOutOf } from '../../../runtime/client/types.js';

export interface Scenario<P extends AnyPipeline = AnyPipeline> {
  /** Also the name of its recording. */
  readonly name: string;
  readonly pipeline: P;
  readonly steps: readonly Step<P>[];
}

/** One thing after the other: each is over, with all packets that it causes, before the next begins. */
export type Step<P extends AnyPipeline = AnyPipeline> = Arrival | PacketOut<P> | Control<P>;
/** A packet arrives at a port. */
export interface Arrival extends Known {
  readonly port: number;
  readonly bytes: Uint8Array;
}
/** The controller sends a packet. */
export interface PacketOut<P extends AnyPipeline> extends Known {
  readonly packetOut: Uint8Array;
  readonly metadata: Vals<PacketOutOf<P>>;
}
/** The controller writes entries, reads counters: what the function returns is compared. */
export interface Control<P extends AnyPipeline> extends Known {
  readonly control: (sw: Switch<P>) => Promise<unknown>;
}
interface Known {
  /** BMv2 does something else, and why; LIMITATIONS.md has it too. */
  readonly differs?: string;
}

export const scenario = <P extends AnyPipeline>(s: Scenario<P>): Scenario<P> => s;

/** A packet arrives: bytes, or hexadecimal text with spaces where one likes. */
export function packet(port: number, bytes: Uint8Array | string, differs?: string): Arrival {
  const given = typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes.replace(/\s/g, ''), 'hex')) : bytes;
  return { port, bytes: given, ...(differs === undefined ? {} : { differs }) };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
