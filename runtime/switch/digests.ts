/** Digests on their way from the data plane to the primary (P4Runtime, "DigestEntry"). */
import { joinParts } from '../../compiler/control/data.js';
import type { DigestSchema } from '../../compiler/control/schema.js';
import type { DigestMessage } from '../data-plane/messages.js';
import type { DigestConfig, DigestEntry, DigestList, DigestListAck } from '../p4runtime/messages.js';
import type { Clock } from './clock.js';
import { encodeData } from './data.js';
import { digestOf } from './lookup.js';
import { refuse } from './refusals.js';
import type { Schema } from './schema.js';
import type { Stream } from './stream.js';
import { type Journal, JournaledMap } from './undo.js';
import type { WriteType } from './write.js';

export interface DigestContext {
  readonly schema: Schema;
  readonly clock: Clock;
  readonly journal: Journal;
  /** The primaries who get the lists of a digest: one for each role that it belongs to. */
  primaries(digest: number): readonly Stream[];
}

/** Where a list has no limit of its own. */
const maxListSize = 1024;
/** Lists that wait to be acknowledged; the oldest ones are forgotten, so that their messages may come again. */
const maxUnacknowledged = 1024;

interface SentList {
  readonly to: readonly Stream[];
  readonly sentNs: bigint;
  readonly keys: readonly string[];
}

/** One digest that a controller asked for. */
class Channel {
  readonly #context: DigestContext;
  readonly #digest: DigestSchema;
  readonly #isWanted: (channel: Channel) => boolean;
  #config: DigestConfig;
  /** Messages that are the same have the same text, so that a list has each once. */
  readonly #buffer = new Map<string, readonly bigint[]>();
  readonly #sent = new Map<bigint, SentList>();
  readonly #unacknowledged = new Map<string, bigint>();
  #lastList = 0n;
  /** When the first message came that waits. */
  #waitingSinceNs = 0n;
  #cancelTimer: (() => void) | undefined;

  constructor(context: DigestContext, digest: DigestSchema, config: DigestConfig, isWanted: (channel: Channel) => boolean) {
    this.#context = context;
    this.#digest = digest;
    this.#config = config;
    this.#isWanted = isWanted;
  }

