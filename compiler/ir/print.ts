/** A compact dump of the IR, flavoured like P4, for tests and debugging. It is not P4: the targets print that. */
import type { ActionCallExpr, ControlDecl, LocalDecl, Param, ParserDecl, StateDecl, TableDecl } from './decl.js';
import type { Expr, KeySet } from './expr.js';
import type { Program } from './program.js';
import type { Block, Callee, CallStmt, Stmt } from './stmt.js';
import { type Annotation, type Type, type TypeDecl, typeName } from './types.js';
import type { OfKind } from './visit.js';

export function printProgram(program: Program): string {
  return [
    `program ${program.name} arch=${program.arch}`,
    ...program.types.flatMap(typeDecl),
    ...(program.errors.length ? [`error { ${program.errors.join(' ')} }`] : []),
    ...[...program.constants, ...program.functions, ...program.actions, ...program.instances].flatMap(local),
    ...program.parsers.flatMap(parser),
    ...program.controls.flatMap(control),
    `main ${program.main.package}(${program.main.blocks.join(', ')})`,
  ].join('\n');
}

/** An expression as its author knows it: `hdr.ipv4.ttl`, `valid(hdr.ipv4) && meta.mark == 3`. */
export function printExpr(expr: Expr): string {
  return (exprText[expr.kind] as (e: Expr) => string)(expr);
}

export function printKeySet(set: KeySet): string {
  switch (set.kind) {
    case 'value':
      return printExpr(set.value);
    case 'mask':
      return `${printExpr(set.value)} &&& ${printExpr(set.mask)}`;
    case 'range':
      return `${printExpr(set.low)}..${printExpr(set.high)}`;
    case 'value-set':
      return `set ${set.name}`;
    case 'any':
      return '_';
  }
}

/** The statements, one a line, indented by two spaces a level. */
export const printBlock = (block: Block): string => block.flatMap(stmt).join('\n');

const exprText: { readonly [K in Expr['kind']]: (e: OfKind<Expr, K>) => string } = {
  const: (e) => `${literalPrefix(e.type)}${e.value}`,
  bool: (e) => String(e.value),
  string: (e) => JSON.stringify(e.value),
  member: (e) => `${e.type.kind === 'error' ? 'error' : e.type.name}.${e.name}`,
  name: (e) => e.name,
  field: (e) => `${printExpr(e.base)}.${e.name}`,
  index: (e) => `${printExpr(e.base)}[${e.index.kind === 'const' ? e.index.value : printExpr(e.index)}]`,
  'stack-member': (e) => `${printExpr(e.base)}.${e.member}`,
  slice: (e) => `${printExpr(e.base)}[${e.high}:${e.low}]`,
  unary: (e) => `${e.op}${inner(e.arg)}`,
  binary: (e) => `${inner(e.left)} ${e.op} ${inner(e.right)}`,
  mux: (e) => `${inner(e.cond)} ? ${inner(e.yes)} : ${inner(e.no)}`,
  cast: (e) => `(${typeName(e.type)}) ${inner(e.arg)}`,
  'is-valid': (e) => `valid(${printExpr(e.header)})`,
  lookahead: (e) => `${printExpr(e.packet)}.lookahead<${typeName(e.type)}>()`,
  'packet-length': (e) => `${printExpr(e.packet)}.length()`,
  struct: (e) => `{ ${[...e.fields.map((f) => `${f.name} = ${printExpr(f.value)}`), ...(e.partial ? ['...'] : [])].join(', ')} }`,
  list: (e) => `{ ${e.elements.map(printExpr).join(', ')} }`,
  invalid: () => '{#}',
  default: () => '...',
};

const literalPrefix = (type: Type): string => {
  if (type.kind === 'bit') return `${type.width}w`;
  if (type.kind === 'int') return `${type.width}s`;
  return type.kind === 'named' ? `${type.name}:` : '';
};

const compound = new Set<Expr['kind']>(['binary', 'mux', 'cast']);
const inner = (e: Expr): string => (compound.has(e.kind) ? `(${printExpr(e)})` : printExpr(e));

