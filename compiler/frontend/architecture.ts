/** Which architecture a program is for, and what it has from its include file. */
import { architectures, archTypes } from '../arch/index.js';
import type { ArchSpec } from '../arch/spec.js';
import { host } from '../support/host.js';
import type { Loc } from '../support/location.js';
import type { InstanceDecl, Name, SourceProgram } from './ast.js';
import { isLibrary } from './library.js';

/** The package that a program instantiates as `main`. */
export function mainOf(source: SourceProgram): InstanceDecl | undefined {
  return source.declarations.find((d): d is InstanceDecl => d.kind === 'instance' && d.name.text === 'main');
}

const included = (): ArchSpec[] => [...architectures.values()].filter((a) => a.include !== undefined);

/** The architecture that has the package. */
export const architectureOf = (packageName: string): ArchSpec | undefined => included().find((a) => a.package === packageName);

/** What a program can instantiate as `main`. */
export const knownPackages = (): string[] => included().map((a) => a.package);

/**
 * Whether it is declared by the architecture: in the include file that comes with p4ts, or in a copy that the program has of it.
 * What such a copy has beside that is the program's own.
 */
export const isGiven = (arch: ArchSpec, decl: { readonly name: Name; readonly loc: Loc }): boolean =>
  isLibrary(decl.loc.file) || host.path.basename(decl.loc.file) === 'core.p4' || namesOf(arch).has(decl.name.text);

const known = new WeakMap<ArchSpec, ReadonlySet<string>>();

/** The names that stand for the same in every copy of the architecture's include file. */
function namesOf(arch: ArchSpec): ReadonlySet<string> {
  const { constants = [], definitions = [], functions = [], externs = [], version } = arch.included ?? {};
  const all = [...archTypes(arch), ...arch.functions, ...arch.externs, ...constants, ...definitions, ...functions, ...externs];
  const names = known.get(arch) ?? new Set([...all.map((d) => d.name), ...(version ? [version.constant] : [])]);
  known.set(arch, names);
  return names;
}
