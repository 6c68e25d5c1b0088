/** `simulate`: a switch and its controller in one process, without gRPC and without ports of the machine. */
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Trace } from '../data-plane/trace.js';
import { createDataPlane } from '../interpreter/index.js';
import { ManualClock } from '../switch/clock.js';
import { createSwitch } from '../switch/core.js';
import { localTransport } from '../switch/local-transport.js';
import type { SwitchByName } from './by-name.js';
import { checkedProgram, openClients } from './open.js';
import { takes } from './signatures.js';
import type { Switch } from './switch.js';
import type { AnyPipeline } from './types.js';
import { describeValue, toInt64 } from './values.js';

/** What the simulated switch depends on. */
export interface SimulateOptions {
  /** The port of the controller; 510 where it is not said. */
  readonly cpuPort?: number;
  /** An integer that the pipeline's random numbers depend on; 0 where it is not said. */
  readonly seed?: number;
}
/** A packet that left the switch. */
export interface SentPacket {
  readonly port: number;
  readonly packet: Uint8Array;
}
/** A switch in this process: a controller's `Switch`, with ports to send packets to. */
export interface SimulatedSwitch<P extends AnyPipeline> extends Switch<P> {
  /** A packet arrives at a port; what leaves the switch, but for packets to the controller, which `packetIns` gives. */
  send(port: number, packet: Uint8Array): Promise<readonly SentPacket[]>;
  /** As `send`, with what happened on the way. */
  sendTraced(
    port: number,
    packet: Uint8Array,
  ): Promise<{
    readonly outputs: readonly SentPacket[];
    /** What goes to the controller, as it leaves the pipeline by the controller's port. */
    readonly toController: readonly SentPacket[];
    readonly trace: Trace;
  }>;
  /** What leaves the switch, also because of packets that the controller sent. Returns what ends the listening. */
  onOutput(listener: (sent: SentPacket) => void): () => void;
  /** Lets time pass, which stands still otherwise: meters refill, entries expire, digests are sent. It begins at 0. */
  advanceTime(ns: number | bigint): Promise<void>;
  /** Whether a port works: members of groups that watch it are left out while it does not. */
  setPort(port: number, up: boolean): Promise<void>;
}

/** @throws DiagnosticError for mistakes of the pipeline */
export async function simulate<P extends AnyPipeline>(program: P, options: SimulateOptions = {}): Promise<SimulatedSwitch<P>> {
  const loc = captureLocation();
  takes.simulate([options], loc);
  return (await startSimulation<P>(checkedProgram(program, 'simulate()', loc), options, loc)).sw;
}

/** `program` passed `validate`. */
export async function startSimulation<P extends AnyPipeline>(
  program: Program,
  options: SimulateOptions,
  loc: Loc,
): Promise<{ readonly sw: SimulatedSwitch<P>; readonly byName: SwitchByName }> {
  const { seed = 0, ...rest } = options;
  if (!Number.isSafeInteger(seed)) fail('bad-operand', { got: describeValue(seed), expected: 'an integer as the seed' }, { loc });
  const clock = new ManualClock();
  const core = createSwitch({ ...rest, clock, dataPlane: createDataPlane({ seed }) });
  const transport = { ...localTransport(core), close: () => core.close() };
  const { client, byName } = await openClients<P>(program, transport, { address: 'the simulated switch', loc });
  const sent = (o: { port: number; bytes: Uint8Array }): SentPacket => ({ port: o.port, packet: o.bytes });
  const simulated = {
    send: async (port: number, packet: Uint8Array) => {
      takes.send([port, packet]);
      return (await core.processPacket(port, packet)).outputs.map(sent);
    },
    sendTraced: async (port: number, packet: Uint8Array) => {
      takes.sendTraced([port, packet]);
      const { outputs, toController, trace } = await core.processPacket(port, packet, { trace: true });
      return { outputs: outputs.map(sent), toController: toController.map(sent), trace: trace as Trace };
    },
    advanceTime: async (ns: number | bigint) => clock.advance(toInt64(ns, { at: 'advanceTime()', loc: captureLocation() })),
    setPort: async (port: number, up: boolean) => {
      takes.setPort([port, up]);
      await core.setPort(port, up);
    },
    onOutput: (listener: (sent: SentPacket) => void) => {
      takes.onOutput([listener]);
      return core.onOutput((output) => listener(sent(output)));
    },
  };
  // Not a spread: `isPrimary` of the client is read anew each time.
  return { sw: Object.assign(client, simulated), byName };
}
