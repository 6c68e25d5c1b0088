/**
 * What controllers and a switch say to each other, message by message: recorded from BMv2, and replayed so that the client
 * meets BMv2's real answers where BMv2 is not.
 */
import { createHash } from 'node:crypto';
import type {
  CapabilitiesResponse,
  Entity,
  GetForwardingPipelineConfigResponse,
  P4Error,
  SetForwardingPipelineConfigRequest,
  StreamMessageRequest,
  StreamMessageResponse,
} from '../../../runtime/p4runtime/messages.js';
import { type CodeName, StatusError } from '../../../runtime/p4runtime/status.js';
import type { StreamHandlers, Transport } from '../../../runtime/p4runtime/transport.js';

type Call = 'write' | 'read' | 'setPipeline' | 'getPipeline' | 'capabilities';
interface Refusal {
  readonly code: CodeName;
  readonly message: string;
  readonly errors: readonly P4Error[];
}
/** What controllers do, and what the switch does, in the order in which it was seen; streams by their number. */
export type Said =
  | { readonly call: Call; readonly request: unknown; answer?: unknown; refusal?: Refusal }
  | { readonly opened: number }
  | { readonly closed: number }
  | { readonly sent: number; readonly message: unknown }
  | { readonly came: number; readonly message: unknown }
  | { readonly ended: number; readonly refusal?: Refusal };

const isOfSwitch = (said: Said): said is Extract<Said, { came: number } | { ended: number }> => 'came' in said || 'ended' in said;

/** Messages as JSON: bytes and 64-bit integers are marked. */
export const toPlain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, function (this: Record<string, unknown>, key, given) {
      const inner = this[key];
      if (inner instanceof Uint8Array) return { $hex: Buffer.from(inner).toString('hex') };
      return typeof inner === 'bigint' ? { $int: String(inner) } : given;
    }) ?? 'null',
  );
export const fromPlain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_, inner) => {
    if (typeof inner?.$hex === 'string') return Buffer.from(inner.$hex, 'hex');
    return typeof inner?.$int === 'string' ? BigInt(inner.$int) : inner;
  });

/** The P4Info as a hash; what p4c made of the program, and the cookie that depends on it, are left out. */
function requestOf(call: Call, request: unknown): unknown {
  if (call !== 'setPipeline') return toPlain(request);
  const { config, ...rest } = request as SetForwardingPipelineConfigRequest;
  const p4info = createHash('sha256')
    .update(JSON.stringify(toPlain(config?.p4info)))
    .digest('hex');
  return toPlain({ ...rest, ...(config ? { p4info } : {}) });
}
const refusalOf = (error: unknown): Refusal => {
  if (!(error instanceof StatusError)) throw error;
  return toPlain({ code: error.code, message: error.message, errors: error.errors }) as Refusal;
};
const statusOf = ({ code, message, errors }: Refusal): StatusError =>
  new StatusError(code, message, fromPlain(errors) as readonly P4Error[]);

/** Cookies are told apart by the order in which they were pushed. */
class Cookies {
  readonly #pushed: bigint[] = [];

  push(call: Call, request: unknown): void {
    const cookie = call === 'setPipeline' ? (request as SetForwardingPipelineConfigRequest).config?.cookie?.cookie : undefined;
    if (cookie !== undefined && !this.#pushed.includes(cookie)) this.#pushed.push(cookie);
  }

  hide(answer: unknown): unknown {
    return this.#change(answer, (cookie) => BigInt(this.#pushed.indexOf(cookie)));
  }

  show(answer: unknown): unknown {
    return this.#change(answer, (index) => this.#pushed[Number(index)] ?? index);
  }

  #change(answer: unknown, change: (cookie: bigint) => bigint): unknown {
    const { config } = (answer ?? {}) as GetForwardingPipelineConfigResponse;
    const cookie = config?.cookie?.cookie;
    return cookie === undefined ? answer : { ...(answer as object), config: { ...config, cookie: { cookie: change(cookie) } } };
  }
}

/** Transports to a switch, whose conversation is written down. */
export class Recorder {
  readonly said: Said[] = [];
  readonly #make: () => Transport;
  readonly #cookies = new Cookies();
  #streams = 0;

  constructor(make: () => Transport) {
    this.#make = make;
  }

