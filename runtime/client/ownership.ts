/** Handles are of a pipeline: those of another one would name other things, where their names happen to be the same. */
import { createHash } from 'node:crypto';
import { describeHandle, type PartDescriptor } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';

/** What `read` finds on a handle that was given to the function `what`. @throws DiagnosticError not-a-handle */
export function expectHandle<T>(read: (handle: unknown) => T | undefined, handle: unknown, what: string, kind: string): T {
  return read(handle) ?? fail('not-a-handle', { what, kind, got: describeHandle(handle) }, { loc: captureLocation() });
}

/**
 * A module that is loaded twice has its pipeline twice, and so has a program in P4: what is the same program is the same
 * pipeline.
 * @throws DiagnosticError handle-of-another
 */
export function checkOwner(kind: string, { path, owner }: PartDescriptor, program: Program, loc: Loc): void {
  const theirs = owner?.program;
  if (theirs === undefined || theirs === program || contentOf(theirs) === contentOf(program)) return;
  fail('handle-of-another', { kind, path, owner: theirs.name, program: program.name }, { loc });
}

const contents = new WeakMap<Program, string>();

/** What tells programs apart: all that they say but for the places where they say it. */
function contentOf(program: Program): string {
  let content = contents.get(program);
  if (content === undefined) {
    const text = JSON.stringify(program, (key, value) => (key === 'loc' ? undefined : typeof value === 'bigint' ? String(value) : value));
    content = createHash('sha256').update(text).digest('hex');
    contents.set(program, content);
  }
  return content;
}
