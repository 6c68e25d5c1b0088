/** What programs have from their include files. */
import { basename } from 'node:path';
import { archTypes } from '../../arch/index.js';
import type { ArchSpec } from '../../arch/spec.js';
import type { Loc } from '../../support/location.js';
import type { Name } from '../ast.js';
import { isLibrary } from '../library.js';

/** Whether it is declared by the architecture: in the include file that comes with p4ts, or in the program's own copy. */
export const isGiven = (arch: ArchSpec, decl: { readonly name: Name; readonly loc: Loc }): boolean =>
  isLibrary(decl.loc.file) || ['core.p4', arch.include].includes(basename(decl.loc.file)) || namesOf(arch).has(decl.name.text);

const known = new WeakMap<ArchSpec, ReadonlySet<string>>();

/** The names that stand for the same in every copy of the architecture's include file. */
function namesOf(arch: ArchSpec): ReadonlySet<string> {
  const { constants = [], definitions = [] } = arch.included ?? {};
  const names = known.get(arch) ?? new Set([...archTypes(arch), ...arch.functions, ...constants, ...definitions].map((d) => d.name));
  known.set(arch, names);
  return names;
}
