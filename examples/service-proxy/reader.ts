/** Reads the fields of a YAML document, and keeps what is wrong with them, by file and line. */
import type { Ipv4Address, MacAddress } from 'p4ts';
import { type Document, isNode, type LineCounter } from 'yaml';
import type { Ipv4Prefix } from './manifests.js';

export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** One line for each mistake: `services.yaml:12: spec.ports[0].port: …`. */
export class ManifestError extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
    this.name = 'ManifestError';
    this.mistakes = mistakes;
  }
}

interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly mistakes: Mistake[];
}
type Key = string | number;

/** A field of a manifest, which may be absent. A field that is not what is asked for is a mistake. */
export class Reader {
  readonly #source: Source;
  readonly #path: readonly Key[];
  readonly value: unknown;

  constructor(source: Source, value: unknown, path: readonly Key[] = []) {
    this.#source = source;
    this.#path = path;
    this.value = value;
  }

  at(...keys: readonly Key[]): Reader {
    const value = keys.reduce<unknown>((from, key) => (from as Record<Key, unknown> | null | undefined)?.[key], this.value);
    return new Reader(this.#source, value ?? undefined, [...this.#path, ...keys]);
  }

  /** The elements of a list; none where it is absent. */
  items(): readonly Reader[] {
    if (this.value === undefined) return [];
    if (!Array.isArray(this.value)) return this.#mistake('a list', []);
    return this.value.map((_, index) => this.at(index));
  }

  text(otherwise?: string): string {
    if (this.value === undefined && otherwise !== undefined) return otherwise;
    return typeof this.value === 'string' ? this.value : this.#mistake('text', '');
  }
  bool(otherwise: boolean): boolean {
    if (this.value === undefined) return otherwise;
    return typeof this.value === 'boolean' ? this.value : this.#mistake('true or false', otherwise);
  }
  oneOf<T extends string>(values: readonly T[], otherwise: T): T {
    if (this.value === undefined) return otherwise;
    return values.find((value) => value === this.value) ?? this.#mistake(values.join(' or '), otherwise);
  }
  /** Annotations are text, so that a number may be written as text as well. */
  integer(low: number, high: number): number {
    const number = typeof this.value === 'string' && /^\d+$/.test(this.value) ? Number(this.value) : this.value;
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high;
    return fits ? number : this.#mistake(`a number from ${low} to ${high}`, low);
  }
  ipv4(): Ipv4Address {
    return isIpv4(this.value) ? this.value : this.#mistake('an IPv4 address', '0.0.0.0');
  }
  ipv4Prefix(): Ipv4Prefix {
    const [address, length = ''] = typeof this.value === 'string' ? this.value.split('/') : [];
    const fits = isIpv4(address) && /^\d\d?$/.test(length) && Number(length) <= 32;
    return fits ? `${address}/${Number(length)}` : this.#mistake('an IPv4 prefix such as 10.1.0.0/24', '0.0.0.0/0');
  }
  mac(): MacAddress {
    const fits = typeof this.value === 'string' && /^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(this.value);
    return fits ? (this.value as MacAddress) : this.#mistake('a MAC address', '00:00:00:00:00:00');
  }

  /** Keeps what is wrong with the field. */
  wrong(message: string): void {
    const { file, mistakes } = this.#source;
    const path = this.#path.map((key, i) => (typeof key === 'number' ? `[${key}]` : /[./]/.test(key) ? `["${key}"]` : i ? `.${key}` : key));
    mistakes.push({ file, line: this.#line(), message: `${path.join('')}: ${message}` });
  }

  #mistake<T>(expected: string, otherwise: T): T {
    this.wrong(`expected ${expected}, found ${this.value === undefined ? 'nothing' : JSON.stringify(this.value)}`);
    return otherwise;
  }

  /** Of the field, or of the nearest thing around it that is there. */
  #line(): number {
    const { document, lines } = this.#source;
    for (let length = this.#path.length; length >= 0; length--) {
      const node = document.getIn(this.#path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

function isIpv4(value: unknown): value is Ipv4Address {
  if (typeof value !== 'string') return false;
  const parts = value.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
