/** Numbers as P4-16 writes them (§6.4.3.2). */
import { maxNumberLength } from './limits.js';

export interface NumberLiteral {
  readonly value: bigint;
  readonly width?: number;
  readonly signed: boolean;
  readonly base: number;
}

const form = /^(?:(\d+)([ws]))?(?:0[xX]([0-9a-fA-F_]+)|0[oO]([0-7_]+)|0[bB]([01_]+)|0[dD]([0-9_]+)|([0-9_]+))$/;
const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

/** Undefined when the text is not a number, or one that is too long. */
export function readNumber(text: string): NumberLiteral | undefined {
  const match = text.length <= maxNumberLength ? form.exec(text) : null;
  if (!match) return undefined;
  const [, width, sign, hexadecimal, octal, binary, decimal, plain] = match;
  const base = hexadecimal !== undefined ? 16 : octal !== undefined ? 8 : binary !== undefined ? 2 : 10;
  const digits = (hexadecimal ?? octal ?? binary ?? decimal ?? plain ?? '').replaceAll('_', '');
  if (digits === '' || (width !== undefined && !Number.isSafeInteger(Number(width)))) return undefined;
  return {
    value: BigInt(`${prefixes[base]}${digits}`),
    ...(width === undefined ? {} : { width: Number(width) }),
    signed: sign === 's',
    base,
  };
}
