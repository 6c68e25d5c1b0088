/** Codecs between IR nodes and JSON: one description of a node both writes it and reads it strictly. */
import { DiagnosticError, diagnostic } from '../support/diagnostics.js';
import { type Loc, nowhere } from '../support/location.js';
import type { Type } from './types.js';
import type { OfKind } from './visit.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Codec<T> {
  write(value: T, out: Writer): Json;
  /** The value, frozen; anything that does not fit is a DiagnosticError. */
  read(json: unknown, input: Reader): T;
}
interface OptionalCodec<T> extends Codec<T> {
  readonly optional: true;
}
export type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalCodec<Exclude<T[K], undefined>> : Codec<T[K]>;
};

/** Objects and arrays in one another, in the JSON form and in programs: what every pass can recurse into. An `else if` takes two. */
export const maxNesting = 1200;
/** The digits of 2^2048, the widest integer, and a sign. */
const maxDigits = 620;

/** Tables that the nodes of one program share: files and types are written once. */
export class Writer {
  readonly files: string[] = [];
  readonly types: Json[] = [];
  readonly #fileNumbers = new Map<string, number>();
  readonly #typeNumbers = new Map<string, number>();

  file(name: string): number {
    return intern(name, name, this.#fileNumbers, this.files);
  }
  type(json: Json): number {
    return intern(JSON.stringify(json), json, this.#typeNumbers, this.types);
  }
}

function intern<T>(key: string, value: T, numbers: Map<string, number>, table: T[]): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = table.push(value) - 1;
    numbers.set(key, number);
  }
  return number;
}

export class Reader {
  files: readonly string[] = [];
  types: readonly Type[] = [];
  readonly #path: (string | number)[] = [];

  fail(expected: string): never {
    const place = this.#path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    throw new DiagnosticError([diagnostic('ir-malformed', { place: place.replace(/^\./, '') || 'the top', expected })]);
  }

