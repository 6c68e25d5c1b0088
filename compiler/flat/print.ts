/** Flat programs as text, for people. */
import { InternalError } from '../support/invariant.js';
import type {
  ExtractTarget,
  FlatAction,
  FlatArg,
  FlatCall,
  FlatCode,
  FlatExpr,
  FlatObject,
  FlatParser,
  FlatProgram,
  FlatSet,
  FlatStmt,
  FlatTable,
  KeyRange,
  NextState,
  ScalarType,
  Slot,
} from './program.js';

export function printFlat(program: FlatProgram): string {
  return [
    ...program.headers.map((h) => `header ${h.name}: ${h.decl.name}${h.union ? ` of ${h.union.name}` : ''}`),
    ...program.stacks.map((s) => `stack ${s.name}[${s.elements.length}]`),
    ...program.objects.map(printObject),
    ...program.valueSets.map((s) => `value set ${s.name}: ${s.types.map(printType).join(', ')}`),
    ...program.actions.flatMap(printAction),
    ...program.tables.flatMap(printTable),
    ...program.blocks.flatMap((block) =>
      block.kind === 'parser' ? printParser(block) : ['', `control ${block.name} (${block.role.name}) {`, ...indented(block.body), '}'],
    ),
    '',
  ].join('\n');
}

const indented = (code: FlatCode): readonly string[] => code.flatMap(printStmt).map((line) => `  ${line}`);

const printObject = ({ name, extern, args }: FlatObject): string => `object ${name}: ${extern.name}(${args.map(printArg).join(', ')})`;

function printAction({ name, params, body, exits }: FlatAction): readonly string[] {
  const given = params.map((p) => `${slotName(p)}: ${printType(p.type)}`).join(', ');
  return ['', `action ${name}(${given})${exits ? ' exits' : ''} {`, ...indented(body), '}'];
}

function printTable({ name, keys, selectorKeys, actions, counter, meter, profile }: FlatTable): readonly string[] {
  const lines = [
    ...keys.map((key) => `key ${key.name}: ${key.match} ${print(key.value)}`),
    ...(selectorKeys.length > 0 ? [`selected by ${selectorKeys.map(print).join(', ')}`] : []),
    `actions ${actions.map((action) => action.name).join(', ')}`,
    ...(counter ? [`counter ${counter.name}`] : []),
    ...(meter ? [`meter ${meter.name}`] : []),
    ...(profile ? [`profile ${profile.name}`] : []),
  ];
  return ['', `table ${name} {`, ...lines.map((line) => `  ${line}`), '}'];
}

function printParser({ name, role, states }: FlatParser): readonly string[] {
  return [
    '',
    `parser ${name} (${role.name}) {`,
    ...states.flatMap((state) => [
      `  ${nextName(state)}:`,
      ...indented(state.body).map((line) => `  ${line}`),
      ...(state.transition.kind === 'goto'
        ? [`    goto ${nextName(state.transition.next)}`]
        : [
            `    select ${state.transition.on.map(print).join(', ')}`,
            ...state.transition.cases.map(({ set, next }) => `      ${printSet(set)}: ${nextName(next)}`),
            ...(state.transition.otherwise === undefined ? [] : [`      _: ${nextName(state.transition.otherwise)}`]),
          ]),
    ]),
    '}',
  ];
}

const nextName = (next: NextState): string => (typeof next === 'string' ? next : `${next.name}#${next.id}`);

const printSet = (set: FlatSet): string => (set.kind === 'value-set' ? set.set.name : set.keys.map(printRange).join(', '));

function printRange(range: KeyRange): string {
  switch (range.kind) {
    case 'set':
      return range.set.name;
    case 'range':
      return `${range.low}..${range.high}`;
    case 'mask':
      return range.mask === 0n ? '_' : `0x${range.value.toString(16)} &&& 0x${range.mask.toString(16)}`;
  }
}

