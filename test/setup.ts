/** Runs before each file of tests. */
import '../compiler/support/node.js';
import { afterAll, afterEach } from 'vitest';
import { cleanUp } from './support/cleanups.js';

afterEach(() => cleanUp('test'));
afterAll(() => cleanUp('file'));
