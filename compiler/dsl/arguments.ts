/** Arguments of the language's calls, told apart at run time, where tsc has not looked or was talked out of it. */
import { DiagnosticError, fail } from '../support/diagnostics.js';
import { captureLocation, stackFrames } from '../support/location.js';
import { describe } from './expr.js';
import type { DataType } from './surface.js';

const dataKinds: ReadonlySet<unknown> = new Set([
  'bit',
  'int',
  'varbit',
  'bool',
  'enum',
  'struct',
  'newtype',
  'tuple',
] satisfies DataType['kind'][]);
export const isDataType = (type: unknown): boolean =>
  typeof type === 'object' && type !== null && 'kind' in type && dataKinds.has(type.kind);

const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isOfKind =
  (...kinds: readonly string[]) =>
  (x: unknown): boolean =>
    isObject(x) && kinds.includes(String(x.kind));
const all =
  (test: (x: unknown) => boolean) =>
  (x: unknown): boolean =>
    isObject(x) && Object.values(x).every(test);
const isFunction = (x: unknown): boolean => typeof x === 'function';
const isParameter = (x: unknown): boolean => isDataType(x) || (isObject(x) && isDataType(x.type) && typeof x.direction === 'string');

/** How each kind is called, and how it is told. */
const kinds = {
  anything: ['anything', () => true],
  text: ['a string', (x) => typeof x === 'string'],
  function: ['a function', isFunction],
  object: ['an object', isObject],
  list: ['an array', Array.isArray],
  type: ['a type, such as bit(8)', isDataType],
  bits: ['a type of bits, such as bit(8)', isOfKind('bit')],
  castable: ['a type of numbers, such as bit(8)', isOfKind('bit', 'int', 'enum', 'newtype')],
  bytes: ['bytes, a Uint8Array', (x) => x instanceof Uint8Array],
  header: ['a header type, as header(…) makes it', isOfKind('header')],
  ahead: ['a type of bits or a header type', isOfKind('bit', 'header')],
  fields: ['an object of types, such as { port: bit(9) }', all(isDataType)],
  parameters: ['an object of types, such as { port: bit(9) }', all(isParameter)],
  headers: ['an object of header types, stacks and unions', all(isOfKind('header', 'stack', 'union'))],
  members: ['an object of header types', all(isOfKind('header'))],
  valueSets: ['an object of value sets, as valueSet(…) makes them', all(isOfKind('value_set'))],
  states: ['an object of functions, one for each state', all(isFunction)],
  subparsers: ['an object of parsers, each an object of states', all(all(isFunction))],
  names: ['an object of names', all((x) => x === undefined || typeof x === 'string')],
} as const satisfies Readonly<Record<string, readonly [string, (x: unknown) => boolean]>>;

/** With `?`, it may be left out. */
export type Kind = keyof typeof kinds | `${keyof typeof kinds}?`;

/** @throws DiagnosticError bad-argument, at the user's call of `what` */
export function expectArguments(what: string, wanted: Readonly<Record<string, Kind>>, given: readonly unknown[]): void {
  for (const [i, [name, kind]] of Object.entries(wanted).entries()) {
    if (kind.endsWith('?') && given[i] === undefined) continue;
    const [expected, test] = kinds[kind.replace('?', '') as keyof typeof kinds];
    if (!test(given[i])) fail('bad-argument', { what, name, expected, got: describe(given[i]) }, { loc: captureLocation() });
  }
}

type Signatures<T> = { readonly [M in keyof T]?: Readonly<Record<string, Kind>> };

/** Makes the methods of a class look at their arguments first. What they stumble over deeper in a value is told as well. */
export function checkArguments<T extends object>(of: { readonly prototype: T }, shown: string, signatures: Signatures<T>): void {
  for (const method of Object.getOwnPropertyNames(of.prototype) as (keyof T & string)[]) {
    const { value } = Object.getOwnPropertyDescriptor(of.prototype, method) ?? {};
    if (method === 'constructor' || typeof value !== 'function') continue;
    const checked = function (this: T, ...given: unknown[]): unknown {
      const what = shown === '' ? method : `${shown}.${method}`;
      expectArguments(what, signatures[method] ?? {}, given);
      try {
        return value.apply(this, given);
      } catch (error) {
        throw asDiagnostic(what, error);
      }
    };
    Object.defineProperty(of.prototype, method, { value: checked, writable: true, configurable: true });
  }
}

/** A TypeError that p4ts itself ran into is about a value of the call; one of the user's own code, and any other, stays. */
function asDiagnostic(what: string, error: unknown): unknown {
  if (!(error instanceof TypeError) || !error.stack) return error;
  const [top] = stackFrames(error.stack);
  if (!top?.own) return error;
  try {
    return fail('value-in-call', { what, problem: error.message }, { loc: captureLocation() });
  } catch (diagnostic) {
    return diagnostic instanceof DiagnosticError ? diagnostic : error;
  }
}
