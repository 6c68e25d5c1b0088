/** Runs a scenario on a device. What comes of it is plain data, the same whichever device it was. */
import { createHash } from 'node:crypto';
import { programOf } from '../../../compiler/dsl/handles.js';
import type { Program } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { openClient } from '../../../runtime/client/open.js';
import type { Switch } from '../../../runtime/client/switch.js';
import type { AnyPipeline } from '../../../runtime/client/types.js';
import type { Device, Inject } from './device.js';
import type { Scenario, Step } from './scenario.js';
import { type Tap, tap } from './tap.js';

/** JSON: bytes in hexadecimal, numbers beyond 2^53 as text. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

export interface StepOutcome {
  /** Which step it was. */
  readonly step: Plain;
  /** Port and bytes, sorted: copies of a packet leave in any order. */
  readonly leaves?: Plain;
  readonly packetIns?: Plain;
  /** What the controller read. */
  readonly read?: Plain;
}
export interface Outcome {
  /** A hash of the updates that the controller wrote. */
  readonly writes: string;
  readonly steps: readonly StepOutcome[];
  /** For people: the trace of each step. */
  readonly traces: readonly (string | undefined)[];
}

export function irOf(scenario: Scenario): Program {
  if ('irVersion' in scenario.pipeline) return scenario.pipeline;
  const found = programOf(scenario.pipeline);
  if (!found) throw new Error(`${scenario.name} has no pipeline`);
  return found.ir;
}

export async function run(scenario: Scenario, device: Device): Promise<Outcome> {
  const tapped = tap(device.transport(), device.barrierIds);
  const { address, target } = device;
  const hasPacketIns = irOf(scenario).types.some(({ name }) => name === 'packet_in_t');
  const sw = await openClient<AnyPipeline>(irOf(scenario), tapped.transport, { address, target, electionId: 1n, loc: nowhere });
  try {
    const steps: StepOutcome[] = [];
    const traces: (string | undefined)[] = [];
    for (const [index, step] of scenario.steps.entries()) {
      try {
        const { outcome, trace } = await runStep(step, device, sw, tapped, hasPacketIns);
        steps.push(outcome);
        traces.push(trace);
      } catch (error) {
        throw new Error(`${scenario.name}, step ${index + 1}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
    // In how many requests they come is not the same for all switches.
    const updates = tapped.writes.flatMap((write) => write.updates ?? []);
    return { writes: hash(JSON.stringify(plain(updates))), steps, traces };
  } finally {
    await sw.close();
  }
}

async function runStep(
  step: Step,
  device: Device,
  sw: Switch<AnyPipeline>,
  tapped: Tap,
  hasPacketIns: boolean,
): Promise<{ outcome: StepOutcome; trace?: string }> {
  if ('control' in step) {
    const read = plain(await step.control(sw));
    // What it sent on the stream, such as acknowledgements, has arrived.
    await tapped.barrier();
    return { outcome: { step: 'control', read } };
  }
  const before = tapped.packetIns;
  const { outputs, trace } = await device.observe((inject) => cause(step, inject, sw, tapped));
  // For a moment of it the controller is not primary: one that acts by itself is left alone where nothing is waited for.
  if (hasPacketIns) await tapped.barrier();
  const packetIns: Plain[] = [];
  const arrived = sw.packetIns()[Symbol.asyncIterator]();
  for (let i = before; i < tapped.packetIns; i++) packetIns.push(plain((await arrived.next()).value));
  const leaves = outputs.map(({ port, bytes }): Plain => [port, plain(step.settle?.(bytes) ?? bytes)]);
  const outcome = {
    step: 'port' in step ? [step.port, plain(step.bytes)] : { packetOut: plain(step.packetOut), ...(plain(step.metadata) as object) },
    ...(leaves.length > 0 ? { leaves: leaves.sort(byText) } : {}),
    ...(packetIns.length > 0 ? { packetIns } : {}),
  };
  return { outcome, ...(trace ? { trace } : {}) };
}

async function cause(step: Exclude<Step, { control: unknown }>, inject: Inject, sw: Switch<AnyPipeline>, tapped: Tap): Promise<void> {
  if ('port' in step) return inject(step.port, step.bytes);
  await sw.packetOut(step.packetOut, step.metadata as never);
  await tapped.barrier();
}

const byText = (a: Plain, b: Plain): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

export function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  return (value ?? null) as Plain;
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
