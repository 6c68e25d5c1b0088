/** Where included files are found. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { systemReason } from '../../support/files.js';
import { libraryFile } from '../library.js';
import { maxFileSize } from '../limits.js';

export interface IncludeOptions {
  /** Folders that are searched, in order. */
  readonly includePaths: readonly string[];
  /** Texts that names stand for where no folder has such a file, as the files that come with p4c do. */
  readonly library: ReadonlyMap<string, string>;
}

export type Found =
  | {
      readonly kind: 'text';
      readonly file: string;
      readonly text: string;
      /** Which folder of `includePaths` it is in. */
      readonly folder?: string;
    }
  /** Why it cannot be had, as a phrase. */
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * `name` as it stands between the quotes or, for `system`, between `<` and `>`; `from` is the file that includes it.
 * With `behind`, only folders of `includePaths` behind that one are searched.
 */
export function findInclude(
  name: string,
  system: boolean,
  from: string,
  { includePaths, library }: IncludeOptions,
  behind?: string,
): Found {
  const paths = behind === undefined ? includePaths : includePaths.slice(includePaths.indexOf(behind) + 1);
  const folders = isAbsolute(name) ? [''] : [...(system || behind !== undefined ? [] : [dirname(from)]), ...paths];
  for (const folder of folders) {
    const file = folder === '' ? name : join(folder, name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) return { ...readSource(file), ...(paths.includes(folder) ? { folder } : {}) };
  }
  const text = library.get(name);
  if (text !== undefined) return { kind: 'text', file: libraryFile(name), text };
  const searched = folders.map((folder) => folder || '/');
  return { kind: 'missing', reason: searched.length === 0 ? 'no folder is searched' : `it is not in ${searched.join(', ')}` };
}

export function readSource(file: string): Found {
  try {
    const { size } = statSync(file);
    if (size > maxFileSize) return { kind: 'missing', reason: `it has ${size} bytes, and at most ${maxFileSize} are read` };
    return { kind: 'text', file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    return { kind: 'missing', reason };
  }
}