function printStmt(stmt: FlatStmt): readonly string[] {
  switch (stmt.kind) {
    case 'assign':
      return [`${slotName(stmt.target)} = ${print(stmt.value)}`];
    case 'validity':
      return [`${stmt.valid ? 'validate' : 'invalidate'} ${stmt.header.name}`];
    case 'copy-header':
    case 'copy-stack':
      return [`${stmt.target.name} = ${stmt.source.name}`];
    case 'push':
    case 'pop':
      return [`${stmt.kind} ${stmt.stack.name} ${stmt.count}`];
    case 'extract':
      return [`extract ${printTarget(stmt.into)}${stmt.bits ? ` ${print(stmt.bits)}` : ''}`];
    case 'advance':
      return [`advance ${print(stmt.bits)}`];
    case 'verify':
      return [`verify ${print(stmt.cond)}, ${print(stmt.error)}`];
    case 'emit':
      return [`emit ${stmt.header.name}`];
    case 'call':
      return [printCall(stmt)];
    case 'if':
      return [
        `if ${print(stmt.cond)} {`,
        ...indented(stmt.then),
        ...(stmt.else.length > 0 ? ['} else {', ...indented(stmt.else)] : []),
        '}',
      ];
    case 'labelled':
      return [`${stmt.label.name}#${stmt.label.id}: {`, ...indented(stmt.body), '}'];
    case 'leave':
      return [`leave ${stmt.label.name}#${stmt.label.id}`];
    case 'loop':
      return ['loop {', ...indented(stmt.body), '}'];
    case 'exit':
      return ['exit'];
    case 'apply': {
      const follow = (title: string, code: FlatCode): readonly string[] =>
        code.length > 0 ? [`  ${title}:`, ...indented(code).map((l) => `  ${l}`)] : [];
      return [
        `apply ${stmt.table.name}`,
        ...follow('hit', stmt.hit),
        ...follow('miss', stmt.miss),
        ...stmt.cases.flatMap((c) => follow(c.actions.map((a) => a.name).join(', '), c.body)),
        ...follow('otherwise', stmt.otherwise),
        ...follow('exited', stmt.exited),
      ];
    }
  }
}

function printTarget(target: ExtractTarget): string {
  switch (target.kind) {
    case 'header':
      return target.header.name;
    case 'next':
      return `${target.stack.name}.next${target.member === undefined ? '' : `.${target.member}`}`;
    case 'skip':
      return `(${target.decl.name})`;
  }
}

function printCall({ method, object, args, result }: FlatCall): string {
  const called = `${object ? `${object.name}.` : ''}${method.name}(${args.map(printArg).join(', ')})`;
  return result ? `${printArg(result)} = ${called}` : called;
}

function printArg(arg: FlatArg): string {
  switch (arg.kind) {
    case 'value':
      return print(arg.value);
    case 'text':
      return JSON.stringify(arg.text);
    case 'name':
      return `${arg.type}.${arg.name}`;
    case 'header':
      return arg.header.name;
    case 'stack':
      return arg.stack.name;
    case 'parts':
      return `{${arg.parts.map(({ arg: part }) => printArg(part)).join(', ')}}`;
  }
}

/** With its number where it is no field of a header. */
const slotName = ({ id, name, header }: Slot): string => (header ? name : `${name}#${id}`);
const printType = (type: ScalarType): string => (type.kind === 'bool' ? 'bool' : `${type.kind}<${type.width}>`);

function print(expr: FlatExpr): string {
  switch (expr.kind) {
    case 'const':
      return expr.type.kind === 'bool' ? `${expr.value === 1n}` : `${expr.value}`;
    case 'slot':
      return slotName(expr.slot);
    case 'unary':
      return `${expr.op}${print(expr.arg)}`;
    case 'binary':
      return `(${print(expr.left)} ${expr.op} ${print(expr.right)})`;
    case 'mux':
      return `(${print(expr.cond)} ? ${print(expr.yes)} : ${print(expr.no)})`;
    case 'cast':
      return `(${printType(expr.type)})${print(expr.arg)}`;
    case 'slice':
      return `${print(expr.arg)}[${expr.high}:${expr.low}]`;
    case 'last':
      return `${expr.stack.name}.last${expr.member === undefined ? '' : `.${expr.member}`}.${expr.field}`;
    case 'lookahead':
      return `lookahead(${printType(expr.type)})`;
    case 'packet-length':
      return 'length()';
    default:
      throw new InternalError('an expression');
  }
}
