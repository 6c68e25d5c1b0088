/** What `@p4runtime_translation` says of a type: the values that the control plane has for the switch's. */
import { annotation } from './names.js';
import type { NewtypeDecl } from './types.js';

export interface Translation {
  readonly uri: string;
  /** Bits of the controller's values; absent when they are text. */
  readonly width?: number;
  /** For text: the switch's values, as far as the program says (`@p4runtime_translation_mappings`). */
  readonly values: ReadonlyMap<string, bigint>;
}

/** `@p4runtime_translation("uri", bit<W>)` or `(…, string)`; W may also be written as a number. */
export function translationOf(declared: NewtypeDecl): Translation | undefined {
  const body = annotation(declared, 'p4runtime_translation')?.body;
  const match = /^\s*"([^"]*)"\s*,\s*(?:string|(?:bit\s*<\s*)?(\d+)\s*>?)\s*$/.exec(body ?? '');
  if (!match) return undefined;
  const pairs = annotation(declared, 'p4runtime_translation_mappings')?.body?.matchAll(/\{\s*"([^"]*)"\s*,\s*(\d+)\s*\}/g) ?? [];
  return {
    uri: match[1] as string,
    ...(match[2] === undefined ? {} : { width: Number(match[2]) }),
    values: new Map([...pairs].map(([, text, value]) => [text as string, BigInt(value as string)])),
  };
}

/** Whether the switch finds numbers for other text: the program names none, or only the default, which is the empty text. */
export const isOpen = ({ values }: Translation): boolean => [...values.keys()].every((text) => text === '');

/** A number that no text stands for is shown in decimal. */
export const textFor = ({ values }: Translation, value: bigint): string =>
  [...values].find(([, number]) => number === value)?.[0] ?? `${value}`;
