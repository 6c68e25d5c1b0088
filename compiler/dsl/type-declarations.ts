/** Declarations of types: how a DSL type carries its own, and how a program takes it. */
import type { TypeDecl } from '../ir/types.js';
import type { Diagnostics } from '../support/diagnostics.js';

/** Where header, enum and other named types carry their IR declaration. */
export const declarationOf: unique symbol = Symbol.for('p4ts.declaration');

export const headersStruct = 'headers_t';
export const metadataStruct = 'metadata_t';
const reserved = new Set([headersStruct, metadataStruct, 'packet_in_t', 'packet_out_t']);

const kinds: Readonly<Record<TypeDecl['kind'], string>> = {
  header: 'header type',
  header_union: 'header union',
  struct: 'struct',
  enum: 'enum',
  newtype: 'type',
};

/** Adds the declaration to those of the program; two of one name are a mistake. */
export function declareType(types: Map<string, TypeDecl>, declaration: TypeDecl, diagnostics: Diagnostics): void {
  const { name, loc } = declaration;
  const known = types.get(name);
  if (known === declaration) return;
  if (known) {
    diagnostics.report(
      'duplicate-name',
      { name, what: kinds[known.kind] },
      { loc, notes: [{ message: `the other "${name}" is declared here`, loc: known.loc }] },
    );
    return;
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) diagnostics.report('bad-name', { name, what: kinds[declaration.kind] }, { loc });
  if (reserved.has(name)) {
    diagnostics.report('reserved-name', { name, what: kinds[declaration.kind], by: 'the printed P4' }, { loc });
  }
  types.set(name, declaration);
}
