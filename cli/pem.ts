/** Certificates and keys in the files that options name. */
import { readUserFile } from '../compiler/support/files.js';

const maxLength = 1024 * 1024;

export const readPem = (path: string): Buffer => Buffer.from(readUserFile(path, maxLength));
