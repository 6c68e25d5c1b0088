/** Generated IR: every kind of expression, statement and declaration, not necessarily meaningful. */
import fc from 'fast-check';
import type { Block, Callee, Expr, KeySet, LocalDecl, Program, Stmt, Transition, Type, TypeDecl } from '../../compiler/ir/index.js';
import { irVersion } from '../../compiler/ir/index.js';
import { type Loc, nowhere } from '../../compiler/support/location.js';

type Arb<T> = fc.Arbitrary<T>;
const optional = { requiredKeys: [] };
const id = fc.constantFrom('a', 'b', 'hdr', 'T', 'x1', '__proto__', 'constructor', 'kind');
const text = fc.oneof(id, fc.string());
const loc: Arb<Loc> = fc.oneof(
  fc.constant(nowhere),
  fc.record({ file: fc.constantFrom('/a.ts', '/b.ts'), line: fc.integer({ min: 1, max: 999 }), column: fc.integer({ min: 1, max: 99 }) }),
);
const natural = fc.nat({ max: 5000 });

/** An object with the required fields of `model`, and perhaps those of `more`. */
const node = (model: object, more: object = {}): Arb<any> =>
  fc
    .tuple(fc.record(model as Record<string, Arb<unknown>>), fc.record(more as Record<string, Arb<unknown>>, optional))
    .map(([required, given]) => ({ ...required, ...given }));
const kind = (k: string) => ({ kind: fc.constant(k) });
const list = <T>(element: Arb<T>, max = 3): Arb<readonly T[]> => fc.array(element, { maxLength: max });

const annotation = node({ name: id }, { body: text, structured: fc.boolean() });
const declared = { name: id, loc };
const perhaps = { annotations: list(annotation, 2), doc: text };

export const type: Arb<Type> = fc.letrec<{ type: Type; named: any }>((tie) => ({
  named: node({ ...kind('named'), name: id }, { args: list(tie('type'), 2) }),
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    node({ kind: fc.constantFrom('bit', 'int', 'varbit'), width: natural }),
    node({ kind: fc.constantFrom('bool', 'integer', 'string', 'error', 'match_kind', 'void') }),
    tie('named'),
    node({ ...kind('stack'), element: tie('type'), size: natural }),
    node({ ...kind('tuple'), elements: list(tie('type')) }),
    node({ kind: fc.constantFrom('list', 'set'), element: tie('type') }),
  ),
})).type;
const named = node({ ...kind('named'), name: id });

const parts = fc.letrec<{ expr: Expr; keySet: KeySet; stmt: Stmt; block: Block }>((tie) => {
  const expr = tie('expr');
  const typed = { type, loc };
  const block = tie('block');
  const doc = { doc: text };
  const callee: Arb<Callee> = fc.oneof(
    node({ ...kind('function'), name: id }),
    node({ ...kind('method'), object: expr, method: id }),
    node({ ...kind('action'), name: id }),
    node({ ...kind('block'), instance: id }),
  );
  return {
    expr: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      node({ ...kind('const'), value: fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }), ...typed }),
      node({ ...kind('name'), name: id, ...typed }),
      node({ ...kind('bool'), value: fc.boolean(), ...typed }),
      node({ ...kind('string'), value: text, ...typed }),
      node({ ...kind('member'), name: id, type: fc.oneof(named, fc.constant({ kind: 'error' })), loc }),
      node({ ...kind('field'), base: expr, name: id, ...typed }),
      node({ ...kind('index'), base: expr, index: expr, ...typed }),
      node({ ...kind('stack-member'), base: expr, member: fc.constantFrom('next', 'last', 'lastIndex', 'size'), ...typed }),
      node({ ...kind('slice'), base: expr, high: natural, low: natural, ...typed }),
      node({ ...kind('unary'), op: fc.constantFrom('-', '~', '!', '+'), arg: expr, ...typed }),
      node({ ...kind('binary'), op: fc.constantFrom('+', '|-|', '++', '==', '&&', '<<'), left: expr, right: expr, ...typed }),
      node({ ...kind('mux'), cond: expr, yes: expr, no: expr, ...typed }),
      node({ ...kind('cast'), arg: expr, ...typed }),
      node({ ...kind('is-valid'), header: expr, ...typed }),
      node({ kind: fc.constantFrom('lookahead', 'packet-length'), packet: expr, ...typed }),
      node({ ...kind('struct'), fields: list(node({ name: id, value: expr })), ...typed }, { partial: fc.boolean() }),
      node({ ...kind('list'), elements: list(expr), ...typed }),
      node({ kind: fc.constantFrom('invalid', 'default'), ...typed }),
    ),
    keySet: fc.oneof(
      node({ ...kind('value'), value: expr }),
      node({ ...kind('mask'), value: expr, mask: expr }),
      node({ ...kind('range'), low: expr, high: expr }),
      node({ ...kind('value-set'), name: id }),
      node(kind('any')),
    ),
    block: list(tie('stmt')),
    stmt: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      node({ kind: fc.constantFrom('exit', 'break', 'continue'), loc }, doc),
      node({ ...kind('declare'), name: id, type, loc }, { init: expr, ...doc }),
      node({ ...kind('assign'), target: expr, value: expr, loc }, doc),
      node({ ...kind('call'), callee, args: list(expr), loc }, { typeArgs: list(type), result: expr, ...doc }),
      node({ ...kind('if'), cond: expr, then: block, loc }, { else: block, ...doc }),
      node({
        ...kind('switch'),
        on: expr,
        cases: list(node({ labels: list(fc.oneof(fc.constant('default'), expr)), body: block, loc })),
        loc,
      }),
      node(
        { ...kind('apply'), table: id, loc },
        { hit: block, miss: block, cases: list(node({ actions: list(id), body: block, loc })), ...doc },
      ),
      node({ ...kind('set-validity'), header: expr, valid: fc.boolean(), loc }, doc),
      node({ kind: fc.constantFrom('push', 'pop'), stack: expr, count: natural, loc }, doc),
      node({ ...kind('return'), loc }, { value: expr, ...doc }),
      node({ ...kind('block'), body: block, loc }, doc),
      node({ ...kind('for'), init: block, cond: expr, update: block, body: block, loc }, doc),
      node({
        ...kind('for-in'),
        name: id,
        type,
        over: fc.oneof(expr, node({ ...kind('range'), low: expr, high: expr })),
        body: block,
        loc,
      }),
    ),
  };
});
export const { expr, keySet, stmt, block } = parts;

