/** The names by which the control plane knows what a program declares. */
import { annotation } from './annotations.js';
import type { Declared } from './types.js';

const givenName = (declared: Declared): string => annotation(declared, 'name')?.text ?? declared.name;

/** A declaration's name within its scope: what `@name("…")` says, without a dot at its beginning, else its own. */
export const externalName = (declared: Declared): string => givenName(declared).replace(/^\./, '');

/** The last part of a path of the control plane: `forward` of `ingress.forward`. */
export const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A local of a control or parser: `ingress.routes`; a `@name` that starts with a dot is the whole name. */
export function controlPlaneName(scope: string | undefined, declared: Declared): string {
  const name = givenName(declared);
  if (name.startsWith('.')) return name.slice(1);
  return scope === undefined ? name : `${scope}.${name}`;
}
