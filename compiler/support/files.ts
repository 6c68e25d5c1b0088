/** Files that users name: one that cannot be read is a diagnostic. */
import { fromUtf8 } from './bytes.js';
import { fail } from './diagnostics.js';
import { host } from './host.js';

/** The bytes of a file; ends the run when it cannot be read or has more than `limit` bytes. */
export function readUserFile(path: string, limit: number): Uint8Array {
  const content = host.readFile(path, limit);
  switch (content.kind) {
    case 'bytes':
      return content.bytes;
    case 'too-large':
      return fail('file-too-large', { path, size: content.size, limit });
    case 'unreadable':
      return fail('file-unreadable', { path, reason: content.reason });
  }
}

/** The same, of a file of text in UTF-8. */
export const readUserText = (path: string, limit: number): string => fromUtf8(readUserFile(path, limit));
