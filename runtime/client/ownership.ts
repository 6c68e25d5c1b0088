/** Handles are of a pipeline: those of another one would name other things, where their names happen to be the same. */
import { describeHandle, type PartDescriptor } from '../../compiler/dsl/handles.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';

/** What `read` finds on a handle that was given to the function `what`. @throws DiagnosticError not-a-handle */
export function expectHandle<T>(read: (handle: unknown) => T | undefined, handle: unknown, what: string, kind: string): T {
  return read(handle) ?? fail('not-a-handle', { what, kind, got: describeHandle(handle) }, { loc: captureLocation() });
}

/**
 * Pipelines are told apart by their names: a module that is loaded twice has its pipeline twice, and variants of one
 * pipeline, which a function makes, share the controller.
 * @throws DiagnosticError handle-of-another
 */
export function checkOwner(kind: string, { path, owner }: PartDescriptor, pipeline: string, loc: Loc): void {
  const theirs = owner?.program;
  if (theirs === undefined || theirs.name === pipeline) return;
  fail('handle-of-another', { kind, path, owner: theirs.name, program: pipeline }, { loc });
}
