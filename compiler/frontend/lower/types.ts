/** Types of the checker as types of the IR: generic structs become one struct for each list of arguments (P4-16 §7.2.2). */
import { TypeTable } from '../../analysis/type-table.js';
import { archTypes } from '../../arch/index.js';
import { constant, named } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { EnumDecl, FieldDecl, NewtypeDecl, Type, TypeDecl } from '../../ir/types.js';
import { typeName } from '../../ir/types.js';
import { InternalError } from '../../support/invariant.js';
import { isGiven } from '../architecture.js';
import type * as ast from '../ast.js';
import { type Type as Checked, fieldsOf, prune, type StructType, type Substitution, substitute } from '../check/types.js';
import { withListNumbers } from '../field-lists.js';
import type { ProgramLowering } from './program.js';

export class TypeLowering {
  readonly decls: TypeDecl[] = [];
  /** What the types stand for that are lowered so far. */
  readonly table: TypeTable;
  readonly #program: ProgramLowering;
  readonly #structs = new Map<ast.StructLikeDecl, Map<string, string>>();
  readonly #named = new Set<object>();

  constructor(program: ProgramLowering) {
    this.#program = program;
    const find = (decls: readonly TypeDecl[], name: string) => decls.find((decl) => decl.name === name);
    this.table = new TypeTable((name) => find(this.decls, name) ?? find(archTypes(program.arch), name));
  }

  type(checked: Checked, by: Substitution = new Map()): Type {
    const t = prune(substitute(checked, by));
    switch (t.kind) {
      case 'bit':
      case 'int':
      case 'varbit':
        return { kind: t.kind, width: t.width };
      case 'bool':
      case 'integer':
      case 'string':
      case 'error':
      case 'match_kind':
      case 'void':
        return { kind: t.kind };
      case 'struct':
      case 'header':
      case 'header_union':
        return named(this.#struct(t));
      case 'enum':
        return named(this.#enum(t.decl));
      case 'newtype':
        return named(this.#newtype(t.decl, t.base));
      case 'stack':
        return { kind: 'stack', element: this.type(t.element), size: t.size };
      case 'tuple':
      case 'list-value':
        return { kind: 'tuple', elements: t.elements.map((e) => this.type(e)) };
      case 'struct-value':
        return { kind: 'tuple', elements: t.fields.map((f) => this.type(f.type)) };
      case 'list':
      case 'set':
        return { kind: t.kind, element: this.type(t.element) };
      case 'extern': {
        const { text } = t.info.decl.name;
        // Some versions of an include file have more type parameters than the architecture says.
        const known = this.#program.extern(text);
        const count = known ? (known.typeParams?.length ?? 0) : t.args.length;
        const args = t.args.slice(0, count).map((a) => this.type(a));
        return named(text, args.length > 0 ? args : undefined);
      }
      case 'parser':
      case 'control':
        return named(t.info.decl.name.text);
      case 'hole':
        return { kind: 'void' };
      default:
        throw new InternalError(`a value of type ${t.kind} after checking`);
    }
  }

  /** Declares a type that is not generic. */
  declare(decl: ast.StructLikeDecl | ast.EnumDecl | ast.NewtypeDecl, type: Checked): void {
    if (decl.kind === 'enum' || decl.kind === 'newtype' || decl.typeParams.length === 0) this.type(type);
  }

  #struct(type: StructType): string {
    const { decl } = type.info;
    if (isGiven(this.#program.arch, decl)) return decl.name.text;
    const made = this.#structs.get(decl) ?? new Map<string, string>();
    this.#structs.set(decl, made);
    const args = type.args.map((a) => typeName(this.type(a))).join();
    const known = made.get(args);
    if (known !== undefined) return known;
    const name = this.#program.top.claim(decl.name.text, decl);
    made.set(args, name);
    const fields = fieldsOf(type).map((f, i): FieldDecl => {
      const field = decl.fields[i] as ast.FieldDecl;
      const { annotations, ...head } = this.#program.annotations.declared(field);
      const added = this.#program.findings.fieldLists.get(field) ?? [];
      return { ...head, type: this.type(f.type), ...withListNumbers(annotations, added, (known) => this.#numberOf(known)) };
    });
    this.decls.push({ kind: decl.kind, ...this.#program.annotations.declared(decl, name), fields });
    return name;
  }

  /** The value of a constant at the top of the program, or of `Enum.member`. */
  #numberOf(name: string): bigint | undefined {
    if (!name.includes('.')) return this.#program.numbers.get(name);
    const value = this.member(name);
    return value?.kind === 'const' ? value.value : undefined;
  }

  /** The number that `Enum.member` stands for. */
  member(path: string): Expr | undefined {
    const [text = '', name] = path.split('.');
    const decl = name === undefined ? undefined : this.table.declaration(named(text));
    const value = name === undefined ? undefined : this.table.memberValue(named(text), name);
    return decl?.kind === 'enum' && decl.base && value !== undefined ? constant(value, decl.base, decl.loc) : undefined;
  }

  #enum(decl: ast.EnumDecl): string {
    const name = decl.name.text;
    if (this.#named.has(decl) || isGiven(this.#program.arch, decl)) return name;
    this.#named.add(decl);
    this.#program.top.claim(name, decl);
    const base = decl.base && (this.type(this.#program.typeOf(decl.base)) as EnumDecl['base']);
    const members = decl.members.map((m) => {
      const value = base && m.value ? this.#program.memberValue(m.value) : undefined;
      return { name: m.name.text, ...(value === undefined ? {} : { value }) };
    });
    this.decls.push({ kind: 'enum', ...this.#program.annotations.declared(decl), ...(base ? { base } : {}), members });
    return name;
  }

  #newtype(decl: ast.NewtypeDecl, base: Checked): string {
    const name = decl.name.text;
    if (this.#named.has(decl) || isGiven(this.#program.arch, decl)) return name;
    this.#named.add(decl);
    this.#program.top.claim(name, decl);
    const type: NewtypeDecl = {
      kind: 'newtype',
      name,
      loc: decl.name.loc,
      ...this.#program.annotations.of(decl.annotations),
      type: this.type(base),
    };
    this.decls.push(decl.doc ? { ...type, doc: decl.doc } : type);
    return name;
  }
}
