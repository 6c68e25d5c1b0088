/** The include files that come with p4ts: `core.p4` and those of the architectures. */
import { archInclude, coreInclude } from '../arch/include.js';
import { architectures } from '../arch/index.js';

/** Whether a file, as places name it, is one of these. */
export const isLibrary = (file: string): boolean => file.startsWith('<');

/** How places name the file that programs include by `name`. */
export const libraryFile = (name: string): string => `<${name}>`;

let files: ReadonlyMap<string, string> | undefined;

/** Their texts, by the names that programs include them by. */
export function library(): ReadonlyMap<string, string> {
  files ??= new Map([
    ['core.p4', coreInclude()],
    ...[...architectures.values()].flatMap((spec) => {
      if (spec.include === undefined) return [];
      const text = archInclude(spec);
      return [spec.include, ...(spec.alsoIncludedAs ?? [])].map((name) => [name, text] as const);
    }),
  ]);
  return files;
}
