/** Addresses as controllers have them, which is text that tsc tells from other text, and what controllers do with it. */
import { fromBytes, prefixMask, toBytes } from '../support/bits.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation } from '../support/location.js';
import { addressWidth, formatValue, parseAddress, parseValue, prefixMistake, ValueError } from '../support/values.js';
import { checkArguments } from './arguments.js';

/** A MAC address, such as `02:00:00:00:00:01`. */
export type MacAddress = `${string}:${string}`;
/** An IPv4 address, such as `10.0.0.1`. */
export type Ipv4Address = `${number}.${number}.${number}.${number}`;
/** An IPv6 address, such as `2001:db8::1`. */
export type Ipv6Address = `${string}:${string}`;
/** An IPv4 prefix, such as `10.0.0.0/8`. */
export type Ipv4Prefix = `${Ipv4Address}/${number}`;
/** An IPv6 prefix, such as `2001:db8::/32`. */
export type Ipv6Prefix = `${Ipv6Address}/${number}`;

type AddressFormat = 'mac' | 'ipv4' | 'ipv6';
const separators = { mac: ':', ipv4: '.', ipv6: ':' } as const;

/** The addresses `A` of one kind. */
class Addresses<A extends string> {
  readonly #name: string;
  readonly #format: AddressFormat;

  constructor(name: string, format: AddressFormat) {
    this.#name = name;
    this.#format = format;
  }

