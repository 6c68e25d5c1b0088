/**
 * Values of types that P4Runtime translates (P4Runtime, "User-defined types"): the controller's number is the switch's own
 * number; the controller's text stands for the number that the program says, or that the switch finds. Other kinds of match than exact and optional
 * are taken where they mean one value, which the specification leaves to the server ("Translation of Match Fields").
 */
import { declaredType } from '../../compiler/arch/index.js';
import { type Translation, translationOf } from '../../compiler/ir/annotations.js';
import type { Program, Type } from '../../compiler/ir/index.js';
import type { NewtypeDecl } from '../../compiler/ir/types.js';
import { bitLength, bytesToHex, maxUnsigned } from '../../compiler/support/bits.js';
import type { MatchValue } from '../data-plane/messages.js';
import { decodeBits, encodeBits } from '../p4runtime/bytestrings.js';
import type { FieldMatch } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import { TextNumbers } from './text-numbers.js';

/** How values of a field are exchanged with controllers. */
export interface ValueForm {
  /** In bits, in the switch. */
  readonly width: number;
  readonly translation?: Translation;
  /** Where the controller's values are text. */
  readonly texts?: TextNumbers;
}

/** The numbers of the texts of each type: all its fields have the same. */
const textsOf = new WeakMap<NewtypeDecl, TextNumbers>();

/** The form of values of that type, `width` bits wide where the type says nothing else. */
export function valueForm(program: Program, type: Type | undefined, width: number): ValueForm {
  const decl = declaredType(program, type);
  if (decl?.kind !== 'newtype') return { width };
  const translation = translationOf(decl);
  const form = { width: valueForm(program, decl.type, 'width' in decl.type ? decl.type.width : width).width };
  if (!translation) return form;
  if (translation.width !== undefined) return { ...form, translation };
  const texts = textsOf.get(decl) ?? new TextNumbers(translation, form.width);
  textsOf.set(decl, texts);
  return { ...form, translation, texts };
}

/** @throws Refusal INVALID_ARGUMENT for a value that does not fit, and for text that stands for nothing, RESOURCE_EXHAUSTED */
export function decodeValue(bytes: Uint8Array | undefined, { width, translation, texts }: ValueForm, at: string): bigint {
  if (texts) return texts.numberOf(new TextDecoder().decode(bytes), at);
  const value = decodeBits(bytes, translation?.width ?? width);
  if (value === undefined || (translation && bitLength(value) > width)) {
    return refuse('value-out-of-range', {
      at,
      bytes: bytesToHex(bytes ?? new Uint8Array()),
      width: Math.min(width, translation?.width ?? width),
    });
  }
  return value;
}

/** As `decodeValue` takes it. */
export const encodeValue = (value: bigint, { texts }: ValueForm): Uint8Array =>
  texts ? new TextEncoder().encode(texts.textOf(value)) : encodeBits(value);

/** A prefix, mask or range of the controller that means one value: that value in the switch. */
export function decodeTranslatedMatch(match: FieldMatch, form: ValueForm & { readonly translation: Translation }, at: string): MatchValue {
  const { width } = form;
  const controller = form.translation.width ?? refuse('translated-match', { at });
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
export function translatedMatch(match: MatchValue, { width, translation }: ValueForm): MatchValue {
  const controller = translation?.width;
  if (controller === undefined) return match;
  if (match.kind === 'lpm' && match.prefixLength === width) return { ...match, prefixLength: controller };
  if (match.kind === 'ternary' && match.mask === maxUnsigned(width)) return { ...match, mask: maxUnsigned(controller) };
  return match;
}
