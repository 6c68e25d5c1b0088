// The files of docs/traces.md, and what its command and its controller print.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { node, p4ts, root } from '../cli/command.js';
import { folderWith } from '../support/folders.js';
import { sectionsOf } from './page.js';

const blocks = sectionsOf(readFileSync(join(root, 'docs/traces.md'), 'utf8')).flat();
const files = Object.fromEntries(blocks.filter(({ info }) => info.includes('.')).map(({ info, text }) => [info, text]));
const textOf = (lang: string): string => blocks.find((block) => block.lang === lang && block.info === '')?.text ?? '';

test('the tree of the balancer is as the page shows it', async () => {
  const [command = '', ...expected] = textOf('console').split('\n');
  const args = [...command.replace('$ p4ts ', '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? (word as string));
  const { status, stdout, stderr } = await p4ts(args, folderWith(files));
  expect({ status, stderr, tree: stdout.trimEnd().split('\n') }).toEqual({ status: 0, stderr: '', tree: expected });
});

test('the controller prints the outcomes', async () => {
  const { stdout, stderr } = await node(['--import', join(root, 'dist/cli/register.js'), 'outcomes.ts'], folderWith(files));
  expect({ stderr, stdout: stdout.trimEnd() }).toEqual({ stderr: '', stdout: textOf('text') });
});
