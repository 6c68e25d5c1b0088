/** A client asks for a thousand keys, a few of them most of the time; then other keys become popular. */
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled, until } from '../support.js';
import { beginRound, type Change, counted, install, popularity, serveHotKeys } from './controller.js';
import { ops } from './headers.js';
import { cacheSize, hotAfter, kvCache } from './pipeline.js';
import { KvServer, kvPacket, rack, readMessage } from './rack.js';

const { server, client } = rack;
const keys = 1000;
const questions = 600;
const kv = new KvServer();
const sw = await simulate(kvCache);
await install(sw, Object.values(rack));

const changes: Change[] = [];
void serveHotKeys(
  sw,
  async (key) => void (await sw.send(server.port, kv.fill(key))),
  (change) => changes.push(change),
);

/** The client's packet goes in; what the server answers goes in too. Returns what the client hears in the end. */
async function request(op: number, key: bigint, value = 0n) {
  const [first] = await sw.send(client.port, kvPacket(client, server, { op, sequence: 1, key, value }));
  if (first?.port !== server.port) return { by: 'switch', message: first && readMessage(first.packet) };
  const answer = kv.answer(first.packet);
  const [second] = answer ? await sw.send(server.port, answer) : [];
  return { by: 'server', message: second && readMessage(second.packet) };
}

// Zipf's law: the key of rank n is asked for in proportion to 1/n. The same numbers in each run.
const upTo: number[] = [];
for (let n = 1; n <= keys; n++) upTo.push((upTo.at(-1) ?? 0) + 1 / n);
let state = 1;
function rank(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const drawn = (state / 2 ** 32) * (upTo.at(-1) as number);
  return upTo.findIndex((sum) => drawn < sum) + 1;
}

heading(`${keys} keys, ${cacheSize} slots in the switch; a key is reported when it was asked for ${hotAfter} times in a round`);
const rows: (string | number)[][] = [];
for (let round = 1; round <= 6; round++) {
  await beginRound(sw, round);
  const [before, load, changed] = [await counted(sw), kv.load, changes.length];
  for (let i = 0; i < questions; i++) {
    // From round 4 on, the keys of the ranks are others.
    const key = BigInt(round < 4 ? rank() : keys + 1 - rank());
    const { message } = await request(ops.get, key);
    if (message?.value !== kv.valueOf(key)) throw new Error(`the client was told a wrong value of key ${key}`);
    // The controller is done before the next question, so that the numbers are the same in each run.
    const { reported } = await counted(sw);
    await until(() => changes.length === reported);
  }
  const now = await counted(sw);
  const done = changes.slice(changed);
  const evicted = done.filter((change) => change.evicted !== undefined).length;
  const share = `${(((now.hit - before.hit) / questions) * 100).toFixed(0)} %`;
  const popular = round < 4 ? 'key 1, 2, 3 …' : `key ${keys}, ${keys - 1} …`;
  rows.push([round, popular, questions, now.hit - before.hit, kv.load - load, share, done.length, evicted]);
}
printTable(['round', 'most popular', 'questions', 'switch', 'server', 'hit rate', 'reported', 'evicted'], rows);

heading('The most popular keys of the last round');
printTable(
  ['key', 'slot', 'answers'],
  (await popularity(sw)).slice(0, 5).map(({ key, slot, hits }) => [key, slot, hits]),
);

heading(`Key ${keys} gets a new value`);
const show = (what: string, { by, message }: Awaited<ReturnType<typeof request>>) =>
  console.log(`  ${what.padEnd(24)} ${styled(by === 'switch' ? 'green' : 'cyan', by)} says ${message?.value}`);
show('get', await request(ops.get, BigInt(keys)));
const asked = kvPacket(client, server, { op: ops.put, sequence: 2, key: BigInt(keys), value: 4711n });
const [onItsWay] = await sw.send(client.port, asked);
show('get, put on its way', await request(ops.get, BigInt(keys)));
const done = kv.answer(onItsWay?.packet as Uint8Array) as Uint8Array;
const [confirmed] = await sw.send(server.port, done);
show('put', { by: 'server', message: confirmed && readMessage(confirmed.packet) });
show('get', await request(ops.get, BigInt(keys)));

heading('What the switch counted');
printTable(['outcome', 'packets'], Object.entries(await counted(sw)));
await sw.close();