const exprs = (list: readonly Expr[]): string => list.map(printExpr).join(', ');
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const braces = (head: string, lines: readonly string[]): string[] => (lines.length ? [`${head} {`, ...indent(lines), '}'] : [`${head} {}`]);
const body = (head: string, block: Block): string[] => braces(head, block.flatMap(stmt));

function callText(call: CallStmt): string {
  const typeArgs = call.typeArgs?.length ? `<${call.typeArgs.map(typeName).join(', ')}>` : '';
  const result = call.result ? `${printExpr(call.result)} = ` : '';
  return `${result}${(calleeText[call.callee.kind] as (c: Callee) => string)(call.callee)}${typeArgs}(${exprs(call.args)})`;
}

const calleeText: { readonly [K in Callee['kind']]: (c: OfKind<Callee, K>) => string } = {
  function: (c) => c.name,
  method: (c) => `${printExpr(c.object)}.${c.method}`,
  action: (c) => `action ${c.name}`,
  block: (c) => `${c.instance}.apply`,
};

const stmt = (s: Stmt): string[] => (stmtText[s.kind] as (s: Stmt) => string[])(s);
const orElse = (block: Block | undefined): string[] => (block ? body('else', block) : []);

const stmtText: { readonly [K in Stmt['kind']]: (s: OfKind<Stmt, K>) => string[] } = {
  declare: (s) => [`var ${typeName(s.type)} ${s.name}${s.init ? ` = ${printExpr(s.init)}` : ''}`],
  assign: (s) => [`${printExpr(s.target)} = ${printExpr(s.value)}`],
  call: (s) => (s.given ? body(callText(s), s.given.body) : [callText(s)]),
  if: (s) => [...body(`if (${printExpr(s.cond)})`, s.then), ...orElse(s.else)],
  switch: (s) =>
    braces(
      `switch (${printExpr(s.on)})`,
      s.cases.flatMap((c) => body(`case ${c.labels.map((l) => (l === 'default' ? l : printExpr(l))).join(' ')}`, c.body)),
    ),
  apply: (s) => [
    `apply ${s.table}`,
    ...indent([
      ...(s.hit ? body('hit', s.hit) : []),
      ...(s.miss ? body('miss', s.miss) : []),
      ...(s.cases ?? []).flatMap((c) => body(`case ${c.actions.join(' ')}`, c.body)),
    ]),
  ],
  'set-validity': (s) => [`${printExpr(s.header)}.${s.valid ? 'setValid' : 'setInvalid'}()`],
  push: (s) => [`${printExpr(s.stack)}.push_front(${s.count})`],
  pop: (s) => [`${printExpr(s.stack)}.pop_front(${s.count})`],
  exit: () => ['exit'],
  return: (s) => [s.value ? `return ${printExpr(s.value)}` : 'return'],
  block: (s) => body(annotated('block', s.annotations), s.body),
  target: (s) => [...body(`on ${s.target}`, s.body), ...(s.otherwise ? body('otherwise', s.otherwise) : [])],
  for: (s) => body(`for (${s.init.flatMap(stmt).join(', ')}; ${printExpr(s.cond)}; ${s.update.flatMap(stmt).join(', ')})`, s.body),
  'for-in': (s) =>
    body(`for (${typeName(s.type)} ${s.name} in ${s.over.kind === 'range' ? printKeySet(s.over) : printExpr(s.over)})`, s.body),
  break: () => ['break'],
  continue: () => ['continue'],
};

const annotated = (text: string, annotations: readonly Annotation[] | undefined): string =>
  [...(annotations ?? []).map((a) => `@${a.name}${a.body === undefined ? '' : `(${a.body})`}`), text].join(' ');

