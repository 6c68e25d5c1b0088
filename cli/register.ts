/**
 * `node --import p4ts/register FILE.ts` runs a controller or a test in TypeScript without a build.
 * @module p4ts/register
 */
import { inspect } from 'node:util';
import './closed-pipe.js';
import { DiagnosticError } from '../compiler/support/diagnostics.js';
import { registerHooks } from './register-hooks.js';
import { reportDiagnostics } from './report.js';

registerHooks(process.argv[1]);

// A mistake in an entry is told as p4ts check tells it; other errors as Node does, unless the program handles them.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return;
  if (error instanceof DiagnosticError) reportDiagnostics(error.diagnostics);
  else process.stderr.write(`Uncaught ${inspect(error, { colors: process.stderr.isTTY })}\n`);
  process.exit(1);
});
