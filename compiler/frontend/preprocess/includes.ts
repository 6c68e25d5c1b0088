/** Where included files are found. */
import { fromUtf8 } from '../../support/bytes.js';
import { host } from '../../support/host.js';
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
 * With `after`, only folders of `includePaths` after that one are searched.
 */
export function findInclude(name: string, system: boolean, from: string, { includePaths, library }: IncludeOptions, after?: string): Found {
  const paths = after === undefined ? includePaths : includePaths.slice(includePaths.indexOf(after) + 1);
  const folders = host.path.isAbsolute(name) ? [''] : [...(system || after !== undefined ? [] : [host.path.dirname(from)]), ...paths];
  for (const folder of folders) {
    const file = folder === '' ? name : host.path.join(folder, name);
    if (host.isFile(file)) return { ...readSource(file), ...(paths.includes(folder) ? { folder } : {}) };
  }
  const text = library.get(name);
  if (text !== undefined) return { kind: 'text', file: libraryFile(name), text };
  const searched = folders.map((folder) => folder || '/');
  return { kind: 'missing', reason: searched.length === 0 ? 'no folder is searched' : `it is not in ${searched.join(', ')}` };
}

function readSource(file: string): Found {
  const content = host.readFile(file, maxFileSize);
  switch (content.kind) {
    case 'bytes':
      return { kind: 'text', file, text: fromUtf8(content.bytes) };
    case 'too-large':
      return { kind: 'missing', reason: `it has ${content.size} bytes, and at most ${maxFileSize} are read` };
    case 'unreadable':
      return { kind: 'missing', reason: content.reason };
  }
}
