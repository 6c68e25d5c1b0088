/** What is done to a switch, whichever it is: a program is loaded, then come packets and what the controller does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fields } from '../../../compiler/dsl/surface.js';
import type { Vals } from '../../../compiler/dsl/values.js';
import type { Program } from '../../../compiler/ir/index.js';
import type { DigestList } from '../../../runtime/client/digest.js';
import type { Switch } from '../../../runtime/client/switch.js';
import type { AnyPipeline, PacketOutOf } from '../../../runtime/client/types.js';

export interface Scenario<P extends AnyPipeline = AnyPipeline> {
  /** Also the name of its recording. */
  readonly name: string;
  /** A program is of v1model, as it stands. */
  readonly pipeline: P | Program;
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
  /** What leaves is compared after this: it puts constants where clocks were. */
  readonly settle?: (leaves: Uint8Array) => Uint8Array;
  /** BMv2 does something else, and why; LIMITATIONS.md has it too. */
  readonly differs?: string;
}

export const scenario = <P extends AnyPipeline>(s: Scenario<P>): Scenario<P> => s;

/** A packet arrives: bytes, or hexadecimal text with spaces where one likes. */
export function packet(port: number, bytes: Uint8Array | string, differs?: string): Arrival {
  const given = typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes.replace(/\s/g, ''), 'hex')) : bytes;
  return { port, bytes: given, ...(differs === undefined ? {} : { differs }) };
}

/** The next `count` values of a digest; they are acknowledged. Fails when they do not come within five seconds. */
export async function digested<F extends Fields>(lists: AsyncIterable<DigestList<F>>, count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  const reader = lists[Symbol.asyncIterator]();
  while (values.length < count) {
    const late = sleep(5000, undefined, { ref: false }).then(() => {
      throw new Error(`${values.length} of ${count} digests came: ${values.map((v) => Object.values(v as object).join(' '))}`);
    });
    const { value: list } = await Promise.race([reader.next(), late]);
    values.push(...(list as DigestList<F>).entries);
    await (list as DigestList<F>).ack();
  }
  return values;
}
