/**
 * The pipelines of a switch: the one that runs, and one that is saved and not committed yet. Writes and reads go to the
 * saved one while there is one, packets to the one that runs (P4Runtime, "SetForwardingPipelineConfig RPC").
 */
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import type { DataPlane } from '../data-plane/messages.js';
import type { ForwardingPipelineConfig, PipelineAction } from '../p4runtime/messages.js';
import { carryOver } from './carry-over.js';
import { firstMessage } from './device-config.js';
import { type LoadContext, type Loaded, newLoaded } from './loaded-pipeline.js';
import { type Pipeline, verifyConfig } from './pipeline-config.js';
import { refuse } from './refusals.js';

export interface PipelinesContext extends LoadContext {
  readonly cpuPort: number;
  readonly dataPlane: DataPlane;
}

interface Saved {
  readonly loaded: Loaded;
  readonly number: number;
  /** Where its requests go. */
  readonly route: { saved?: number };
}

export class Pipelines {
  readonly #context: PipelinesContext;
  readonly #portsDown = new Set<number>();
  #running: Loaded | undefined;
  #saved: Saved | undefined;
  #lastNumber = 0;

  constructor(context: PipelinesContext) {
    this.#context = context;
  }

  /** What packets see. */
  get running(): Loaded | undefined {
    return this.#running;
  }
  /** What requests are about. */
  get current(): Loaded | undefined {
    return this.#saved?.loaded ?? this.#running;
  }

  /** Whatever is refused leaves everything as it was. */
  async set(action: PipelineAction, config: ForwardingPipelineConfig | undefined): Promise<void> {
    switch (action) {
      case 'VERIFY':
        return void (await this.#discard(await this.#save(config)));
      case 'VERIFY_AND_SAVE': {
        const before = this.#saved;
        this.#saved = await this.#save(config);
        if (before) await this.#discard(before);
        return;
      }
      case 'VERIFY_AND_COMMIT':
        return this.#commit(await this.#save(config));
      case 'COMMIT':
        if (config) return refuse('config-given', {});
        return this.#commit(this.#saved ?? refuse('nothing-saved', {}));
      case 'RECONCILE_AND_COMMIT': {
        const next = await this.#save(config);
        try {
          if (this.#running) await carryOver(this.#running, next.loaded, this.#context.clock.now());
        } catch (error) {
          await this.#discard(next);
          throw error;
        }
        return this.#commit(next);
      }
      case 'UNSPECIFIED':
        return refuse('nothing-set', { what: 'the action' });
      default:
        return refuse('unknown-value', { what: 'action', value: action });
    }
  }

  /** @throws Refusal INVALID_ARGUMENT when the switch cannot realise the configuration, or its data plane cannot */
  async #save(config: ForwardingPipelineConfig | undefined): Promise<Saved> {
    const { dataPlane } = this.#context;
    const number = ++this.#lastNumber;
    const pipeline = await this.#load(config, number);
    const route: { saved?: number } = { saved: number };
    const view: DataPlane = { request: (kind, request) => dataPlane.request(kind, { ...request, ...route }), close: async () => undefined };
    return { loaded: newLoaded(pipeline, view, this.#context), number, route };
  }

  async #load(config: ForwardingPipelineConfig | undefined, number: number): Promise<Pipeline> {
    const { dataPlane, cpuPort } = this.#context;
    try {
      const pipeline = verifyConfig(config, cpuPort);
      await dataPlane.request('load', { program: pipeline.program, saved: number });
      return pipeline;
    } catch (error) {
      if (error instanceof DiagnosticError) return refuse('program-refused', { why: firstMessage(error.diagnostics) });
      throw error;
    }
  }

  async #commit({ loaded, number, route }: Saved): Promise<void> {
    await this.#context.dataPlane.request('commit', { saved: number });
    delete route.saved;
    this.stop();
    this.#running = loaded;
    this.#saved = undefined;
    const updates = [...this.#portsDown].map((port) => ({ kind: 'port', port, up: false }) as const);
    if (updates.length > 0) await loaded.dataPlane.request('write', { updates });
    loaded.idleTimeouts.schedule();
  }

  #discard({ number }: Saved): Promise<undefined> {
    return this.#context.dataPlane.request('discard', { saved: number });
  }

  /** What waits for its time is called off. */
  stop(): void {
    this.#running?.digests.stop();
    this.#running?.idleTimeouts.stop();
  }

  get portsDown(): ReadonlySet<number> {
    return this.#portsDown;
  }

  async setPort(port: number, up: boolean): Promise<void> {
    if (up) this.#portsDown.delete(port);
    else this.#portsDown.add(port);
    await this.#running?.dataPlane.request('write', { updates: [{ kind: 'port', port, up }] });
  }
}
