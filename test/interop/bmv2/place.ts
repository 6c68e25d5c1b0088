/** Where conversations take place: at a BMv2, while somebody writes or not, and where its recordings are read out. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { compile } from '../../../compiler/compile.js';
import { programOf } from '../../../compiler/dsl/handles.js';
import { DiagnosticError } from '../../../compiler/support/diagnostics.js';
import { nowhere } from '../../../compiler/support/location.js';
import { openClient } from '../../../runtime/client/open.js';
import type { Target } from '../../../runtime/client/target.js';
import type { Transport } from '../../../runtime/p4runtime/transport.js';
import { bmv2 } from '../../../targets/bmv2/node.js';
import { startBmv2 } from './bmv2.js';
import { Recorder, Replay, type Said } from './conversation.js';
import type { Conversation, Place } from './conversations.js';
import type { Observed } from './device.js';
import { type Tap, tap } from './tap.js';

const folder = new URL('../../recordings/bmv2-client/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(`${name}.json`, folder));

interface Recording {
  readonly said: readonly Said[];
  /** What left the ports each time that somebody looked, as port and hexadecimal. */
  readonly observed: readonly (readonly (readonly [number, string])[])[];
}

type Observe = Place['observe'];
interface Visit {
  readonly place: Place;
  close(): Promise<void>;
}

function placeOf(target: Target, transport: () => Transport, observe: Observe): Visit {
  const open: (() => Promise<void>)[] = [];
  const connect: Place['connect'] = async (pipeline, options = {}) => {
    const { ir } = programOf(pipeline) as NonNullable<ReturnType<typeof programOf>>;
    const sw = await openClient(ir, transport(), { address: 'BMv2', target, ...options, loc: nowhere });
    open.push(() => sw.close());
    return sw as never;
  };
  const close = async (): Promise<void> => {
    for (const one of open) await one();
  };
  return { place: { target, connect, observe }, close };
}

/** With BMv2 itself; what is said is written down where `name` says so. */
export async function live({ name, run }: Conversation, records: boolean): Promise<void> {
  const device = await startBmv2();
  const taps: Tap[] = [];
  const recorder = new Recorder(() => {
    const tapped = tap(device.transport(), device.barrierIds);
    taps.push(tapped);
    return tapped.transport;
  });
  const observed: Observed[] = [];
  const { place, close } = placeOf(
    bmv2,
    () => recorder.transport(),
    async (cause, packet) => {
      const seen = await device.observe(async (inject) => {
        if (packet) await inject(packet.port, packet.bytes);
        await cause();
        // Until what a controller sent has arrived; what arrives at a port is waited for in any case.
        if (!packet) await taps.at(-1)?.barrier();
      });
      observed.push(seen);
      return seen;
    },
  );
  try {
    await run(place);
    await close();
    if (!records) return;
    const shown = observed.map(({ outputs }) => outputs.map(({ port, bytes }) => [port, Buffer.from(bytes).toString('hex')]));
    mkdirSync(folder, { recursive: true });
    const lines = recorder.said.map((said) => JSON.stringify(said)).join(',\n');
    writeFileSync(path(name), `{"said":[\n${lines}\n],"observed":${JSON.stringify(shown)}}\n`);
  } finally {
    await close();
    await device.close();
  }
}

/** With what BMv2 said when it was recorded. */
export async function replayed({ name, run }: Conversation): Promise<void> {
  const advice = `the recording of ${name} is stale or missing: run "npm run record" where p4c-bm2-ss and simple_switch_grpc are installed`;
  if (!existsSync(path(name))) throw new Error(advice);
  const { said, observed } = JSON.parse(readFileSync(path(name), 'utf8')) as Recording;
  const replay = new Replay(said, advice);
  let looked = 0;
  const { place, close } = placeOf(
    recordedTarget,
    () => replay.transport(),
    async (cause) => {
      await cause();
      return { outputs: (observed[looked++] ?? []).map(([port, hex]) => ({ port, bytes: Buffer.from(hex, 'hex') })) };
    },
  );
  await run(place);
  await close();
  expect(replay.left, advice).toEqual([]);
}

/** BMv2 without p4c: nobody loads the JSON. */
const recordedTarget: Target = {
  ...bmv2,
  configure: (program) => {
    const { compiled, diagnostics } = compile(program, bmv2);
    if (!compiled) throw new DiagnosticError([...diagnostics]);
    return { p4info: compiled.p4info, deviceConfig: Buffer.of(), binding: compiled.binding };
  },
};
