// What a long session keeps: neither what work gave that is done one after the other, nor streams that ended.

import { EventEmitter, once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { Turns } from '../../runtime/client/waiting.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** How many are still there. */
const kept = (refs: readonly WeakRef<object>[]): number => {
  collect();
  return refs.filter((ref) => ref.deref()).length;
};

test('what work gave is not kept', async () => {
  const turns = new Turns();
  const given: WeakRef<object>[] = [];
  for (let i = 0; i < 3; i++) {
    await turns.take(async () => {
      const result = { i };
      given.push(new WeakRef(result));
      return result;
    }, undefined);
  }
  await expect.poll(() => kept(given)).toBeLessThanOrEqual(1);
});

test('streams that the switch ended are not kept', async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  let server = await serve(core, { address: '127.0.0.1:0' });
  const transport = grpcTransport(server.address);
  const handlers: WeakRef<object>[] = [];
  const session = async (): Promise<void> => {
    const told = new EventEmitter();
    const own = { message: () => void told.emit('answer'), end: () => void told.emit('end') };
    handlers.push(new WeakRef(own));
    const [answered, ended] = [once(told, 'answer'), once(told, 'end')];
    transport.openStream(own).send({ arbitration: { device_id: 1n, election_id: { high: 0n, low: 1n } } });
    await answered;
    await server.close();
    await ended;
    server = await serve(core, { address: server.address });
  };
  for (let i = 0; i < 5; i++) await session();
  await expect.poll(() => kept(handlers)).toBeLessThanOrEqual(1);
  await transport.close();
  await server.close();
  await core.close();
});
