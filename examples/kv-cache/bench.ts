/** For the benchmark: questions for a thousand keys by Zipf's law, the most popular in the cache, and the server's answers. */
import { install, type KvSwitch } from './controller.js';
import { ops } from './headers.js';
import { cacheSize, kvCache } from './pipeline.js';
import { KvServer, kvPacket, rack } from './rack.js';

export { kvCache as pipeline } from './pipeline.js';

const { cache, at, values } = kvCache.ingress;
const { server, client } = rack;
const keys = 1000;
const questions = 500;
const kv = new KvServer();

/** Slot n holds key n + 1: the keys are numbered by popularity. */
export async function setUp(sw: KvSwitch): Promise<void> {
  await install(sw, Object.values(rack));
  for (let slot = 0; slot < cacheSize; slot++) {
    const key = BigInt(slot + 1);
    await sw.table(cache).insert({ match: { key }, action: at({ slot }) });
    await sw.register(values).write(slot, { valid: 1, value: kv.valueOf(key) });
  }
}

const upTo: number[] = [];
for (let n = 1; n <= keys; n++) upTo.push((upTo.at(-1) ?? 0) + 1 / n);
let state = 1;
function draw(): bigint {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const drawn = (state / 2 ** 32) * (upTo.at(-1) as number);
  return BigInt(upTo.findIndex((sum) => drawn < sum) + 1);
}

export const packets = Array.from({ length: questions }, (_, sequence) => {
  const key = draw();
  // One in twenty is a new value.
  const message = { op: sequence % 20 === 0 ? ops.put : ops.get, sequence, key, value: 0n };
  const question = { port: client.port, bytes: kvPacket(client, server, message) };
  const held = key <= BigInt(cacheSize) && message.op === ops.get;
  return held ? [question] : [question, { port: server.port, bytes: kv.answer(question.bytes) as Uint8Array }];
}).flat();
