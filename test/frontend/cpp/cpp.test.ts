/** The preprocessor against recorded answers of GNU's `cpp`, as p4c calls it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preprocess } from '../../../compiler/frontend/preprocess/preprocessor.js';
import { Diagnostics } from '../../../compiler/support/diagnostics.js';
import { wordsOf } from './words.js';

interface Answer {
  readonly text: string;
  readonly words: readonly string[] | 'refused';
}
const answers = JSON.parse(readFileSync(new URL('../../recordings/cpp.json', import.meta.url), 'utf8')) as readonly Answer[];

const own = (text: string): Answer['words'] => {
  const diagnostics = new Diagnostics();
  const options = { includePaths: [], library: new Map(), defines: new Map() };
  const tokens = preprocess('a.p4', `${text}\n`, options, diagnostics) ?? [];
  return diagnostics.hasErrors ? 'refused' : tokens.flatMap(({ image }) => wordsOf(image));
};

test.each(answers.map((answer) => [answer.text, answer] as const))('%j', (_, { text, words }) => expect(own(text)).toEqual(words));
