/**
 * Values of types that P4Runtime translates (P4Runtime, "User-defined types"): the controller's number is the switch's own
 * number; the controller's text stands for the number that the program says, or that the switch finds. Other kinds of match than exact and optional
 * are taken where they mean one value, which the specification leaves to the server ("Translation of Match Fields").
 */

import type { ValueForm } from '../../compiler/control/data.js';
import type { MatchValue } from '../../compiler/control/match.js';
import type { Translation } from '../../compiler/ir/annotations.js';
import { maxUnsigned } from '../../compiler/support/bits.js';
import { fromUtf8, toHex, toUtf8 } from '../../compiler/support/bytes.js';
import { decodeBits, encodeBits } from '../p4runtime/bytestrings.js';
import type { FieldMatch } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import { TextNumbers } from './text-numbers.js';

/** The numbers of the texts of each type: all its fields have the same. */
const textsOf = new WeakMap<Translation, TextNumbers>();

/** Where the controller's values are text. */
function textNumbers({ texts, translation, deviceWidth }: ValueForm): TextNumbers | undefined {
  if (!texts || !translation) return undefined;
  const found = textsOf.get(translation) ?? new TextNumbers(translation, deviceWidth);
  textsOf.set(translation, found);
  return found;
}

/** @throws Refusal INVALID_ARGUMENT for a value that does not fit, and for text that stands for nothing, RESOURCE_EXHAUSTED */
export function decodeValue(bytes: Uint8Array | undefined, form: ValueForm, at: string): bigint {
  const { width, deviceWidth } = form;
  if (form.texts) return textNumbers(form)?.numberOf(fromUtf8(bytes ?? new Uint8Array()), at) ?? 0n;
  const value = decodeBits(bytes, Math.min(width, deviceWidth));
  return value ?? refuse('value-out-of-range', { at, bytes: toHex(bytes ?? new Uint8Array()), width: Math.min(width, deviceWidth) });
}

/** As `decodeValue` takes it. */
export const encodeValue = (value: bigint, form: ValueForm): Uint8Array =>
  form.texts ? toUtf8(textNumbers(form)?.textOf(value) ?? '') : encodeBits(value);

/** A prefix, mask or range of the controller that means one value: that value in the switch. */
export function decodeTranslatedMatch(match: FieldMatch, form: ValueForm, at: string): MatchValue {
  const { width: controller, deviceWidth: width, texts } = form;
  if (texts) refuse('translated-match', { at });
  const { lpm, ternary, range } = match;
  const one = (bytes: Uint8Array | undefined, isOne: boolean): bigint =>
    isOne ? decodeValue(bytes, form, at) : refuse('translated-match', { at });
  if (lpm) return { kind: 'lpm', value: one(lpm.value, lpm.prefix_len === controller), prefixLength: width };
  if (ternary) {
    const mask = decodeBits(ternary.mask, controller);
    return { kind: 'ternary', value: one(ternary.value, mask === maxUnsigned(controller)), mask: maxUnsigned(width) };
  }
  const [low, high] = [decodeBits(range?.low, controller), decodeBits(range?.high, controller)];
  const value = one(range?.low, low !== undefined && low === high);
  return { kind: 'range', low: value, high: value };
}

/** As `decodeTranslatedMatch` takes it. */
export function translatedMatch(match: MatchValue, { width: controller, deviceWidth: width, texts }: ValueForm): MatchValue {
  if (controller === width || texts) return match;
  if (match.kind === 'lpm' && match.prefixLength === width) return { ...match, prefixLength: controller };
  if (match.kind === 'ternary' && match.mask === maxUnsigned(width)) return { ...match, mask: maxUnsigned(controller) };
  return match;
}
