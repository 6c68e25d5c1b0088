/** Declared names: well formed, and unique in their scope. */
import { archTypes } from '../../arch/index.js';
import { type Loc, nowhere } from '../../support/location.js';
import type { Entity, Environment, Scope } from './environment.js';

/** Puts a name into a scope, unless it is taken there or hides a parameter of the block. */
export function declareName(env: Environment, scope: Scope, name: string, what: string, entity: Entity): void {
  checkName(env, name, what, entity.loc);
  const hidden = scope.find(name);
  const other = scope.own(name) ?? (hidden?.kind === 'parameter' ? hidden : undefined);
  if (other) {
    const notes = [{ message: `the other "${name}" is declared here`, loc: other.loc }];
    env.report('duplicate-name', { name, what: other.kind }, entity.loc, { notes });
  } else scope.set(name, entity);
}

export function checkName(env: Environment, name: string, what: string, loc: Loc): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) env.report('bad-name', { name, what }, loc);
}

/** Types, parsers and controls share the names of the top level with what the architecture declares. */
export function checkTopLevelNames(env: Environment): void {
  const { program, arch } = env;
  const reserved = new Set([...archTypes(arch).map((decl) => decl.name), ...env.externs.keys()]);
  const seen = new Map<string, (typeof decls)[number]>();
  const decls = [...program.types, ...program.parsers, ...program.controls];
  for (const decl of decls) {
    checkName(env, decl.name, decl.kind, decl.loc);
    const other = seen.get(decl.name);
    if (other) {
      const notes = [{ message: `the other "${decl.name}" is declared here`, loc: other.loc }];
      env.report('duplicate-name', { name: decl.name, what: other.kind }, decl.loc, { notes });
    } else if (reserved.has(decl.name)) {
      env.report('reserved-name', { name: decl.name, what: decl.kind, by: `the architecture ${arch.name}` }, decl.loc);
    }
    seen.set(decl.name, decl);
  }
  for (const { name, loc } of program.functions) {
    if (env.functions.has(name)) env.report('reserved-name', { name, what: 'function', by: `the architecture ${arch.name}` }, loc);
  }
  for (const [i, error] of program.errors.entries()) {
    checkName(env, error, 'error', nowhere);
    if (program.errors.indexOf(error) !== i) env.report('duplicate-name', { name: error, what: 'error' }, nowhere);
  }
}
