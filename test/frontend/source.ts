/** What the tests of the front end share: programs as text, and trees as text that shows how they are built. */
import { expect } from 'vitest';
import type { Argument, Decl, Expr, KeySet, SourceProgram, Stmt, TypeRef } from '../../compiler/frontend/ast.js';
import { type Parsed, type ParseOptions, parseFile, parseProgram } from '../../compiler/frontend/index.js';

/** Where the places in a test's program are. */
export const file = '/program.p4';

export const parse = (text: string, options?: ParseOptions): Promise<Parsed> => parseProgram(text, file, options);

/** The program in a file. @throws DiagnosticError for every mistake in it */
export async function readProgram(path: string, options?: ParseOptions): Promise<SourceProgram> {
  const { program, diagnostics } = await parseFile(path, options);
  diagnostics.throwIfErrors();
  return program;
}

/** The declarations of a program without mistakes. */
export async function declarations(text: string, options?: ParseOptions): Promise<readonly Decl[]> {
  const { program, diagnostics } = await parse(text, options);
  expect(diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`)).toEqual([]);
  return program.declarations;
}

/** `line:column message` of every diagnostic. */
export async function mistakes(text: string, options?: ParseOptions): Promise<string[]> {
  const { diagnostics } = await parse(text, options);
  return diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`);
}

/** An expression with all of its parentheses: `a + b * c` is `(a + (b * c))`. */
export function show(expr: Expr): string {
  switch (expr.kind) {
    case 'integer':
      return `${expr.width === undefined ? '' : `${expr.width}${expr.signed ? 's' : 'w'}`}${expr.value}`;
    case 'bool':
      return String(expr.value);
    case 'string':
      return `"${expr.value}"`;
    case 'this':
      return 'this';
    case 'name':
      return `${expr.path.absolute ? '.' : ''}${expr.path.name.text}`;
    case 'type':
      return `type ${showType(expr.type)}`;
    case 'member':
      return `${show(expr.base)}.${expr.member.text}`;
    case 'index':
      return `${show(expr.base)}[${show(expr.index)}]`;
    case 'slice':
      return `${show(expr.base)}[${show(expr.high)}:${show(expr.low)}]`;
    case 'plus-slice':
      return `${show(expr.base)}[${show(expr.low)}+:${show(expr.width)}]`;
    case 'unary':
      return `(${expr.op}${show(expr.arg)})`;
    case 'binary':
      return `(${show(expr.left)} ${expr.op} ${show(expr.right)})`;
    case 'mux':
      return `(${show(expr.cond)} ? ${show(expr.yes)} : ${show(expr.no)})`;
    case 'cast':
      return `(cast ${showType(expr.type)} ${show(expr.arg)})`;
    case 'call':
      return `${show(expr.callee)}${expr.typeArgs ? `<${expr.typeArgs.map(showType).join(', ')}>` : ''}(${showArgs(expr.args)})`;
    case 'construct':
      return `new ${showType(expr.type)}(${showArgs(expr.args)})`;
    case 'list':
      return `{${expr.elements.map(show).join(', ')}}`;
    case 'struct': {
      const fields = expr.fields.map(({ name, value }) => `${name.text} = ${show(value)}`);
      return `{${[...fields, ...(expr.partial ? ['...'] : [])].join(', ')}}`;
    }
    case 'invalid':
      return '{#}';
    case 'default':
      return '...';
  }
}

const showArgs = (args: readonly Argument[]): string =>
  args.map(({ name, value }) => `${name ? `${name.text} = ` : ''}${value ? show(value) : '_'}`).join(', ');

export function showType(type: TypeRef): string {
  switch (type.kind) {
    case 'base-type':
      return type.name;
    case 'sized-type':
      return `${type.name}<${show(type.width)}>`;
    case 'named-type':
      return `${type.path.absolute ? '.' : ''}${type.path.name.text}${type.args ? `<${type.args.map(showType).join(', ')}>` : ''}`;
    case 'array-type':
      return `${showType(type.element)}[${show(type.size)}]`;
    case 'tuple-type':
      return `tuple<${type.elements.map(showType).join(', ')}>`;
    case 'list-type':
      return `list<${showType(type.element)}>`;
    case 'void-type':
      return 'void';
    case 'dont-care-type':
      return '_';
  }
}

export function showKey(key: KeySet): string {
  switch (key.kind) {
    case 'value':
      return show(key.value);
    case 'mask':
      return `${show(key.value)} &&& ${show(key.mask)}`;
    case 'range':
      return `${show(key.low)} .. ${show(key.high)}`;
    case 'any':
      return '_';
  }
}

/** How `text` is read as an expression; `before` is what is declared above it. */
export async function expression(text: string, before = ''): Promise<string> {
  const all = await declarations(`${before}\nconst bit<8> result = ${text};`);
  const last = all.at(-1);
  if (last?.kind !== 'constant') throw new Error('no constant');
  return show(last.value);
}

/** The statements of a function with this body. */
export async function statements(body: string, before = ''): Promise<readonly Stmt[]> {
  const last = (await declarations(`${before}\nvoid f() {\n${body}\n}`)).at(-1);
  if (last?.kind !== 'function') throw new Error('no function');
  return last.body.body;
}
