/** Short constructors for what architectures declare. */
import type { Direction } from '../ir/decl.js';
import type { EnumDecl, StructDecl, Type } from '../ir/types.js';
import { nowhere } from '../support/location.js';
import type { ArchParam } from './spec.js';

type More = Omit<ArchParam, 'name' | 'type' | 'direction'>;
export const param = (name: string, type: Type, direction?: Direction, more: More = {}): ArchParam => ({
  name,
  type,
  ...(direction ? { direction } : {}),
  ...more,
});
export const input = (name: string, type: Type, more: More = {}): ArchParam => param(name, type, 'in', more);

export const enumeration = (name: string, members: readonly string[]): EnumDecl => ({
  kind: 'enum',
  name,
  members: members.map((member) => ({ name: member })),
  loc: nowhere,
});
export const struct = (name: string, fields: Readonly<Record<string, Type>>): StructDecl => ({
  kind: 'struct',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type, loc: nowhere })),
  loc: nowhere,
});
