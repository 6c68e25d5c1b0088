/** The examples' READMEs: each is in the table, has what an example has, and shows what its demo prints. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { node, root } from '../cli/command.js';

const folder = join(root, 'examples');
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const table = readFileSync(join(folder, 'README.md'), 'utf8');

describe.each(names)('%s', (name) => {
  test('has a pipeline, a controller, a demo, a test and a README, and is in the table', () => {
    const files = ['pipeline.ts', 'controller.ts', 'demo.ts', `${name}.test.ts`, 'README.md'];
    expect(files.filter((file) => !existsSync(join(folder, name, file)))).toEqual([]);
    expect(table).toContain(`| [${name}](${name}) |`);
    expect(table).toContain(`| \`npm run demo ${name}\` |`);
  });

  test('the README shows what the demo prints', async () => {
    const readme = anyPort(readFileSync(join(folder, name, 'README.md'), 'utf8'));
    const { stdout, stderr, status } = await node(['--import', './dist/cli/register.js', `examples/${name}/demo.ts`], root);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const blocks = [...readme.matchAll(/^```\n(.*?)\n```$/gms)].map((block) => block[1] ?? '');
    // The longest one is the output: that the diff is about it when it is another.
    const [longest = ''] = blocks.sort((a, b) => b.length - a.length);
    expect(longest.split('\n')).toEqual(anyPort(stdout.replace(/^\n+|\n+$/g, '')).split('\n'));
  });
});

/** A server listens where there is a port free. */
const anyPort = (text: string): string => text.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT');
