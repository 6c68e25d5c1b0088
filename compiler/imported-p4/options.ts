/** How a program in P4 is read. */
import type { Parameters } from '../dsl/arguments.js';
import type { ParseOptions } from '../frontend/index.js';
import { host } from '../support/host.js';

/** Where the preprocessor finds included files, and the macros that it begins with. */
export interface P4Options {
  /** Folders that are searched for included files, in order. */
  readonly includePaths?: readonly (string | URL)[];
  /** Macros that are defined before the first line, with their text. */
  readonly defines?: Readonly<Record<string, string>>;
}

/** What `loadP4` and `checkP4` take. */
export const p4Arguments: Parameters = {
  file: 'file',
  options: { kind: 'object?', parts: { includePaths: 'files?', defines: 'texts?' } },
};

export const pathOf = (file: string | URL): string => (typeof file === 'string' ? file : (host.pathOf(file.href) ?? file.href));

export const parseOptions = ({ includePaths = [], ...options }: P4Options): ParseOptions => ({
  ...options,
  includePaths: includePaths.map(pathOf),
});
