/** A value of each kind of JavaScript, for calls that take none of them. */
export const wrongValues: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a number': -7.5,
  text: 'text',
  'an object': {},
  'an array': [null],
  'a function': () => undefined,
  'a boolean': true,
  'a bigint': 1n << 100n,
  'a symbol': Symbol('s'),
};
