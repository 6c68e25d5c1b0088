// `p4ts entries` with what a switch always has: meters and value sets.
import { connect, createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folders.js';
import { services } from '../support/services.js';
import { p4ts } from './command.js';

test('rates and value sets are compared, applied and dumped', { timeout: 120_000 }, async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  const sw = await connect(services, { address: server.address });
  const { police } = services.ingress;
  const rates = (n: bigint) => ({ cir: n, cburst: n, pir: n, pburst: n });
  await sw.meter(police).set(3, rates(9n));
  await sw.close();
  const yaml = 'meters: { police: { 1: { cir: 5, cburst: 6, pir: 7, pburst: 8 } } }\nvalueSets: { tags: [0x9100] }\n';
  const folder = folderWith({ 'e.yaml': yaml });
  const entries = async (...args: string[]) => {
    const { status, stdout, stderr } = await p4ts(['entries', ...args, '--grpc', server.address], folder);
    return { status, lines: stdout.trimEnd().split('\n'), stderr };
  };
  const both = [
    '~ meter ingress.police[1]: none',
    '  meter ingress.police[1]: 5/6 7/8',
    '~ value set parse.tags: none',
    '  value set parse.tags: 37120',
  ];
  const rest = ['~ meter ingress.police[3]: 9/9 9/9', '  meter ingress.police[3]: none'];
  const dry = await entries('apply', 'e.yaml', '--dry-run');
  expect({ ...dry, lines: dry.lines.slice(0, 4) }).toEqual({ status: 0, lines: both, stderr: '' });
  // The other cell keeps its rates, unless the file is all that there is to be.
  expect(dry.lines).not.toContain(rest[1]);
  expect(await entries('apply', 'e.yaml')).toEqual(dry);
  const { lines } = await entries('dump', '--format', 'yaml');
  expect(lines.join('\n')).toContain('valueSets:\n  parse.tags:\n    - 37120');
  expect(lines.filter((line) => /^ {4}"?\d"?:$/.test(line)).map((line) => line.replace(/\D/g, ''))).toEqual(['1', '3']);
  expect((await entries('diff', 'e.yaml')).lines.slice(0, 2)).toEqual(rest);
  const again = await connect(services, { address: server.address, push: 'never' });
  expect(await again.meter(police).read()).toEqual([undefined, { cir: 5n, cburst: 6n, pir: 7n, pburst: 8n }, undefined, rates(9n)]);
  expect(await again.valueSet(services.sets.tags).read()).toEqual([0x9100]);
  await again.close();
  await server.close();
  await core.close();
});
