/** Arguments of the language's calls, told apart at run time, where tsc has not looked or was talked out of it. */
import { isBytes } from '../support/bytes.js';
import { DiagnosticError, fail } from '../support/diagnostics.js';
import { captureLocation, type Loc, stackFrames } from '../support/location.js';
import { describeHandle } from './handles.js';
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
  bytes: ['bytes, a Uint8Array', isBytes],
  header: ['a header type, as header(…) makes it', isOfKind('header')],
  ahead: ['a type of bits or a header type', isOfKind('bit', 'header')],
  fields: ['an object of types, such as { port: bit(9) }', all(isDataType)],
  parameters: ['an object of types, such as { port: bit(9) }', all(isParameter)],
  headers: ['an object of header types, stacks and unions', all(isOfKind('header', 'stack', 'union'))],
  members: ['an object of header types', all(isOfKind('header'))],
  valueSets: ['an object of value sets, as valueSet(…) makes them', all(isOfKind('value_set'))],
  states: ['an object of functions, one for each state', all(isFunction)],
  subparsers: ['an object of parsers, each an object of states', all(all(isFunction))],
  number: ['a number', (x) => typeof x === 'number'],
  integer: ['a whole number', Number.isInteger],
  bigint: ['a bigint, such as 1n', (x) => typeof x === 'bigint'],
  count: ['a number or a bigint', (x) => typeof x === 'number' || typeof x === 'bigint'],
  flag: ['true or false', (x) => typeof x === 'boolean'],
  file: ['a path, or the URL of a file', (x) => typeof x === 'string' || x instanceof URL],
  files: ['an array of paths or URLs', (x) => Array.isArray(x) && x.every((one) => typeof one === 'string' || one instanceof URL)],
  texts: ['an object of strings', all((x) => typeof x === 'string')],
  content: ['a string or bytes, a Uint8Array', (x) => typeof x === 'string' || isBytes(x)],
  signal: ['an AbortSignal', (x) => x instanceof AbortSignal],
  names: ['an object of names', all((x) => x === undefined || typeof x === 'string')],
} as const satisfies Readonly<Record<string, readonly [string, (x: unknown) => boolean]>>;

/** With `?`, it may be left out. */
export type Kind = keyof typeof kinds | `${keyof typeof kinds}?`;
/** A kind; or one of these texts, where `undefined` is what may be left out; or an object, or a list of objects, with parts by name. */
export type Wanted =
  | Kind
  | readonly (string | undefined)[]
  | { readonly kind: Kind; readonly parts?: Parameters; readonly each?: Parameters };
/** What a call takes, by the names of its parameters, in their order. */
export type Parameters = Readonly<Record<string, Wanted>>;
/** Looks at what a call was given. `loc`: its place, where that is known already. @throws DiagnosticError bad-argument */
export type Check = (given: readonly unknown[], loc?: Loc) => void;

interface Parameter {
  readonly name: string;
  readonly expected: string;
  readonly test: (x: unknown) => boolean;
  readonly isOptional: boolean;
  readonly parts?: readonly Parameter[];
  readonly each?: readonly Parameter[];
}

/** What is looked at in every call of `what` is prepared once. */
export function signature(what: string, parameters: Parameters): Check {
  const wanted = parametersOf(parameters);
  return (given, loc) => {
    for (let i = 0; i < wanted.length; i++) {
      const wrong = misfit(wanted[i] as Parameter, given[i]);
      if (wrong) fail('bad-argument', { what, ...wrong, got: describeHandle(wrong.got) }, { loc: loc ?? captureLocation() });
    }
  };
}

/** @throws DiagnosticError bad-argument, at the user's call of `what` */
export const expectArguments = (what: string, wanted: Parameters, given: readonly unknown[]): void => signature(what, wanted)(given);

const parametersOf = (parameters: Parameters): readonly Parameter[] => Object.entries(parameters).map(parameterOf);

function parameterOf([name, wanted]: readonly [string, Wanted]): Parameter {
  if (isTexts(wanted)) {
    const expected = wanted.flatMap((text) => (text === undefined ? [] : `'${text}'`)).join(' or ');
    return { name, expected, test: (x) => wanted.includes(x as string), isOptional: false };
  }
  if (typeof wanted === 'object') {
    const { kind, parts, each } = wanted;
    const inner = { ...(parts ? { parts: parametersOf(parts) } : {}), ...(each ? { each: parametersOf(each) } : {}) };
    return { ...parameterOf([name, kind]), ...inner };
  }
  const [expected, test] = kinds[wanted.replace('?', '') as keyof typeof kinds];
  return { name, expected, test, isOptional: wanted.endsWith('?') };
}
const isTexts = (wanted: Wanted): wanted is readonly (string | undefined)[] => Array.isArray(wanted);

interface Misfit {
  readonly name: string;
  readonly expected: string;
  readonly got: unknown;
}

/** Every call of a controller comes through here: only of what does not fit, its place in the value is put together. */
function misfit({ name, expected, test, isOptional, parts, each }: Parameter, given: unknown): Misfit | undefined {
  if (isOptional && given === undefined) return undefined;
  if (!test(given)) return { name, expected, got: given };
  const wrong = parts && misfitIn(parts, given);
  if (wrong) return { ...wrong, name: `${name}.${wrong.name}` };
  if (!each) return undefined;
  const list = given as readonly unknown[];
  for (let i = 0; i < list.length; i++) {
    if (!isObject(list[i])) return { name: `${name}[${i}]`, expected: 'an object', got: list[i] };
    const part = misfitIn(each, list[i]);
    if (part) return { ...part, name: `${name}[${i}].${part.name}` };
  }
  return undefined;
}

function misfitIn(parts: readonly Parameter[], given: unknown): Misfit | undefined {
  for (const part of parts) {
    const wrong = misfit(part, (given as Readonly<Record<string, unknown>>)[part.name]);
    if (wrong) return wrong;
  }
  return undefined;
}

type Signatures<T> = { readonly [M in keyof T]?: Readonly<Record<string, Kind>> };

/** Makes the methods of a class look at their arguments first. What they stumble over deeper in a value is told as well. */
export function checkArguments<T extends object>(of: { readonly prototype: T }, shown: string, signatures: Signatures<T>): void {
  for (const method of Object.getOwnPropertyNames(of.prototype) as (keyof T & string)[]) {
    const { value } = Object.getOwnPropertyDescriptor(of.prototype, method) ?? {};
    if (method === 'constructor' || typeof value !== 'function') continue;
    const what = shown === '' ? method : `${shown}.${method}`;
    const takes = signature(what, signatures[method] ?? {});
    const checked = function (this: T, ...given: unknown[]): unknown {
      takes(given);
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
