// A switch in a process of its own is killed while a controller writes; the controller brings the next one to its state.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, tableEntries } from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { root, start as startNode } from '../cli/command.js';
import { lab } from '../support/lab.js';

const { routes, acl, drop, forward } = lab.ingress;
const to = (port: number) => forward({ port, dst: '02:00:00:00:00:01' });
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a server that is killed in the midst of a batch', () => {
  async function startSwitch(address: string): Promise<{ child: ChildProcess; address: string }> {
    const child = startNode(['--import', './dist/cli/register.js', 'test/support/switch-process.ts', address], root);
    cleanups.push(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data');
    return { child, address: String(line).trim() };
  }

  test('is found again, and brought to the desired state', async () => {
    const first = await startSwitch('127.0.0.1:0');
    const many = Array.from({ length: 4 }, (_, i) => ({ match: { dst: `10.${i}.0.0/16` as const }, action: to(i + 1) }));
    const rules = Array.from({ length: 16 }, (_, i) => ({ match: { protocol: i, ip: true }, priority: i + 1, action: drop() }));
    const desired = [tableEntries(routes, many), tableEntries(acl, rules)];
    let reconciled = 0;
    const sw = await connect(lab, {
      address: first.address,
      reconnect: true,
      ready: async (s) => {
        await s.reconcile(desired);
        reconciled++;
      },
    });
    cleanups.push(() => sw.close());
    const events = sw.events();
    // Writes go on until the server is gone.
    const writing = (async () => {
      for (;;) await sw.table(acl).modify(...rules);
    })().catch((error: unknown) => error);
    setTimeout(() => first.child.kill('SIGKILL'), 100);
    expect(await writing).toBeInstanceOf(Error);
    await startSwitch(first.address);
    for await (const event of events) if (event.kind === 'reconnected') break;
    await expect.poll(() => reconciled, { timeout: 20_000 }).toBe(2);
    expect(await sw.reconcile(desired, { dryRun: true })).toMatchObject({ changes: [], unchanged: 20 });
  });
});