function typeDecl(decl: TypeDecl): string[] {
  switch (decl.kind) {
    case 'header':
    case 'struct':
    case 'header_union':
      return braces(
        annotated(`${decl.kind} ${decl.name}`, decl.annotations),
        decl.fields.map((f) => annotated(`${typeName(f.type)} ${f.name}`, f.annotations)),
      );
    case 'enum': {
      const members = decl.members.map((m) => (m.value === undefined ? m.name : `${m.name}=${m.value}`));
      return [`enum ${decl.base ? `${typeName(decl.base)} ` : ''}${decl.name} { ${members.join(' ')} }`];
    }
    case 'newtype':
      return [`type ${typeName(decl.type)} ${decl.name}`];
  }
}

const params = (list: readonly Param[]): string =>
  list.map((p) => `${p.direction ? `${p.direction} ` : ''}${typeName(p.type)} ${p.name}`).join(', ');

const local = (decl: LocalDecl): string[] => {
  const [first, ...rest] = (localText[decl.kind] as (d: LocalDecl) => string[])(decl);
  return [annotated(first as string, decl.annotations), ...rest];
};

const localText: { readonly [K in LocalDecl['kind']]: (d: OfKind<LocalDecl, K>) => string[] } = {
  constant: (d) => [`const ${typeName(d.type)} ${d.name} = ${printExpr(d.value)}`],
  variable: (d) => [`var ${typeName(d.type)} ${d.name}${d.init ? ` = ${printExpr(d.init)}` : ''}`],
  instance: (d) => {
    const head = `${typeName(d.type)}(${exprs(d.args)}) ${d.name}`;
    return d.methods ? braces(head, d.methods.flatMap(local)) : [head];
  },
  action: (d) => body(`action ${d.name}(${params(d.params)})`, d.body),
  function: (d) => body(`${typeName(d.returns)} ${d.name}(${params(d.params)})`, d.body),
  table: (d) => braces(`table ${d.name}`, tableLines(d)),
  'value-set': (d) => [`value_set<${typeName(d.type)}>(${d.size}) ${d.name}`],
};

const actionCall = (a: ActionCallExpr): string => `${a.action}(${exprs(a.args)})`;

function tableLines(table: TableDecl): string[] {
  return [
    ...table.keys.map((k) => `key ${k.name}: ${k.match} ${printExpr(k.expr)}`),
    ...(table.actions.length
      ? [`actions ${table.actions.map((a) => `${a.scope ? `@${a.scope} ` : ''}${a.args.length ? actionCall(a) : a.action}`).join(' ')}`]
      : []),
    ...(table.defaultAction ? [`${table.defaultAction.const ? 'const ' : ''}default ${actionCall(table.defaultAction)}`] : []),
    ...(table.size === undefined ? [] : [`size ${table.size}`]),
    ...(table.entries ?? []).map(
      (e) =>
        `${e.const || table.constEntries ? 'const ' : ''}entry ${e.priority === undefined ? '' : `priority=${e.priority} `}(${e.keys.map(printKeySet).join(', ')}) ${actionCall(e.action)}`,
    ),
    ...(table.largestPriorityWins === undefined ? [] : [`largest_priority_wins ${table.largestPriorityWins}`]),
    ...(table.properties ?? []).map((p) => `${p.const ? 'const ' : ''}${p.name} = ${printExpr(p.value)}`),
  ];
}

const heading = (decl: ParserDecl | ControlDecl): string =>
  annotated(
    `${decl.kind} ${decl.name}(${params(decl.params)})${decl.constructorParams?.length ? `(${params(decl.constructorParams)})` : ''}`,
    decl.annotations,
  );

const parser = (decl: ParserDecl): string[] => braces(heading(decl), [...decl.locals.flatMap(local), ...decl.states.flatMap(state)]);
const control = (decl: ControlDecl): string[] => braces(heading(decl), [...decl.locals.flatMap(local), ...body('apply', decl.body)]);

function state(decl: StateDecl): string[] {
  const { transition } = decl;
  const next =
    transition.kind === 'goto'
      ? [`-> ${transition.next}`]
      : braces(
          `select (${exprs(transition.on)})`,
          transition.cases.map((c) => `${c.keys.map(printKeySet).join(', ')} -> ${c.next}`),
        );
  return braces(`state ${decl.name}`, [...decl.body.flatMap(stmt), ...next]);
}