  /**
   * The address in its usual form, such as `2001:db8::1` for `2001:DB8:0::1`. Controllers read addresses in this form, in
   * which equal addresses are equal text.
   * @throws DiagnosticError value-format for text that is no such address
   */
  parse(text: string): A {
    return this.fromNumber(this.#checked('parse', () => parseAddress(text, this.#format)));
  }

  /** Whether the text is such an address, with two digits or one for each byte, in capitals or not. */
  is(text: string): text is A {
    return text.includes(separators[this.#format]) && isValue(text, () => parseAddress(text, this.#format));
  }

  /** @throws DiagnosticError value-range for a number that is negative or too large */
  fromNumber(value: number | bigint): A {
    return formatValue(
      this.#checked('fromNumber', () => parseValue(value, widthOf(this.#format))),
      this.#format,
    ) as A;
  }

  /** The bits of the address. @throws DiagnosticError value-format */
  toNumber(address: A): bigint {
    return this.#checked('toNumber', () => parseAddress(address, this.#format));
  }

  /** Bytes in network order. @throws DiagnosticError value-format for more or fewer than an address has */
  fromBytes(bytes: Uint8Array): A {
    const length = widthOf(this.#format) / 8;
    this.#checked('fromBytes', () => {
      if (bytes.length !== length) throw new ValueError('value-format', `an address has ${length} bytes, not ${bytes.length}`);
    });
    return this.fromNumber(fromBytes(bytes));
  }

  /** Its bytes in network order. @throws DiagnosticError value-format */
  toBytes(address: A): Uint8Array {
    return toBytes(
      this.#checked('toBytes', () => parseAddress(address, this.#format)),
      widthOf(this.#format) / 8,
    );
  }

  #checked<T>(method: string, compute: () => T): T {
    return checked(`${this.#name}.${method}()`, compute);
  }
}

/** The prefixes `P` of the addresses `A`. */
class Prefixes<P extends string, A extends string> {
  readonly #name: string;
  readonly #format: AddressFormat;

  constructor(name: string, format: AddressFormat) {
    this.#name = name;
    this.#format = format;
  }

  /**
   * The prefix in its usual form.
   * @throws DiagnosticError value-format for text that is no prefix, value-range for bits set beyond its length
   */
  parse(text: string): P {
    return this.#text(...this.#checked('parse', () => readPrefix(text, this.#format)));
  }

  /** Whether the text is a prefix without bits set beyond its length. */
  is(text: string): text is P {
    return isValue(text, () => readPrefix(text, this.#format));
  }

  /**
   * The prefix of that length that has the address: `10.0.1.0/24` for `10.0.1.7` and 24.
   * @throws DiagnosticError value-format for text that is no address, value-range for a length that the address does not have
   */
  of(address: A, length: number): P {
    return this.#checked('of', () => {
      const bits = parseAddress(address, this.#format);
      checkPrefix(0n, length, this.#format);
      return this.#text(bits & maskOf(length, this.#format), length);
    });
  }

  /** Whether the address is in the prefix. @throws DiagnosticError value-format */
  contains(prefix: P, address: A): boolean {
    return this.#checked('contains', () => {
      const [network, length] = readPrefix(prefix, this.#format);
      return (parseAddress(address, this.#format) & maskOf(length, this.#format)) === network;
    });
  }

  /** The prefix as a ternary key has it: its address and its mask. @throws DiagnosticError value-format */
  toTernary(prefix: P): { readonly value: A; readonly mask: A } {
    const [network, length] = this.#checked('toTernary', () => readPrefix(prefix, this.#format));
    const shown = (bits: bigint): A => formatValue(bits, this.#format) as A;
    return { value: shown(network), mask: shown(maskOf(length, this.#format)) };
  }

  #text(network: bigint, length: number): P {
    return `${formatValue(network, this.#format)}/${length}` as P;
  }

  #checked<T>(method: string, compute: () => T): T {
    return checked(`${this.#name}.${method}()`, compute);
  }
}

const address = { address: 'text' } as const;
checkArguments(Addresses, '', {
  parse: { text: 'text' },
  is: { text: 'text' },
  fromNumber: { value: 'count' },
  toNumber: address,
  fromBytes: { bytes: 'bytes' },
  toBytes: address,
});
checkArguments(Prefixes, '', {
  parse: { text: 'text' },
  is: { text: 'text' },
  of: { ...address, length: 'number' },
  contains: { prefix: 'text', ...address },
  toTernary: { prefix: 'text' },
});

export type { Addresses, Prefixes };
/** Checks and converts MAC addresses. `parse` takes hyphens too. */
export const MacAddress: Addresses<MacAddress> = new Addresses('MacAddress', 'mac');
/** Checks and converts IPv4 addresses. */
export const Ipv4Address: Addresses<Ipv4Address> = new Addresses('Ipv4Address', 'ipv4');
/** Checks and converts IPv6 addresses. */
export const Ipv6Address: Addresses<Ipv6Address> = new Addresses('Ipv6Address', 'ipv6');
/** Checks and converts IPv4 prefixes. */
export const Ipv4Prefix: Prefixes<Ipv4Prefix, Ipv4Address> = new Prefixes('Ipv4Prefix', 'ipv4');
/** Checks and converts IPv6 prefixes. */
export const Ipv6Prefix: Prefixes<Ipv6Prefix, Ipv6Address> = new Prefixes('Ipv6Prefix', 'ipv6');

const widthOf = (format: AddressFormat): number => addressWidth(format) as number;

const maskOf = (length: number, format: AddressFormat): bigint => prefixMask(length, widthOf(format));

/** Its bits and its length. @throws ValueError */
function readPrefix(text: string, format: AddressFormat): readonly [network: bigint, length: number] {
  const [, address = '', digits] = /^(.+)\/(\d{1,3})$/.exec(text.trim()) ?? [];
  if (digits === undefined)
    throw new ValueError('value-format', `"${text}" is not a prefix such as ${format === 'ipv4' ? '10.0.0.0/8' : '2001:db8::/32'}`);
  const network = parseAddress(address, format);
  checkPrefix(network, Number(digits), format);
  return [network, Number(digits)];
}

/** @throws ValueError */
function checkPrefix(network: bigint, length: number, format: AddressFormat): void {
  const wrong = prefixMistake(network, length, widthOf(format), format);
  if (wrong) throw new ValueError('value-range', wrong.problem);
}

/** @throws DiagnosticError value-format, value-range at the caller's place */
function checked<T>(what: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return fail(error.code, { what, problem: error.message }, { loc: captureLocation() });
  }
}

/** `parse` passes over spaces around the text, of which the type has none. */
function isValue(text: string, read: () => unknown): boolean {
  if (/\s/.test(text)) return false;
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}
