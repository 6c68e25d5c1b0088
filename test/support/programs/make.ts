/** Parts of v1model programs written as IR. */
import { bitType, field, name, named } from '../../../compiler/ir/build.js';
import type {
  Block,
  ControlDecl,
  Expr,
  FieldDecl,
  HeaderDecl,
  LocalDecl,
  Param,
  ParserDecl,
  StateDecl,
  StructDecl,
  Type,
} from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import type { Format } from '../../../compiler/support/values.js';

export const bitField = (text: string, width: number, format?: Format): FieldDecl => ({
  name: text,
  type: bitType(width),
  ...(format ? { format } : {}),
  loc: nowhere,
});
export const header = (text: string, fields: readonly FieldDecl[]): HeaderDecl => ({ kind: 'header', name: text, fields, loc: nowhere });
export const struct = (text: string, fields: readonly FieldDecl[]): StructDecl => ({ kind: 'struct', name: text, fields, loc: nowhere });

const roots = { hdr: named('headers_t'), standard_metadata: named('standard_metadata_t') } as const;

/** `at('hdr.ipv4', type)`: a header, or a field of the standard metadata. */
export function at(path: string, type: Type): Expr {
  const [root, member] = path.split('.') as [keyof typeof roots, string?];
  const base = name(root, roots[root]);
  return member === undefined ? base : field(base, member, type);
}

const param = (text: string, type: string, direction?: Param['direction']): Param => ({
  name: text,
  type: named(type),
  ...(direction ? { direction } : {}),
  loc: nowhere,
});
const data = [param('hdr', 'headers_t', 'inout'), param('meta', 'metadata_t', 'inout')];
const standard = param('standard_metadata', 'standard_metadata_t', 'inout');

export const parserBlock = (text: string, states: readonly StateDecl[], locals: readonly LocalDecl[] = []): ParserDecl => ({
  kind: 'parser',
  name: text,
  params: [param('packet', 'packet_in'), param('hdr', 'headers_t', 'out'), param('meta', 'metadata_t', 'inout'), standard],
  locals,
  states,
  loc: nowhere,
});

const params = {
  checksum: data,
  pipeline: [...data, standard],
  deparser: [param('packet', 'packet_out'), param('hdr', 'headers_t', 'in')],
};

export const block = (text: string, kind: keyof typeof params, locals: readonly LocalDecl[], body: Block): ControlDecl => ({
  kind: 'control',
  name: text,
  params: params[kind],
  locals,
  body,
  loc: nowhere,
});
