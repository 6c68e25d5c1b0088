import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bmv2, compileWithP4c, p4c } from '../../targets/bmv2/node.js';
import { findTool, runTool } from '../../targets/node.js';
import { folderWith } from '../support/folders.js';

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

  test('that does not end is stopped', async () => {
    const path = script('slow', 'exec sleep 600');
    expect(await runTool(path, [], { cwd: folder, timeoutMs: 200 })).toMatchObject({ code: 'tool-timeout' });
  });

  test('that cannot be run is reported', async () => {
    writeFileSync(join(folder, 'text'), '#!/nowhere/at/all\n');
    chmodSync(join(folder, 'text'), 0o755);
    expect(await runTool(join(folder, 'text'), [], { cwd: folder, timeoutMs: 5000 })).toMatchObject({ code: 'tool-not-run' });
  });
});

describe('p4c', () => {
  test('that refuses a program is quoted', async () => {
    vi.stubEnv(p4c.variable, script('p4c', 'echo "program.p4(1): error: no" >&2; exit 1'));
    expect(await compileWithP4c('x')).toMatchObject({ code: 'p4c-refused', message: expect.stringContaining('program.p4(1): error: no') });
  });

  test('leaves nothing behind', async () => {
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv(p4c.variable, script('p4c', 'exit 1'));
    await compileWithP4c('x');
    expect(readdirSync(folder)).toEqual(['p4c']);
  });

  test('that warns gives NAME.json and a warning', async () => {
    vi.stubEnv(p4c.variable, script('p4c', 'echo {} > program.json; : > info.bin; : > info.txtpb; echo careful >&2'));
    const built = await bmv2.build?.('demo', [{ suffix: '.p4', contents: 'x' }]);
    expect(built?.files).toEqual([{ suffix: '.json', contents: '{}\n' }]);
    expect(built?.diagnostics).toMatchObject([{ code: 'p4c-warns', message: expect.stringContaining('careful') }]);
  });
});