  transport(): Transport {
    const inner = this.#make();
    const record = async <T>(call: Call, request: unknown, run: () => Promise<T>): Promise<T> => {
      const said: Extract<Said, { call: Call }> = { call, request: requestOf(call, request) };
      this.said.push(said);
      this.#cookies.push(call, request);
      try {
        const answer = await run();
        if (answer !== undefined) said.answer = toPlain(this.#cookies.hide(answer));
        return answer;
      } catch (error) {
        said.refusal = refusalOf(error);
        throw error;
      }
    };
    const readAll = async (...args: Parameters<Transport['read']>): Promise<Entity[]> => {
      const entities: Entity[] = [];
      for await (const entity of inner.read(...args)) entities.push(entity);
      return entities;
    };
    const said = this.said;
    return {
      pack: (update) => update,
      write: (request, options) => record('write', request, () => inner.write(request, options)),
      read: async function* (request, options) {
        yield* await record('read', request, () => readAll(request, options));
      },
      setPipeline: (request, options) => record('setPipeline', request, () => inner.setPipeline(request, options)),
      getPipeline: (request, options) => record('getPipeline', request, () => inner.getPipeline(request, options)),
      capabilities: (request, options) => record('capabilities', request, () => inner.capabilities(request, options)),
      openStream: (handlers) => {
        const number = this.#streams++;
        said.push({ opened: number });
        const stream = inner.openStream({
          message: (message) => {
            said.push({ came: number, message: toPlain(message) });
            handlers.message(message);
          },
          end: (error) => {
            said.push({ ended: number, ...(error ? { refusal: refusalOf(error) } : {}) });
            handlers.end(error);
          },
        });
        return {
          send: (message) => {
            said.push({ sent: number, message: toPlain(message) });
            stream.send(message);
          },
          close: () => {
            said.push({ closed: number });
            stream.close();
          },
        };
      },
      close: () => inner.close(),
    };
  }
}

/** Transports to nobody, who answers as the switch did: what it is asked has to be what the switch was asked. */
export class Replay {
  readonly #said: readonly Said[];
  readonly #done: boolean[];
  readonly #streams: StreamHandlers[] = [];
  readonly #cookies = new Cookies();
  readonly #advice: string;
  #delivers = false;

  constructor(said: readonly Said[], advice: string) {
    this.#said = said;
    this.#done = said.map(() => false);
    this.#advice = advice;
  }

  /** What the switch was asked and is not asked now. */
  get left(): readonly Said[] {
    return this.#said.filter((said, i) => !this.#done[i] && !isOfSwitch(said));
  }

  transport(): Transport {
    const call = async (name: Call, request: unknown): Promise<unknown> => {
      const { answer, refusal } = this.#take({ call: name, request: requestOf(name, request) }) as Extract<Said, { call: Call }>;
      this.#cookies.push(name, request);
      await new Promise((resolve) => setImmediate(resolve));
      if (refusal) throw statusOf(refusal);
      return this.#cookies.show(fromPlain(answer));
    };
    return {
      pack: (update) => update,
      write: async (request) => void (await call('write', request)),
      read: async function* (request) {
        yield* (await call('read', request)) as Entity[];
      },
      setPipeline: async (request) => void (await call('setPipeline', request)),
      getPipeline: async (request) => (await call('getPipeline', request)) as GetForwardingPipelineConfigResponse,
      capabilities: async (request) => (await call('capabilities', request)) as CapabilitiesResponse,
      openStream: (handlers) => {
        const number = this.#streams.push(handlers) - 1;
        this.#take({ opened: number });
        return {
          send: (message: StreamMessageRequest) => void this.#take({ sent: number, message: toPlain(message) }),
          close: () => void this.#take({ closed: number }),
        };
      },
      close: async () => {},
    };
  }

  #take(asked: Said): Said {
    const text = JSON.stringify(asked);
    const index = this.#said.findIndex((said, i) => !this.#done[i] && !isOfSwitch(said) && JSON.stringify(withoutAnswer(said)) === text);
    const found = this.#said[index];
    if (!found) throw new Error(`BMv2 was not asked this: ${text}; ${this.#advice}`);
    this.#done[index] = true;
    if (!this.#delivers) {
      this.#delivers = true;
      setImmediate(() => this.#deliver());
    }
    return found;
  }

  /** What the switch said once it had been asked all that came before. */
  #deliver(): void {
    this.#delivers = false;
    for (let i = 0; i < this.#said.length; i++) {
      if (this.#done[i]) continue;
      const said = this.#said[i] as Said;
      if (!isOfSwitch(said)) return;
      this.#done[i] = true;
      if ('came' in said) this.#streams[said.came]?.message(fromPlain(said.message) as StreamMessageResponse);
      else this.#streams[said.ended]?.end(said.refusal && statusOf(said.refusal));
    }
  }
}

function withoutAnswer(said: Said): Said {
  if (!('call' in said)) return said;
  const { call, request } = said;
  return { call, request };
}
