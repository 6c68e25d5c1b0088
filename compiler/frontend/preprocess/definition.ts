/** What `#define` defines. */
import { fail } from '../../support/diagnostics.js';
import type { Token } from '../lex.js';
import { CloseParen, Comma, Dots, HashHash, Identifier, OpenParen, Unknown } from '../tokens.js';
import type { Macro } from './macros.js';

/** A name as the preprocessor has it: keywords of P4 are names. */
export const isName = ({ tokenType, image }: Token): boolean =>
  tokenType === Identifier || (tokenType !== Unknown && /^[A-Za-z_]\w*$/.test(image));

/** @throws DiagnosticError for words that define nothing */
export function macroOf([name, ...rest]: readonly Token[]): Macro {
  if (!name) fail('directive-operand', { directive: 'define', expected: 'the name of a macro' });
  if (!isName(name) || name.image === 'defined') fail('macro-name', { name: name.image }, { loc: name.loc });
  const [open] = rest;
  if (open?.tokenType !== OpenParen || open.spaced) return { name: name.image, body: checkedBody(rest), loc: name.loc };
  const close = rest.findIndex((word) => word.tokenType === CloseParen);
  const list = close < 0 ? undefined : parameters(rest.slice(1, close));
  if (!list) return fail('macro-parameters', { name: name.image }, { loc: open.loc });
  return { name: name.image, ...list, body: checkedBody(rest.slice(close + 1)), loc: name.loc };
}

/** `a, b`, `a, ...` or, as with GNU, `a, rest...`; undefined for anything else. */
function parameters(words: readonly Token[]): Pick<Macro, 'params' | 'variadic'> | undefined {
  const params: string[] = [];
  let variadic = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Token;
    if (isName(word)) params.push(word.image);
    else if (word.tokenType === Dots) params.push('__VA_ARGS__');
    else return undefined;
    const hasDots = isName(word) && words[i + 1]?.tokenType === Dots;
    if (hasDots) i++;
    variadic = hasDots || word.tokenType === Dots;
    const last = i === words.length - 1;
    if (last) break;
    if (variadic || words[++i]?.tokenType !== Comma || i === words.length - 1) return undefined;
  }
  return new Set(params).size === params.length ? { params, variadic } : undefined;
}

function checkedBody(body: readonly Token[]): readonly Token[] {
  const end = [body[0], body.at(-1)].find((word) => word?.tokenType === HashHash);
  if (end) fail('macro-paste', {}, { loc: end.loc });
  return body;
}
