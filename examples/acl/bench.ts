/** For the benchmark: the packets of the demo, by its lists. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Acl, control } from './controller.js';
import { parseLists } from './language.js';
import { attachments, fromInside, fromOutside, monitor } from './traffic.js';

export { acl as pipeline } from './pipeline.js';

const text = readFileSync(fileURLToPath(new URL('lists.txt', import.meta.url)), 'utf8');

export async function setUp(sw: Acl): Promise<void> {
  await (await control(sw, attachments, monitor)).update(parseLists(text));
}

export const packets = [...fromOutside, ...fromInside];
