/** What handles of a pipeline stand for in a target. */
import type { ControlObject, ControlSchema, Objects } from '../../compiler/control/schema.js';
import {
  counterOf,
  digestOf,
  meterOf,
  type PartDescriptor,
  profileOf,
  registerOf,
  tableOf,
  valueSetOf,
} from '../../compiler/dsl/handles.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { checkOwner, expectHandle } from './ownership.js';
import type { ReachTarget } from './target-limits.js';

/** What has handles. */
export type PartKind = 'tables' | 'profiles' | 'counters' | 'meters' | 'registers' | 'digests' | 'valueSets';
export type PartOf<K extends PartKind> = ControlSchema[K] extends Objects<infer T> ? T : never;

/** How users call what has handles, and what reads such a handle. */
const handles: Readonly<Record<PartKind, readonly [noun: string, read: (handle: unknown) => PartDescriptor | undefined]>> = {
  tables: ['table', tableOf],
  profiles: ['profile or selector', profileOf],
  counters: ['counter', counterOf],
  meters: ['meter', meterOf],
  registers: ['register', registerOf],
  valueSets: ['value set', valueSetOf],
  digests: ['digest', digestOf],
};

/** What a handle that was given to the function `what` says. @throws DiagnosticError not-a-handle */
export function expectPart(kind: PartKind, handle: unknown, what: string, noun = handles[kind][0]): PartDescriptor {
  return expectHandle(handles[kind][1], handle, what, noun);
}

/** The kind of what has the handle, and what the handle says; undefined for anything else. */
export function anyPart(handle: unknown): readonly [PartKind, PartDescriptor] | undefined {
  for (const [kind, [, read]] of Object.entries(handles)) {
    const part = read(handle);
    if (part) return [kind as PartKind, part];
  }
  return undefined;
}

export class Parts {
  readonly schema: ControlSchema;
  readonly target: ReachTarget;
  readonly #pipeline: string;
  readonly #declared: { has(name: string): boolean };

  /** `declared` are the names of what the pipeline has, whether the target has it or not. */
  constructor(pipeline: string, schema: ControlSchema, declared: { has(name: string): boolean }, target: ReachTarget) {
    this.schema = schema;
    this.target = target;
    this.#pipeline = pipeline;
    this.#declared = declared;
  }

  /** @throws DiagnosticError handle-of-another, no-such-part, not-in-target */
  find<K extends PartKind>(among: K, part: PartDescriptor, loc: Loc): PartOf<K> {
    const objects: Objects<ControlObject> = this.schema[among];
    const { kind } = objects;
    const { path } = part;
    checkOwner(kind, part, this.#pipeline, loc);
    const found = objects.named(path);
    if (found) return found as PartOf<K>;
    // A digest has the name of its type.
    if (among === 'digests' || this.#declared.has(path)) return fail('not-in-target', { kind, path, target: this.target.name }, { loc });
    return fail('no-such-part', { kind, path, program: this.#pipeline }, { loc });
  }
}