const fieldDecls = list(node({ ...declared, type }, { format: fc.constantFrom('mac', 'hex'), ...perhaps }));
const typeDecl: Arb<TypeDecl> = fc.oneof(
  node({ kind: fc.constantFrom('header', 'struct', 'header_union'), fields: fieldDecls, ...declared }, perhaps),
  node(
    { ...kind('enum'), members: list(node({ name: id }, { value: fc.bigInt() })), ...declared },
    { base: node({ kind: fc.constantFrom('bit', 'int'), width: natural }), ...perhaps },
  ),
  node({ ...kind('newtype'), type, ...declared }, perhaps),
);
const params = list(
  node({ ...declared, type }, { direction: fc.constantFrom('in', 'out', 'inout'), default: expr, optional: fc.boolean(), ...perhaps }),
);
const constant = node({ ...kind('constant'), ...declared, type, value: expr }, perhaps);
const action = node({ ...kind('action'), ...declared, params, body: block }, perhaps);
const fn = node({ ...kind('function'), ...declared, returns: type, params, body: block }, { typeParams: list(id), ...perhaps });
const instance = node({ ...kind('instance'), ...declared, type: named, args: list(expr) }, { methods: list(fn, 1), ...perhaps });
const call = { action: id, args: list(expr), loc };
const table = node(
  {
    ...kind('table'),
    ...declared,
    keys: list(node({ expr, match: id, name: text, loc }, { format: fc.constant('ipv4') })),
    actions: list(node(call, { scope: fc.constantFrom('tableonly', 'defaultonly'), annotations: list(annotation, 1) })),
  },
  {
    defaultAction: node({ ...call, const: fc.boolean() }),
    size: natural,
    entries: list(node({ keys: list(keySet), action: node(call), loc }, { priority: fc.integer(), const: fc.boolean() })),
    constEntries: fc.boolean(),
    largestPriorityWins: fc.boolean(),
    properties: list(node({ name: id, value: expr }, { const: fc.boolean() })),
    ...perhaps,
  },
);
const local: Arb<LocalDecl> = fc.oneof(
  constant,
  node({ ...kind('variable'), ...declared, type }, { init: expr, ...perhaps }),
  instance,
  action,
  fn,
  table,
  node({ ...kind('value-set'), ...declared, type, size: natural }, perhaps),
);
const transition: Arb<Transition> = fc.oneof(
  node({ ...kind('goto'), next: id, loc }),
  node({ ...kind('select'), on: list(expr), cases: list(node({ keys: list(keySet), next: id, loc })), loc }),
);
const state = node({ ...kind('state'), ...declared, body: block, transition }, perhaps);
const blockParts = { ...declared, params, locals: list(local, 4) };

export const program: Arb<Program> = node(
  {
    irVersion: fc.constant(irVersion),
    name: text,
    arch: fc.constantFrom('portable', 'v1model', 'psa'),
    types: list(typeDecl),
    errors: list(id),
    constants: list(constant, 1),
    functions: list(fn, 1),
    actions: list(action, 1),
    instances: list(instance, 1),
    parsers: list(node({ ...kind('parser'), ...blockParts, states: list(state) }, { constructorParams: params, ...perhaps }), 1),
    controls: list(node({ ...kind('control'), ...blockParts, body: block }, { constructorParams: params, ...perhaps }), 2),
    main: node({ package: id, blocks: list(id) }),
  },
  perhaps,
);
