/** What a switch refuses is no bug: it is told, and the exit status is 1. */
import { P4RuntimeError } from '../runtime/client/errors.js';
import { toStderr } from './report.js';

/** @throws what is not a refusal */
export function reportRefusal(error: unknown): void {
  if (!(error instanceof P4RuntimeError)) throw error;
  toStderr(`error: ${error.message.trim()}`);
  process.exitCode = 1;
}
