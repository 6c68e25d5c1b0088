/** The language in which pipelines are written, and the compiler. */
export {
  type Addresses,
  Ipv4Address,
  Ipv4Prefix,
  Ipv6Address,
  Ipv6Prefix,
  MacAddress,
  type Prefixes,
} from './dsl/addresses.js';
export { concat, mux, same, valid } from './dsl/expr.js';
export { group, member, oneShot } from './dsl/indirect-actions.js';
export { exact, lpm, optional, range, ternary } from './dsl/match.js';
export { newtype } from './dsl/newtype.js';
export { build, dissect, internetChecksum, packet } from './dsl/packets.js';
export { pipeline } from './dsl/pipeline.js';
export { builtin, tableKey } from './dsl/restrictions.js';
export { bmv2, Color, ParserError, Path, tofino } from './dsl/std.js';
export type * from './dsl/surface.js';
export { bind, defaultOnly, tableOnly } from './dsl/table.js';
export {
  bit,
  bool,
  constant,
  enumeration,
  header,
  inout,
  input,
  int,
  ipv4,
  ipv6,
  mac,
  output,
  parserError,
  port,
  stack,
  struct,
  tuple,
  union,
  valueSet,
  varbit,
} from './dsl/types.js';
export type * from './dsl/values.js';
export {
  type Diagnostic,
  DiagnosticError,
  formatLoc,
  type Note,
  type Paint,
  renderDiagnostics,
  type Severity,
} from './support/diagnostics.js';
export type { Loc } from './support/location.js';
