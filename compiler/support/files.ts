/** Reading and writing files for users: a mistake is a diagnostic, and nothing is written half. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from './diagnostics.js';

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

/** The bytes of a file; ends the run when it cannot be read or has more than `limit` bytes. */
export function readUserFile(path: string, limit: number): Buffer {
  try {
    const { size } = statSync(path);
    if (size > limit) fail('file-too-large', { path, size, limit });
    return readFileSync(path);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    fail('file-unreadable', { path, reason });
  }
}

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
    for (const { path, content } of files) {
      at = path;
      mkdirSync(dirname(path), { recursive: true });
      const existing = statSync(path, { throwIfNoEntry: false });
      if (existing?.isDirectory()) fail('file-unwritable', { path, reason: reasons.EISDIR as string });
      const target = existing?.isFile() === false ? path : `${path}.${process.pid}.tmp`;
      if (target !== path) unfinished.set(path, target);
      writeFileSync(target, content);
    }
    for (const [path, temporary] of unfinished) {
      at = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    fail('file-unwritable', { path: at, reason });
  } finally {
    for (const temporary of unfinished.values()) rmSync(temporary, { force: true });
  }
}
