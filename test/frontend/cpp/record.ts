/** Run by `npm run record`: writes what GNU's `cpp`, called as p4c calls it, makes of the samples. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { folderWith } from '../../support/folders.js';
import { samples } from './samples.js';
import { wordsOf } from './words.js';

test('cpp', () => {
  const answers = samples().map((text) => {
    const folder = folderWith({ 'a.p4': `${text}\n` });
    const options = ['-C', '-undef', '-nostdinc', '-x', 'assembler-with-cpp'];
    const { status, stdout } = spawnSync('cpp', [...options, 'a.p4'], { cwd: folder, encoding: 'utf8' });
    return { text, words: status === 0 ? wordsOf(stdout) : 'refused' };
  });
  const lines = answers.map((answer) => JSON.stringify(answer));
  writeFileSync(join(import.meta.dirname, '../../recordings/cpp.json'), `[\n${lines.join(',\n')}\n]\n`);
});
