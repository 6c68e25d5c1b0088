/** Arguments of the language's calls, told apart at run time, where tsc has not looked or was talked out of it. */
import { isBytes } from '../support/bytes.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, type Loc } from '../support/location.js';
import { nearest } from '../support/suggest.js';
import { fieldLocations } from './comments.js';
import { headerNode, isExpr } from './expr.js';
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

/** Not a value of the pipeline: an expression or a header is one thing, and no object of named parts. */
const isObject = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && !isExpr(x) && !(headerNode in x);
const isOfKind =
  (...kinds: readonly string[]) =>
  (x: unknown): boolean =>
    isObject(x) && kinds.includes(String(x.kind));
/** An object whose properties are all of one kind. */
const all = (member: string, test: (x: unknown) => boolean) => [isObject, [member, test]] as const;
const isFunction = (x: unknown): boolean => typeof x === 'function';
const isStates = (x: unknown): boolean => isObject(x) && Object.values(x).every(isFunction);
const isParameter = (x: unknown): boolean => isDataType(x) || (isObject(x) && isDataType(x.type) && typeof x.direction === 'string');

/** What a value is, in words, and whether one is that. */
type Test = readonly [expected: string, test: (x: unknown) => boolean];

/** The words for each kind, and its test; where it is an object of equal members, theirs as well. */
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
  element: ['a header type or a union', isOfKind('header', 'union')],
  ahead: ['a type of bits or a header type', isOfKind('bit', 'header')],
  fields: ['an object of types, such as { port: bit(9) }', ...all('a type, such as bit(8)', isDataType)],
  parameters: ['an object of types, such as { port: bit(9) }', ...all('a type, such as bit(8)', isParameter)],
  headers: [
    'an object of header types, stacks and unions',
    ...all('a header type, a stack or a union', isOfKind('header', 'stack', 'union')),
  ],
  members: ['an object of header types', ...all('a header type', isOfKind('header'))],
  valueSets: ['an object of value sets', ...all('a value set, as valueSet(…) makes it', isOfKind('value_set'))],
  states: ['an object of functions, one for each state', ...all('a function', isFunction)],
  subparsers: ['an object of parsers', ...all('an object of functions, one for each state', isStates)],
  number: ['a number', (x) => typeof x === 'number'],
  integer: ['a whole number', Number.isInteger],
  bigint: ['a bigint, such as 1n', (x) => typeof x === 'bigint'],
  pairs: ['an array of pairs, [old, new] each', (x) => Array.isArray(x) && x.every((one) => Array.isArray(one) && one.length === 2)],
  count: ['a number or a bigint', (x) => typeof x === 'number' || typeof x === 'bigint'],
  flag: ['true or false', (x) => typeof x === 'boolean'],
  file: ['a path, or the URL of a file', (x) => typeof x === 'string' || x instanceof URL],
  files: ['an array of paths or URLs', (x) => Array.isArray(x) && x.every((one) => typeof one === 'string' || one instanceof URL)],
  texts: ['an object of strings', ...all('a string', (x) => typeof x === 'string')],
  content: ['a string or bytes, a Uint8Array', (x) => typeof x === 'string' || isBytes(x)],
  signal: ['an AbortSignal', (x) => x instanceof AbortSignal],
  switches: [
    'an object of switches by name',
    ...all('an object with a pipeline and an address', (x) => isObject(x) && 'pipeline' in x && 'address' in x),
  ],
  names: ['an object of names', ...all('a string', (x) => x === undefined || typeof x === 'string')],
} as const satisfies Readonly<Record<string, readonly [...Test, members?: Test]>>;

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
  readonly members?: Test;
  readonly parts?: readonly Parameter[];
  readonly each?: readonly Parameter[];
}

/** What is looked at in every call of `what` is prepared once. */
export function signature(what: string, parameters: Parameters): Check {
  const wanted = parametersOf(parameters);
  return (given, loc) => {
    for (let i = 0; i < wanted.length; i++) {
      const wrong = misfit(wanted[i] as Parameter, given[i]);
      if (!wrong) continue;
      const { name, expected, got, help } = wrong;
      const where = { loc: propertyPlace(loc ?? captureLocation(), name), ...(help === undefined ? {} : { help }) };
      fail('bad-argument', { what, name, expected, got: describeHandle(got) }, where);
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
  const [expected, test, members]: readonly [...Test, members?: Test] = kinds[wanted.replace('?', '') as keyof typeof kinds];
  return { name, expected, test, isOptional: wanted.endsWith('?'), ...(members ? { members } : {}) };
}
const isTexts = (wanted: Wanted): wanted is readonly (string | undefined)[] => Array.isArray(wanted);

interface Misfit {
  readonly name: string;
  readonly expected: string;
  readonly got: unknown;
  readonly help?: string | undefined;
}

type Given = Readonly<Record<string, unknown>>;

/** Every call of a controller comes through here: only of what does not fit, its place in the value is put together. */
function misfit({ name, expected, test, isOptional, members, parts, each }: Parameter, given: unknown): Misfit | undefined {
  if (isOptional && given === undefined) return undefined;
  if (!test(given)) return { name, expected, got: given };
  const wrong = (members && wrongMember(members, given as Given)) ?? (parts && misfitIn(parts, given as Given));
  if (wrong) return { ...wrong, name: `${name}.${wrong.name}` };
  if (!each) return undefined;
  const list = given as readonly unknown[];
  for (let i = 0; i < list.length; i++) {
    const one = list[i];
    if (!isObject(one)) return { name: `${name}[${i}]`, expected: 'an object', got: one };
    const part = misfitIn(each, one);
    if (part) return { ...part, name: `${name}[${i}].${part.name}` };
  }
  return undefined;
}

function wrongMember([expected, test]: Test, given: Given): Misfit | undefined {
  const found = Object.entries(given).find(([, value]) => !test(value));
  return found && { name: found[0], expected, got: found[1] };
}

function misfitIn(parts: readonly Parameter[], given: Given): Misfit | undefined {
  for (const part of parts) {
    const wrong = misfit(part, given[part.name]);
    if (wrong) return wrong.got === undefined ? { ...wrong, help: wrong.help ?? misspelt(part, parts, given) } : wrong;
  }
  return undefined;
}

/** A property that is missing may be there under a name like it. */
function misspelt({ name }: Parameter, parts: readonly Parameter[], given: Given): string | undefined {
  if (given[name] !== undefined) return undefined;
  const others = Object.keys(given).filter((key) => parts.every((part) => part.name !== key));
  const found = nearest(name, others);
  return found && `write "${name}" for "${found}"`;
}

/** Where the property `options.key` of the call at `loc` is written; the call itself where that is not found. */
function propertyPlace(loc: Loc, path: string): Loc {
  const names = path.split(/[.[]/);
  if (names.length === 1) return loc;
  return names.reduce((place, name) => fieldLocations(place, [name]).get(name) ?? place, loc);
}

type Signatures<T> = { readonly [M in keyof T]?: Parameters };

/** Makes the methods of a class look at their arguments first. */
export function checkArguments<T extends object>(of: { readonly prototype: T }, shown: string, signatures: Signatures<T>): void {
  for (const [method, parameters] of Object.entries(signatures) as [keyof T & string, Parameters][]) {
    const value = of.prototype[method] as (...given: readonly unknown[]) => unknown;
    const takes = signature(shown === '' ? method : `${shown}.${method}`, parameters);
    const checked = function (this: T, ...given: readonly unknown[]): unknown {
      takes(given);
      return value.apply(this, given as unknown[]);
    };
    Object.defineProperty(of.prototype, method, { value: checked, writable: true, configurable: true });
  }
}
