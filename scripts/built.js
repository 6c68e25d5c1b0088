/**
 * Builds what the scripts run, unless dist is of the same sources. A build ends with this script, which notes in dist/built-from.txt
 * what it was of: times would say nothing after a checkout of another commit.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const stamp = 'dist/built-from.txt';
const sources = [
  'compiler',
  'runtime',
  'targets',
  'browser',
  'cli',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.portable.json',
];

/** A hash of the names and contents of all that the build reads. */
function sourceHash() {
  const hash = createHash('sha256');
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  for (const source of sources) {
    if (/\./.test(source)) add(source);
    else for (const entry of filesIn(source)) add(entry);
  }
  return hash.digest('hex');
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

export function ensureBuilt() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash()) return;
  process.stderr.write('building p4ts, which takes some seconds …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(stamp, sourceHash());
