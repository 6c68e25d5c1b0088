import { expect, test } from 'vitest';
import { toHex } from '../../compiler/support/bytes.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { summarizeTrace } from '../../runtime/data-plane/summarize-trace.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { fromHex, random, randomBytes } from '../support/packets.js';
import { router } from '../support/router.js';

// Headers as RFC 1071 and RFC 791 examples have them: this IPv4 header's checksum is right.
const ethernet = '080000000111 080000000222';
const ipv4 = '45000073 00004000 4011b861 c0a80001 c0a800c7';
const seeds = [
  `${ethernet} 0800 ${ipv4} 0102030405`,
  `${ethernet} 8100 2064 0800 ${ipv4} 0102`,
  `${ethernet} 86dd 6000000000083a40 20010db8000000000000000000000001 20010db8000000000000000000000002 8000`,
  `${ethernet} 0806 0001080006040001 080000000111 0a000001 000000000000 0a000002`,
].map(fromHex);

function interpreter(): Interpreter {
  const forward = (port: bigint) => ({ name: 'ingress.forward', args: [0x080000000333n, port] });
  const result = new Interpreter(router);
  result.state.write([
    {
      kind: 'insert',
      table: 'ingress.routes4',
      entry: { matches: [{ kind: 'lpm', value: 0xc0a80000n, prefixLength: 16 }], priority: 0, action: forward(2n) },
    },
    { kind: 'insert', table: 'ingress.routes6', entry: { matches: [{ kind: 'any' }], priority: 0, action: forward(3n) } },
  ]);
  return result;
}

/** Random bytes, and cut, lengthened and damaged copies of good packets. */
function packet(next: () => number): Uint8Array {
  const kind = next() % 5;
  if (kind === 0) return randomBytes(next, next() % 80);
  const good = seeds[next() % seeds.length] as Uint8Array;
  if (kind === 1) return good.slice(0, next() % (good.length + 1));
  if (kind === 2) return Uint8Array.from([...good, ...randomBytes(next, next() % 200)]);
  const damaged = good.slice();
  for (let i = 0; i < kind - 2; i++) damaged[next() % damaged.length] = next() & 0xff;
  return damaged;
}

test('100,000 random, truncated, over-long and damaged packets are forwarded or dropped', () => {
  const target = interpreter();
  const next = random(20_240_601);
  const seen = { forwarded: 0, dropped: 0 };
  for (let i = 0; i < 100_000; i++) {
    const bytes = packet(next);
    const before = toHex(bytes);
    const { outputs } = target.process({ port: next() % 512, bytes });
    if (outputs.length > 0) seen.forwarded++;
    else seen.dropped++;
    // The router adds and removes no headers: a packet leaves as long as it came, whatever is in it.
    for (const output of outputs) {
      if (output.bytes.length !== bytes.length || (output.port !== 2 && output.port !== 3)) expect.fail(`${before} -> ${output.port}`);
    }
    if (toHex(bytes) !== before) expect.fail(`${before} was changed in place`);
  }
  expect(seen.forwarded).toBeGreaterThan(20_000);
  expect(seen.dropped).toBeGreaterThan(20_000);
});

test('a traced packet has the same outputs, and its trace is JSON and text', () => {
  const [plain, traced] = [interpreter(), interpreter()];
  const next = random(7);
  for (let i = 0; i < 2_000; i++) {
    const bytes = packet(next);
    const port = next() % 512;
    const { outputs, trace } = traced.process({ port, bytes, trace: true });
    expect(outputs).toEqual(plain.process({ port, bytes }).outputs);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
    expect(renderTrace(trace!).split('\n').length).toBeGreaterThan(3);
    expect(summarizeTrace(trace!)).toMatch(/^port \d+, \d+ bytes?(, [\w ]+)?: ([^\n]+ )?-> (port [23]|dropped[^\n]+)$/);
  }
});

test('an empty packet', () => {
  expect(interpreter().process({ port: 0, bytes: new Uint8Array() }).outputs).toEqual([]);
});
