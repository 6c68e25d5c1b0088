/** How people write the values of a program in P4, where the program does not say it in the language. */
import { programInfo } from '../analysis/program-info.js';
import { translationOf } from '../ir/annotations.js';
import type { ControlDecl, KeyDecl, LocalDecl, Param } from '../ir/decl.js';
import type { Program } from '../ir/program.js';
import type { Type } from '../ir/types.js';
import type { Format } from '../support/values.js';

/** Fields, keys and parameters without a format that are as wide as an address take addresses too. */
export function withFormats(program: Program): Program {
  const of = (type: Type, { format }: { readonly format?: Format }): { format?: Format } => {
    if (format) return { format };
    const bits = bitsOf(program, type);
    return bits === 32 || bits === 48 || bits === 128 ? { format: 'any' } : {};
  };
  const param = (p: Param): Param => ({ ...p, ...of(p.type, p) });
  const key = (k: KeyDecl): KeyDecl => ({ ...k, ...of(k.expr.type, k) });
  const local = (decl: LocalDecl): LocalDecl => {
    if (decl.kind === 'action') return { ...decl, params: decl.params.map(param) };
    return decl.kind === 'table' ? { ...decl, keys: decl.keys.map(key) } : decl;
  };
  return {
    ...program,
    types: program.types.map((decl) =>
      decl.kind === 'header' || decl.kind === 'struct'
        ? { ...decl, fields: decl.fields.map((field) => ({ ...field, ...of(field.type, field) })) }
        : decl,
    ),
    actions: program.actions.map((action) => ({ ...action, params: action.params.map(param) })),
    controls: program.controls.map((control): ControlDecl => ({ ...control, locals: control.locals.map(local) })),
  };
}

/** The width of unsigned numbers, of types of their own too where nothing translates them. */
function bitsOf(program: Program, type: Type): number | undefined {
  if (type.kind === 'bit') return type.width;
  const decl = programInfo(program).declaration(type);
  return decl?.kind === 'newtype' && !translationOf(decl) ? bitsOf(program, decl.type) : undefined;
}
