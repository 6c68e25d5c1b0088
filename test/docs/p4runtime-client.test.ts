// The snippets of docs/p4runtime-client.md are one program, which runs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { node, root } from '../cli/command.js';
import { folderWith } from '../support/folders.js';

test('the snippets run, in their order', async () => {
  const page = readFileSync(join(root, 'docs/p4runtime-client.md'), 'utf8');
  const snippets = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((m) => m[1]);
  expect(snippets.length).toBeGreaterThan(3);
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  const program = snippets
    .join('\n')
    .replace('./pipeline.js', join(root, 'examples/router/pipeline.ts'))
    .replace('127.0.0.1:9559', server.address);
  const folder = folderWith({ 'controller.ts': program });
  const { status, stdout, stderr } = await node(['--import', join(root, 'dist/cli/register.js'), 'controller.ts'], folder);
  await server.close();
  await core.close();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toEqual([
    '+ multicast 1: 1, 2',
    '+ ingress.routes4 dst=10.0.1.0/24 -> via(nextHop=1)',
    '+ ingress.routes4 dst=10.9.0.0/16 -> via(nextHop=2)',
    '3 to insert, 0 to modify, 0 to delete, 0 as desired',
  ]);
});
