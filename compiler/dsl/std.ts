/** Constants that pipelines compare with: how a packet came, meter colours, errors of the parser. */
import { errorValue, member } from '../ir/build.js';
import { coreErrors } from '../ir/program.js';
import { ExprNode } from './expr.js';
import type { EnumExpr, Operand, PathName, TargetTag } from './surface.js';

const constants = <N extends string>(names: readonly N[], make: (name: N) => ConstructorParameters<typeof ExprNode>[0]): never =>
  Object.freeze(Object.fromEntries(names.map((name) => [name, new ExprNode(make(name))]))) as never;

/** How a packet came to the block: `std.path.eq(Path.normal)`. */
export const Path: { readonly [P in PathName]: EnumExpr<'Path'> } = constants(
  ['normal', 'mirrored', 'resubmitted', 'recirculated', 'replicated'],
  (name) => member('Path', name),
);
/** A colour of a meter. */
export type Color = EnumExpr<'MeterColor'>;
/** Colours of a meter (RFC 2698): `c.meter(rates, index).eq(Color.red)`. */
export const Color: { readonly green: Color; readonly yellow: Color; readonly red: Color } = constants(['green', 'yellow', 'red'], (name) =>
  member('MeterColor', name),
);
/** Errors of core.p4: `std.parserError.eq(ParserError.PacketTooShort)`. */
export const ParserError: { readonly [E in (typeof coreErrors)[number]]: EnumExpr<'error'> } = constants(coreErrors, (name) =>
  errorValue(name),
);

/** Parts of a pipeline for one target only: `c.on(bmv2, (b) => b.truncate(128))`. */
export const bmv2: TargetTag<{
  /** The packet leaves with so many bytes at most; copies of it are whole. */
  truncate(bytes: Operand<32>): void;
}> = Object.freeze({ target: 'bmv2' }) as never;
/** Parts of a pipeline for Tofino only, which p4ts does not compile for yet. */
export const tofino: TargetTag<{
  /** The queue of the port that the packet leaves by. */
  setQueue(queue: Operand<5>): void;
}> = Object.freeze({ target: 'tofino' }) as never;
