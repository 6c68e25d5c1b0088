/** The host on Node: importing this module chooses it. What else only Node can do for users' files is here too. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail } from './diagnostics.js';
import { type FileContent, type Host, useHost } from './host.js';

/**
 * The folder that holds p4ts itself, its templates and its .proto files: the sources, or dist.
 *
 * In dist this module is in a file of dist/chunks, as all code is that two entry points share: see scripts/bundle.js.
 */
export const ownFolder = new URL(/\/chunks\/[^/]*$/.test(import.meta.url) ? '../' : '../../', import.meta.url);

const folder = (path: string): string => new URL(path, ownFolder).href;
/** Code below these is ours; examples and tests are beside them. */
const ownFolders = ['chunks/', 'compiler/', 'runtime/', 'targets/', 'cli/'].map(folder);
/** Headers and parser states written as users write theirs: their places are shown like those of a user's module. */
const headers = folder('compiler/headers/');

const nodeHost: Host = {
  path,
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  readFile,
  shownPath: (file) => {
    const near = path.relative(process.cwd(), file);
    return near === '' || near.startsWith('..') ? file : near;
  },
  // Frames of Node's own modules are no files, and those of vitest have a query.
  pathOf: (url) => {
    const plain = url.replace(/\?.*$/, '');
    if (plain.startsWith('file://')) return fileURLToPath(plain);
    return path.isAbsolute(plain) ? plain : undefined;
  },
  ownerOf: (path) => {
    const { href } = pathToFileURL(path);
    if (href.startsWith(headers)) return 'headers';
    return ownFolders.some((own) => href.startsWith(own)) ? 'p4ts' : 'user';
  },
};
useHost(nodeHost);

function readFile(path: string, limit: number): FileContent {
  try {
    const { size } = statSync(path);
    return size > limit ? { kind: 'too-large', size } : { kind: 'bytes', bytes: readFileSync(path) };
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    return { kind: 'unreadable', reason };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EEXIST: 'something of that name is in the way',
};

/** Why a call to the operating system failed, as a phrase; none when `error` is not such a failure. */
export function systemReason(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code !== 'string' || (error as NodeJS.ErrnoException).syscall === undefined) return undefined;
  return reasons[code] ?? code;
}

/**
 * Makes a folder, and those around it, for `file`. Node's own recursive mkdir takes very long below /proc, where no folder can
 * be made.
 * @throws DiagnosticError file-unwritable
 */
export function makeFolder(folder: string, file = folder): void {
  try {
    if (isFolder(folder)) return;
    if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder), file);
    mkdirSync(folder);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no folder can be made there' : systemReason(error);
    if (reason === undefined) throw error;
    // Another process may have made it.
    if (reason !== reasons.EEXIST || !isFolder(folder)) fail('file-unwritable', { path: file, reason });
  }
}

const isFolder = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

export interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes all of the files or none: each beside its place first, then renamed. Folders are made where needed.
 * What is no regular file (/dev/stdout, a pipe) is written to directly.
 */
export function writeUserFiles(files: readonly OutputFile[]): void {
  const unfinished = new Map<string, string>();
  let at = '';
  try {
    for (const { path: file, content } of files) {
      at = file;
      makeFolder(path.dirname(file), file);
      const existing = statSync(file, { throwIfNoEntry: false });
      if (existing?.isDirectory()) fail('file-unwritable', { path: file, reason: reasons.EISDIR as string });
      const target = existing?.isFile() === false ? file : `${file}.${process.pid}.tmp`;
      if (target !== file) unfinished.set(file, target);
      writeFileSync(target, content);
    }
    for (const [file, temporary] of unfinished) {
      at = file;
      renameSync(temporary, file);
    }
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    fail('file-unwritable', { path: at, reason });
  } finally {
    for (const temporary of unfinished.values()) rmSync(temporary, { force: true });
  }
}
