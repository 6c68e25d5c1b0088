/**
 * What p4ts asks of the place where it runs: files, their paths, and whose code is in a file. node.ts is the host on Node,
 * which the package's entry points import. The host of every other place has no files but the texts that it was given.
 */
import { memoryHost } from './memory-host.js';

export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly size: number }
  /** Why it cannot be read, as a phrase. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The functions of `node:path` that p4ts needs. */
export interface Paths {
  basename(path: string, extension?: string): string;
  extname(path: string): string;
  dirname(path: string): string;
  isAbsolute(path: string): boolean;
  join(folder: string, path: string): string;
  resolve(path: string): string;
}

export interface Host {
  readonly path: Paths;
  /** Whether there is such a file; a folder is not a file. */
  isFile(path: string): boolean;
  /** A file of more than `limit` bytes is not read. */
  readFile(path: string, limit: number): FileContent;
  /** The path as people click on it. */
  shownPath(path: string): string;
  /** The path of the file that a URL names; undefined where the URL does not name a file. */
  pathOf(url: string): string | undefined;
  /** Whose code is in a file: that of p4ts, that of `p4ts/headers`, or the user's. */
  ownerOf(path: string): 'p4ts' | 'headers' | 'user';
}

/** The host that p4ts runs on. */
export let host: Host = memoryHost;

export function useHost(chosen: Host): void {
  host = chosen;
}
