/** `p4ts init`: a new project that runs at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { fail } from '../../compiler/support/diagnostics.js';
import { ownFolder, systemReason, writeUserFiles } from '../../compiler/support/node.js';
import { ownDependency } from '../own-dependency.js';
import packageJson from '../templates/init/package.json.hbs';
import readme from '../templates/init/README.md.hbs';

const templates = fileURLToPath(new URL('cli/templates/init/', ownFolder));
const copied = ['tsconfig.json', 'pipeline.ts', 'controller.ts', 'entries.txt', 'gitignore'];
/** npm packs no file of this name. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

export function define(command: Command): void {
  command
    .description(
      'Makes a project: a small router, a controller that sends packets through it, and a file of entries. Nothing is overwritten.',
    )
    .argument('<dir>', 'a new folder, or an empty one')
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts init my-router && cd my-router
  $ npm install && npm start`,
    )
    .action(init);
}

function init(folder: string): void {
  const found = existing(folder);
  if (found.length > 0) {
    const shown = found.slice(0, 3).join(', ');
    fail('folder-not-empty', { folder, found: found.length > 3 ? `${shown}, …` : shown });
  }
  const values = { name: packageName(folder), p4ts: ownDependency(folder) };
  const made = [
    { path: join(folder, 'package.json'), content: packageJson(values) },
    { path: join(folder, 'README.md'), content: readme(values) },
    ...copied.map((name) => ({ path: join(folder, renamed[name] ?? name), content: readFileSync(join(templates, name), 'utf8') })),
  ];
  writeUserFiles(made);
  process.stdout.write(`made ${made.map((f) => f.path).join(', ')}\n\nNow:\n  cd ${folder}\n  npm install\n  npm start\n`);
}

/** What is in the folder already; a repository may have been made there first. */
function existing(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name !== '.git');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    return fail('file-unwritable', { path: folder, reason });
  }
}

/** The folder's name, as npm takes it. */
function packageName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name === '' || name === 'p4ts' ? 'my-pipeline' : name;
}
