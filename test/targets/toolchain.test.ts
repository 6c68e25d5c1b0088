import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findTool } from '../../targets/node.js';
import { folderWith } from '../support/folders.js';
import { p4c } from '../support/p4c.js';

let folder: string;
beforeEach(() => {
  folder = folderWith({});
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a tool', () => {
  test('is found on PATH', async () => {
    const path = script(p4c.command, 'exit 0');
    vi.stubEnv(p4c.variable, '');
    vi.stubEnv('PATH', `/nowhere:${folder}`);
    expect(await findTool(p4c)).toBe(path);
  });

  test('is found where its variable says', async () => {
    const path = script('another-name', 'exit 0');
    vi.stubEnv(p4c.variable, path);
    expect(await findTool(p4c)).toBe(path);
  });

  test('that is missing is named, with the variable', async () => {
    vi.stubEnv(p4c.variable, '');
    vi.stubEnv('PATH', folder);
    expect(await findTool(p4c)).toMatchObject({ code: 'tool-missing', severity: 'warning', help: expect.stringContaining('P4C_BM2_SS') });
  });

  test('is not searched for on PATH when its variable is wrong', async () => {
    vi.stubEnv(p4c.variable, join(folder, 'not-here'));
    expect(await findTool(p4c)).toMatchObject({ code: 'tool-not-there', severity: 'error', message: expect.stringContaining('not-here') });
  });
});