  at<T>(step: string | number, read: () => T): T {
    if (this.#path.length >= maxNesting) this.fail(`at most ${maxNesting} levels of nesting`);
    this.#path.push(step);
    const value = read();
    this.#path.pop();
    return value;
  }
}

// ── leaves ──

const leaf = <T extends Json>(expected: string, fits: (json: unknown) => json is T): Codec<T> => ({
  write: (value) => value,
  read: (json, input) => (fits(json) ? json : input.fail(expected)),
});

export const text = leaf('a string', (json): json is string => typeof json === 'string');
export const flag = leaf('true or false', (json): json is boolean => typeof json === 'boolean');
export const integer = leaf('an integer', (json): json is number => Number.isSafeInteger(json));
export const natural = leaf('an integer from 0', (json): json is number => Number.isSafeInteger(json) && (json as number) >= 0);
export const oneOf = <T extends string | number>(...values: readonly T[]): Codec<T> =>
  leaf(`one of ${values.join(', ')}`, (json): json is T => values.includes(json as T));

/** Integers of any size, as decimal strings. */
export const bigint: Codec<bigint> = {
  write: (value) => value.toString(),
  read: (json, input) =>
    typeof json === 'string' && json.length <= maxDigits && /^-?\d+$/.test(json) ? BigInt(json) : input.fail('an integer in a string'),
};

/** `[file, line, column]`, the file as a number in the table of files; 0 for no place. */
export const loc: Codec<Loc> = {
  write: (value, out) => (value.line === 0 ? 0 : [out.file(value.file), value.line, value.column]),
  read: (json, input) => {
    if (json === 0) return nowhere;
    if (!Array.isArray(json) || json.length !== 3) return input.fail('a place [file, line, column]');
    const [file, line, column] = json as readonly unknown[];
    const name = Number.isSafeInteger(file) ? input.files[file as number] : undefined;
    const counts = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 1;
    if (name === undefined || !counts(line) || !counts(column)) return input.fail('a place [file, line, column]');
    return Object.freeze({ file: name, line, column });
  },
};

// ── compounds ──

export const optional = <T>(codec: Codec<T>): OptionalCodec<T> => ({ ...codec, optional: true });

export const listOf = <T>(codec: Codec<T>): Codec<readonly T[]> => ({
  write: (value, out) => value.map((element) => codec.write(element, out)),
  read: (json, input) => {
    if (!Array.isArray(json)) return input.fail('a list');
    return Object.freeze(json.map((element, i) => input.at(i, () => codec.read(element, input))));
  },
});

export const lazy = <T>(codec: () => Codec<T>): Codec<T> => ({
  write: (value, out) => codec().write(value, out),
  read: (json, input) => codec().read(json, input),
});

/** One codec or another: `first` where the value fits `isFirst`, which sees values of both forms. */
export const either = <A, B>(first: Codec<A>, second: Codec<B>, isFirst: (value: unknown) => boolean): Codec<A | B> => ({
  write: (value, out) => (isFirst(value) ? first.write(value as A, out) : second.write(value as B, out)),
  read: (json, input) => (isFirst(json) ? first.read(json, input) : second.read(json, input)),
});

/** A codec for a narrower type: what is read must fit. */
export const narrowed = <T, N extends T>(codec: Codec<T>, expected: string, fits: (value: T) => value is N): Codec<N> => ({
  write: (value, out) => codec.write(value, out),
  read: (json, input) => {
    const value = codec.read(json, input);
    return fits(value) ? value : input.fail(expected);
  },
});

/** An object with exactly these fields. */
export const record = <T extends object>(fields: Fields<T>): Codec<T> => ({
  write: (value, out) => writeFields(fields, value, out),
  read: (json, input) => Object.freeze(readFields(fields, asObject(json, input), [], input)),
});

/** A union of nodes told apart by `kind`: for each kind, the codecs of the other fields. */
export const union = <T extends { readonly kind: string }>(
  kinds: {
    readonly [K in T['kind']]: Fields<Omit<OfKind<T, K>, 'kind'>>;
  },
): Codec<T> => {
  const table = new Map<string, Fields<object>>(Object.entries(kinds));
  const fieldsOf = (kind: unknown): Fields<object> | undefined => (typeof kind === 'string' ? table.get(kind) : undefined);
  return {
    write: (value, out) => ({ kind: value.kind, ...writeFields(fieldsOf(value.kind) as Fields<object>, value, out) }),
    read: (json, input) => {
      const object = asObject(json, input);
      const kind = Object.hasOwn(object, 'kind') ? object.kind : undefined;
      const fields: Fields<object> = fieldsOf(kind) ?? input.at('kind', () => input.fail(`one of ${[...table.keys()].join(', ')}`));
      return Object.freeze({ kind, ...readFields<object>(fields, object, ['kind'], input) }) as unknown as T;
    },
  };
};

type AnyFields = Readonly<Record<string, Codec<unknown> & { readonly optional?: true }>>;

function writeFields(fields: object, value: object, out: Writer): { [key: string]: Json } {
  const json: { [key: string]: Json } = {};
  for (const [key, codec] of Object.entries(fields as AnyFields)) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined) json[key] = codec.write(part, out);
  }
  return json;
}

function readFields<T>(fields: Fields<T>, json: Readonly<Record<string, unknown>>, also: readonly string[], input: Reader): T {
  const value: Record<string, unknown> = {};
  for (const [key, codec] of Object.entries(fields as unknown as AnyFields)) {
    if (Object.hasOwn(json, key)) value[key] = input.at(key, () => codec.read(json[key], input));
    else if (!codec.optional) input.fail(`a field "${key}"`);
  }
  for (const key of Object.keys(json))
    if (!Object.hasOwn(value, key) && !also.includes(key)) input.fail(`no field ${JSON.stringify(key.slice(0, 40))}`);
  return value as T;
}

function asObject(json: unknown, input: Reader): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return input.fail('an object');
  return json as Readonly<Record<string, unknown>>;
}
