/** `simulate`: a switch and its controller in one process, without gRPC and without ports of the machine. */
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Trace } from '../data-plane/trace.js';
import { createDataPlane } from '../interpreter/index.js';
import { ManualClock } from '../switch/clock.js';
import { createSwitch, type PacketOptions } from '../switch/core.js';
import { localTransport } from '../switch/local-transport.js';
import type { SwitchByName } from './by-name.js';
import { checkedProgram, openClients } from './open.js';
import { type AllOutcomes, type SendAllOptions, sendAll } from './send-all.js';
import { type SendOptions, toTransit } from './send-options.js';
import { takes } from './signatures.js';
import type { Switch } from './switch.js';
import type { AnyPipeline } from './types.js';
import { describeValue, toInt64, valueError } from './values.js';

/** The options of a simulated switch. */
export interface SimulateOptions {
  /** The CPU port: the port of the controller. Default: 510. */
  readonly cpuPort?: number;
  /** The seed of the pipeline's random numbers, an integer. Default: 0. */
  readonly seed?: number;
}
/** A packet that left the switch. */
export interface SentPacket {
  readonly port: number;
  readonly packet: Uint8Array;
}
/** A switch in this process: a controller's `Switch`, with ports to send packets to. */
export interface SimulatedSwitch<P extends AnyPipeline> extends Switch<P> {
  /**
   * Sends a packet to a port. Returns the packets that leave the switch; `packetIns` has those to the controller. The options say
   * when the packet arrives, and what the queues do to it: `sw.send(1, bytes, { dequeueDepth: 40, queueDelayNs: 150_000 })`.
   */
  send(port: number, packet: Uint8Array, options?: SendOptions): Promise<readonly SentPacket[]>;
  /** As `send`, with the trace of the packet. */
  sendTraced(
    port: number,
    packet: Uint8Array,
    options?: SendOptions,
  ): Promise<{
    readonly outputs: readonly SentPacket[];
    /** The packets to the controller, as they leave the pipeline through the CPU port. */
    readonly toController: readonly SentPacket[];
    readonly trace: Trace;
  }>;
  /**
   * Every outcome that a packet to a port can have: each member of a group, each random number, each entry of open tables. The
   * packet is not sent: nothing leaves, and nothing of the switch changes.
   * @throws DiagnosticError where the packet can go too many ways
   */
  sendAll(port: number, packet: Uint8Array, options?: SendAllOptions): Promise<AllOutcomes>;
  /** Calls `listener` for each packet that leaves the switch, those of packet-outs too. Returns a function that ends this. */
  onOutput(listener: (sent: SentPacket) => void): () => void;
  /** Advances the time, in nanoseconds from 0: meters refill, entries expire, digests are sent. Time stands still otherwise. */
  advanceTime(ns: number | bigint): Promise<void>;
  /**
   * Sets the state of a port; ports are up at first. Groups skip the members that watch a port that is down, replicas go to their
   * backups, and controllers get the event `port`. Packets still enter and leave through the port: only links can lose them.
   */
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
  const { client, byName, parts } = await openClients<P>(program, transport, { address: 'the simulated switch', loc });
  const sent = (o: { port: number; bytes: Uint8Array }): SentPacket => ({ port: o.port, packet: o.bytes });
  const arrival = async (method: string, options?: SendOptions): Promise<PacketOptions> => {
    if (options === undefined) return {};
    const { timestampNs, transit } = toTransit(options, method);
    if (timestampNs !== undefined) {
      const [now, loc] = [clock.now(), captureLocation()];
      if (timestampNs < now)
        throw valueError({ at: `${method}(), timestampNs`, loc }, `${timestampNs} is before ${now}, the time of the switch`);
      await clock.advance(timestampNs - now);
    }
    return transit ? { transit } : {};
  };
  const simulated = {
    send: async (port: number, packet: Uint8Array, options?: SendOptions) => {
      takes.send([port, packet]);
      return (await core.processPacket(port, packet, await arrival('send', options))).outputs.map(sent);
    },
    sendTraced: async (port: number, packet: Uint8Array, options?: SendOptions) => {
      takes.sendTraced([port, packet]);
      const arriving = await arrival('sendTraced', options);
      const { outputs, toController, trace } = await core.processPacket(port, packet, { ...arriving, trace: true });
      return { outputs: outputs.map(sent), toController: toController.map(sent), trace: trace as Trace };
    },
    sendAll: async (port: number, packet: Uint8Array, options: SendAllOptions = {}) => {
      takes.sendAll([port, packet, options]);
      return sendAll(core, parts, port, packet, options, captureLocation());
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
  // Not a spread, which would read `isPrimary` once.
  return { sw: Object.assign(client, simulated), byName };
}
