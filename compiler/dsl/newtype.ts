/** Types of their own over bits, with the values that the control plane has for theirs (P4Runtime, "User-defined types"). */
import { bitType, constant, named } from '../ir/build.js';
import type { Annotation, NewtypeDecl } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, type Loc } from '../support/location.js';
import { expectArguments } from './arguments.js';
import { ExprNode } from './expr.js';
import type { AnyNewType, BitType, NewType, TextType } from './surface.js';
import { declarationOf } from './type-declarations.js';
import { literal, literalInRange } from './types.js';

/** A URI that tells a switch which translation is meant, such as `example.org/PortId`, and what controllers see. */
interface Translation {
  readonly uri: string;
  /** Numbers of that width; the switch has the same numbers. */
  readonly as?: BitType;
  /** Text: the switch's number for each. */
  readonly values?: Readonly<Record<string, number | bigint>>;
}

/**
 * A type of its own, printed as `type bit<W> NAME`: values of it are compared and copied, `.as(…)` converts from and to
 * the bits that it is made of. With a translation, controllers write and read other values than the switch has.
 */
export function newtype<const N extends string, B extends BitType>(name: N, base: B): NewType<N, B>;
export function newtype<const N extends string, B extends BitType, C extends BitType>(
  name: N,
  base: B,
  translation: { readonly uri: string; readonly as: C },
): NewType<N, B, C>;
export function newtype<const N extends string, B extends BitType, const V extends Record<string, number | bigint>>(
  name: N,
  base: B,
  translation: { readonly uri: string; readonly values: V },
): NewType<N, B, TextType<keyof V & string>>;
export function newtype(name: string, base: BitType, translation?: Translation): AnyNewType {
  expectArguments('newtype', { name: 'text', base: 'bits', translation: 'object?' }, [name, base, translation]);
  if (translation) {
    const { uri, as, values } = translation;
    expectArguments('newtype', { uri: 'text', as: 'bits?', values: 'object?' }, [uri, as, values]);
  }
  const loc = captureLocation();
  const { as = base, values } = translation ?? {};
  for (const text of [translation?.uri ?? '', ...Object.keys(values ?? {})]) {
    if (/["\\\p{Cc}]/u.test(text)) fail('bad-text', { text }, { loc });
  }
  if (values) checkValues(name, values, base, loc);
  const declaration: NewtypeDecl = {
    kind: 'newtype',
    name,
    type: bitType(base.width),
    ...(translation ? { annotations: annotations(translation) } : {}),
    loc,
    ...docAbove(loc),
  };
  const type = {
    kind: 'newtype',
    name,
    width: base.width,
    base,
    controller: values ? Object.freeze({ kind: 'text', values }) : as,
    value: (value: number | bigint | string) => {
      const at = captureLocation();
      return ExprNode.declaring(constant(literal(value, base, name, at), named(name), at), declaration);
    },
    [declarationOf]: declaration,
  };
  return Object.freeze(type) as never;
}

function checkValues(name: string, values: Readonly<Record<string, number | bigint>>, base: BitType, loc: Loc): void {
  const seen = new Map<bigint, string>();
  for (const [text, given] of Object.entries(values)) {
    literalInRange(given, base.width, loc);
    const value = BigInt(given);
    const twin = seen.get(value);
    if (twin !== undefined) fail('duplicate-enum-value', { enum: name, first: twin, second: text, value: Number(value) }, { loc });
    seen.set(value, text);
  }
}

/** How P4 says it: the second annotation is a convention of SDN switches, and no part of the P4Runtime specification. */
function annotations({ uri, as, values }: Translation): Annotation[] {
  const translated: Annotation = { name: 'p4runtime_translation', body: `"${uri}", ${as ? `bit<${as.width}>` : 'string'}` };
  const pairs = Object.entries(values ?? {}).map(([text, value]) => `{"${text}", ${value}}`);
  return values ? [translated, { name: 'p4runtime_translation_mappings', body: `{ ${pairs.join(', ')} }` }] : [translated];
}
