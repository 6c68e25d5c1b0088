/** The names by which the control plane knows what a program declares. */
import type { Annotation, Declared } from './types.js';

/** The annotation of that name, if there is one. */
export const annotation = (of: { readonly annotations?: readonly Annotation[] }, name: string): Annotation | undefined =>
  of.annotations?.find((a) => a.name === name);

/** The string that the body of an annotation such as `@name("x")` holds; like p4c, with its escapes as written. */
export const annotationText = (body: string | undefined): string | undefined => /^\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(body ?? '')?.[1];

/** A declaration's name within its scope: what `@name("…")` says, else its own. */
export const externalName = (declared: Declared): string => annotationText(annotation(declared, 'name')?.body) ?? declared.name;

/** The last part of a path of the control plane: `forward` of `ingress.forward`. */
export const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A local of a control or parser: `ingress.routes`; a `@name` that starts with a dot is the whole name. */
export function controlPlaneName(scope: string | undefined, declared: Declared): string {
  const name = externalName(declared);
  if (name.startsWith('.')) return name.slice(1);
  return scope === undefined ? name : `${scope}.${name}`;
}
