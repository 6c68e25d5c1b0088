/** A small reader of P4 expressions, by the precedence of the P4-16 grammar, for tests of the printer. */

/** Loosest first; all of them associate to the left. */
const levels = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['++', '+', '-', '|+|', '|-|'],
  ['*', '/', '%'],
];

/** The expression with parentheses around every operation. */
export function parenthesised(text: string): string {
  const tokens = text.match(/bit<8>|\|\+\||\|-\||\[7:0\]|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|\w+|[^\s\w]/g) ?? [];
  let at = 0;
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Error(`expected ${expected} at ${at} in ${text}`);
    return token;
  };

  const mux = (): string => {
    const cond = infix(0);
    if (tokens[at] !== '?') return cond;
    take('?');
    const yes = mux();
    take(':');
    return `(${cond} ? ${yes} : ${mux()})`;
  };
  const infix = (level: number): string => {
    const operators = levels[level];
    if (!operators) return prefix();
    let left = infix(level + 1);
    while (operators.includes(tokens[at] ?? '')) left = `(${left} ${take()} ${infix(level + 1)})`;
    return left;
  };
  const prefix = (): string => {
    if (['~', '-', '!'].includes(tokens[at] ?? '')) return `(${take()}${prefix()})`;
    if (tokens[at] === '(' && tokens[at + 1] === 'bit<8>') {
      at += 2;
      take(')');
      return `(bit<8> ${prefix()})`;
    }
    return postfix();
  };
  const postfix = (): string => {
    let base: string;
    if (tokens[at] === '(') {
      take('(');
      base = mux();
      take(')');
    } else {
      base = take();
    }
    while (tokens[at] === '[7:0]') base = `(${base}${take()})`;
    return base;
  };

  const result = mux();
  if (at !== tokens.length) throw new Error(`${tokens[at]} is left over in ${text}`);
  return result;
}