  get config(): DigestConfig {
    return this.#config;
  }
  /** Holds for what waits, too. */
  set config(config: DigestConfig) {
    this.#config = config;
    if (this.#buffer.size > 0) this.#wait();
  }

  add(values: readonly bigint[]): void {
    this.#forgetExpired();
    const key = values.join(' ');
    if (this.#unacknowledged.has(key) || this.#buffer.has(key)) return;
    if (this.#buffer.size === 0) this.#waitingSinceNs = this.#context.clock.now();
    this.#buffer.set(key, values);
    if ((this.#config.max_timeout_ns ?? 0n) === 0n || this.#buffer.size >= this.#listSize) this.#flush();
    else if (!this.#cancelTimer) this.#wait();
  }

  #wait(): void {
    this.#cancelTimer?.();
    const { clock } = this.#context;
    const timeout = this.#buffer.size >= this.#listSize ? 0n : (this.#config.max_timeout_ns ?? 0n);
    this.#cancelTimer = clock.at(this.#waitingSinceNs + timeout, async () => this.#flush());
  }

  acknowledge(list: bigint): void {
    for (const key of this.#sent.get(list)?.keys ?? []) this.#unacknowledged.delete(key);
    this.#sent.delete(list);
  }

  stop(): void {
    this.#cancelTimer?.();
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (!this.#isWanted(this)) return;
    const messages = [...this.#buffer];
    this.#buffer.clear();
    // More than one list only when what is configured became smaller meanwhile.
    for (let i = 0; i < messages.length; i += this.#listSize) this.#send(messages.slice(i, i + this.#listSize));
  }

  get #listSize(): number {
    return this.#config.max_list_size || maxListSize;
  }

  #send(messages: readonly (readonly [string, readonly bigint[]])[]): void {
    const { clock, primaries } = this.#context;
    const now = clock.now();
    const { id, data: form } = this.#digest;
    const data = messages.map(([, values]) => encodeData(joinParts(form, values), form));
    const list = ++this.#lastList;
    const digest: DigestList = { digest_id: id, list_id: list, data, timestamp: clock.epochNs + now };
    const to = primaries(id);
    for (const primary of to) primary.respond({ digest });
    if (to.length > 0 && (this.#config.ack_timeout_ns ?? 0n) > 0n) {
      const keys = messages.map(([key]) => key);
      this.#sent.set(list, { to, sentNs: now, keys });
      for (const key of keys) this.#unacknowledged.set(key, list);
    }
  }

  /** A new primary knows nothing of the lists that the last one got. */
  #forgetExpired(): void {
    const { clock, primaries } = this.#context;
    const now = primaries(this.#digest.id);
    for (const [list, { to, sentNs }] of this.#sent) {
      const isExpired = clock.now() - sentNs >= (this.#config.ack_timeout_ns ?? 0n) || !to.some((primary) => now.includes(primary));
      if (!isExpired && this.#sent.size <= maxUnacknowledged) break;
      this.acknowledge(list);
    }
  }
}

export class Digests {
  readonly #context: DigestContext;
  readonly #channels: JournaledMap<number, Channel>;

  constructor(context: DigestContext) {
    this.#context = context;
    this.#channels = new JournaledMap(context.journal);
  }

  write(type: WriteType, entry: DigestEntry): void {
    const digest = digestOf(this.#context.schema, entry.digest_id ?? 0);
    const at = `digest ${digest.name}`;
    const channel = this.#channels.get(digest.id);
    if (type === 'INSERT' ? channel : !channel) refuse(channel ? 'digest-exists' : 'digest-not-configured', { at });
    if (type === 'DELETE') {
      this.#channels.delete(digest.id);
      return;
    }
    const config = decodeConfig(entry.config ?? {}, at);
    if (channel) {
      const before = channel.config;
      this.#context.journal.add(() => {
        channel.config = before;
      });
      channel.config = config;
    } else this.#channels.set(digest.id, new Channel(this.#context, digest, config, (it) => this.#channels.get(digest.id) === it));
  }

  /** All that are configured, or the one named. */
  read(entry: DigestEntry): DigestEntry[] {
    const id = entry.digest_id ?? 0;
    if (id !== 0) digestOf(this.#context.schema, id);
    return [...this.#channels].filter(([digest]) => id === 0 || digest === id).map(([digest_id, { config }]) => ({ digest_id, config }));
  }

  receive({ digest, values }: DigestMessage): void {
    const id = this.#context.schema.digests.named(digest)?.id;
    if (id !== undefined) this.#channels.get(id)?.add(values);
  }

  acknowledge({ digest_id = 0, list_id = 0n }: DigestListAck): void {
    if (!this.#context.schema.digests.has(digest_id)) refuse('no-such-digest', { id: digest_id });
    this.#channels.get(digest_id)?.acknowledge(list_id);
  }

  stop(): void {
    for (const channel of this.#channels.values()) channel.stop();
  }
}

/** Fields that have their default are left out, as on the wire. */
function decodeConfig({ max_timeout_ns = 0n, max_list_size = 0, ack_timeout_ns = 0n }: DigestConfig, at: string): DigestConfig {
  for (const [what, value] of Object.entries({ max_timeout_ns, max_list_size, ack_timeout_ns }))
    if (value < 0) return refuse('digest-config-negative', { at, what });
  return {
    ...(max_timeout_ns === 0n ? {} : { max_timeout_ns }),
    ...(max_list_size === 0 ? {} : { max_list_size }),
    ...(ack_timeout_ns === 0n ? {} : { ack_timeout_ns }),
  };
}
