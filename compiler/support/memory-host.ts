/** A host without a file system. Its files are texts that it was given, by paths with `/` between their parts. */
import { toUtf8 } from './bytes.js';
import type { Host, Paths } from './host.js';

const files = new Map<string, Uint8Array>();

/** `text` is what the file at `path` holds from now on. */
export function addFile(path: string, text: string): void {
  files.set(resolve(path), toUtf8(text));
}

/** Without `.`, `..` and a `/` at its end. */
function resolve(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

const basename = (path: string, extension = ''): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name !== extension && name.endsWith(extension) ? name.slice(0, name.length - extension.length) : name;
};

const path: Paths = {
  basename,
  extname: (path) => /[^.](\.[^.]*)$/.exec(basename(path))?.[1] ?? '',
  dirname: (path) => /^.+(?=\/)|^\//.exec(path)?.[0] ?? '.',
  isAbsolute: (path) => path.startsWith('/'),
  join: (folder, path) => resolve(`${folder}/${path}`),
  resolve,
};

export const memoryHost: Host = {
  path,
  isFile: (path) => files.has(resolve(path)),
  readFile: (path, limit) => {
    const bytes = files.get(resolve(path));
    if (!bytes) return { kind: 'unreadable', reason: 'there is no such file' };
    return bytes.length > limit ? { kind: 'too-large', size: bytes.length } : { kind: 'bytes', bytes };
  },
  shownPath: (path) => path,
  // Frames of an engine's own modules are no files.
  pathOf: (url) => (/^(node|ext|internal):/.test(url) ? undefined : url),
  ownerOf: () => 'user',
};
