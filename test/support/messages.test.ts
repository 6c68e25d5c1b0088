/** The catalogue of diagnostics. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messages } from '../../compiler/support/messages.js';

const folder = new URL('../../compiler/support/messages/', import.meta.url);

test('every code is in one file, and the catalogue has all of them', async () => {
  const files = readdirSync(folder).filter((file) => file !== 'message.ts');
  const groups = await Promise.all(files.map(async (file) => Object.values(await import(`${folder}${file}`)) as object[]));
  const codes = groups.flat().flatMap((group) => Object.keys(group));
  expect(codes.toSorted()).toEqual(Object.keys(messages).toSorted());
});
