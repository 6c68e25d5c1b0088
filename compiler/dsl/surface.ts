/**
 * The surface of the DSL as types: what the author of a pipeline and the author of a controller see. Nothing here
 * exists at run time; the files beside this one make the objects that these types describe.
 *
 * tsc shows people these types. A function has one signature where its arguments allow it, since of several tsc shows the
 * last; what it takes follows from its first argument, so that the error is at the value. Types that are computed lose their
 * name on the way (`Expand`, or a property's type), so that people see what they are made of.
 */

export type * from './surface/bodies.js';
export type * from './surface/brands.js';
export type * from './surface/data-types.js';
export type * from './surface/expressions.js';
export type * from './surface/headers.js';
export type * from './surface/parser.js';
export type * from './surface/pipeline.js';
export type * from './surface/restrictions.js';
export type * from './surface/shown.js';
export type * from './surface/state.js';
export type * from './surface/statements.js';
export type * from './surface/std.js';
export type * from './surface/tables.js';
