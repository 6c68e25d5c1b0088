/** `node --import p4ts/register FILE.ts` runs a controller or a test in TypeScript as it stands. */
import { registerHooks } from './register-hooks.js';

registerHooks(process.argv[1]);
