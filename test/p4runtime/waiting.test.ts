// Work that is done one after the other.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Turns } from '../../runtime/client/waiting.js';

test('what work gave is not kept', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const turns = new Turns();
  const given: WeakRef<object>[] = [];
  for (let i = 0; i < 3; i++) {
    await turns.take(async () => {
      const result = { i };
      given.push(new WeakRef(result));
      return result;
    }, undefined);
  }
  await expect
    .poll(() => {
      collect();
      return given.filter((ref) => ref.deref()).length;
    })
    .toBeLessThanOrEqual(1);
});
