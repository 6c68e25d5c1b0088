/** The switch's numbers for text that a controller writes (P4Runtime, "User-defined types", sdn_string). */
import { isOpen, type Translation } from '../../compiler/ir/annotations.js';
import { maxUnsigned } from '../../compiler/support/bits.js';
import { refuse } from './refusals.js';

/** Names that controllers may have for one type. */
const maxTexts = 1 << 20;
const maxLength = 1024;

/**
 * Where the program leaves it to the switch, a text gets its number when it is first written: the highest that is free, as
 * programs count from 0. It keeps it as long as the pipeline is there. Decimal digits stand for their number, and a number
 * without a text is read as its digits.
 */
export class TextNumbers {
  readonly #isOpen: boolean;
  readonly #numbers: Map<string, bigint>;
  readonly #texts: Map<bigint, string>;
  readonly #most: bigint;
  #next: bigint;

  constructor(translation: Translation, width: number) {
    this.#isOpen = isOpen(translation);
    this.#numbers = new Map(translation.values);
    // Of several texts for one number, the first is read.
    this.#texts = new Map([...this.#numbers].reverse().map(([text, number]) => [number, text]));
    this.#most = maxUnsigned(width);
    this.#next = this.#most;
  }

  /** @throws Refusal INVALID_ARGUMENT for text that stands for nothing, RESOURCE_EXHAUSTED where there are no numbers left */
  numberOf(text: string, at: string): bigint {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (!this.#isOpen) return refuse('no-such-text', { at, text, known: [...this.#numbers.keys()] });
    if (text.length > maxLength) return refuse('text-too-long', { at, max: maxLength });
    if (/^(0|[1-9]\d*)$/.test(text) && BigInt(text) <= this.#most) return BigInt(text);
    while (this.#texts.has(this.#next)) this.#next--;
    const number = this.#next;
    if (number < 0n || this.#numbers.size >= maxTexts) return refuse('texts-exhausted', { at, text });
    this.#numbers.set(text, number);
    this.#texts.set(number, text);
    return number;
  }

  textOf(number: bigint): string {
    return this.#texts.get(number) ?? `${number}`;
  }
}
