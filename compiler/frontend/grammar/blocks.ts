/** The grammar of parsers, controls and tables (P4-16 §13, §14). */
import type { ParserMethod, TokenType } from 'chevrotain';
import type {
  ActionDecl,
  ActionRef,
  Annotation,
  ControlLocal,
  Entry,
  KeyElement,
  Param,
  ParserLocal,
  SelectCase,
  StateDecl,
  Stmt,
  TableDecl,
  TableProperty,
  Transition,
  ValueSetDecl,
} from '../ast.js';
import * as T from '../tokens.js';
import { as, locOf, nameOf, node, topLevel } from './base.js';
import type { Head } from './declaration-head.js';
import { outsideBlocks, StatementsGrammar } from './statements.js';

export abstract class BlocksGrammar extends StatementsGrammar {
  protected abstract readonly params: ParserMethod<[], readonly Param[]>;

  // ── parsers ──

  /** Locals and states, in braces. */
  protected readonly parserBody = this.RULE('parserBody', () => {
    this.CONSUME(T.OpenBrace);
    const parts = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.parserPart),
      () => !outsideParsers.has(this.LA(1).tokenType),
    );
    this.CONSUME(T.CloseBrace, as("'}' at the end of the parser"));
    return {
      locals: Object.freeze(parts.filter((part) => part.kind !== 'state')),
      states: Object.freeze(parts.filter((part) => part.kind === 'state')),
    };
  });

  protected readonly parserPart = this.RULE('parserPart', (): ParserLocal | StateDecl => {
    const head = this.SUBRULE(this.head);
    return this.OR<ParserLocal | StateDecl>({
      DEF: [
        { ALT: () => this.SUBRULE(this.state, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.constant, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.valueSetDeclaration, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.variableOrInstance, { ARGS: [head] }) },
      ],
      ERR_MSG: "a state, a constant, a variable, an instance or '}'",
    });
  });

  protected readonly valueSetDeclaration = this.RULE('valueSetDeclaration', (head: Head): ValueSetDecl => {
    this.CONSUME(T.ValueSet);
    this.CONSUME(T.Less, as("'<' and the type of the values after 'value_set'"));
    const type = this.SUBRULE(this.typeRef);
    this.CONSUME(T.CloseAngle, as("'>' after the type"));
    this.CONSUME(T.OpenParen, as("'(' and the size of the set"));
    const size = this.SUBRULE(this.expression);
    this.CONSUME(T.CloseParen, as("')' after the size"));
    const name = nameOf(this.CONSUME(T.AnyName, as('a name for the set')));
    this.CONSUME(T.Semicolon, as("';' after the value set"));
    return node({ kind: 'value-set', ...head, type, size, name });
  });

  protected readonly state = this.RULE('state', (head: Head): StateDecl => {
    this.CONSUME(T.State);
    const name = nameOf(this.CONSUME(T.AnyName, as('the name of the state')));
    this.CONSUME(T.OpenBrace, as("'{' after the name of the state"));
    const { depth } = this.scope;
    this.scope.push();
    const body = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.statement),
      () => !outsideBlocks.has(this.LA(1).tokenType),
    );
    this.ACTION(() => this.#checkStatements(body));
    const transition = this.OPTION(() => this.SUBRULE(this.transition));
    this.CONSUME(T.CloseBrace, as(transition ? "'}' after the transition" : "'}' at the end of the state"));
    this.scope.popTo(depth);
    return node({ kind: 'state', ...head, name, body: Object.freeze(body), ...(transition ? { transition } : {}) });
  });

  #checkStatements(body: readonly Stmt[]): void {
    for (const statement of body) {
      if (statement.kind === 'block') this.#checkStatements(statement.body);
      const what = notInStates[statement.kind];
      if (what !== undefined) this.diagnostics.report('p4-in-state', { what }, { loc: statement.loc });
    }
  }

  protected readonly transition = this.RULE('transition', (): Transition => {
    const loc = locOf(this.CONSUME(T.Transition));
    return this.OR<Transition>({
      DEF: [
        {
          ALT: () => {
            const next = nameOf(this.CONSUME(T.AnyName));
            this.CONSUME(T.Semicolon, as("';' after the transition"));
            return node({ kind: 'goto', next, loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Select);
            this.CONSUME(T.OpenParen, as("'(' and expressions after 'select'"));
            const { elements } = this.SUBRULE(this.listElements);
            this.CONSUME(T.CloseParen, as("',' or ')' after the expression"));
            this.CONSUME(T.OpenBrace, as("'{' and cases"));
            const cases = this.recovering(
              T.CloseBrace,
              () => this.SUBRULE(this.selectCase),
              () => !this.next(T.State) && !outsideParsers.has(this.LA(1).tokenType),
            );
            this.CONSUME(T.CloseBrace, as("'}' after the cases"));
            return node({ kind: 'select', on: elements, cases: Object.freeze(cases), loc });
          },
        },
      ],
      ERR_MSG: "the name of a state or 'select'",
    });
  });

  protected readonly selectCase = this.RULE('selectCase', (): SelectCase => {
    const loc = this.here();
    const keys = this.SUBRULE(this.keySets);
    this.CONSUME(T.Colon, as("':' and the name of a state"));
    const next = nameOf(this.CONSUME(T.AnyName, as('the name of a state')));
    this.CONSUME(T.Semicolon, as("';' after the case"));
    return node({ keys, next, loc });
  });

  // ── controls ──

  protected readonly controlBody = this.RULE('controlBody', () => {
    this.CONSUME(T.OpenBrace);
    const locals = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.controlLocal),
      () => !this.next(T.Apply) && !topLevel.has(this.LA(1).tokenType),
    );
    this.CONSUME(T.Apply, as("'apply', which is what the control does, a declaration"));
    const body = this.SUBRULE(this.body);
    this.CONSUME(T.CloseBrace, as("'}' at the end of the control, after its apply block"));
    return { locals: Object.freeze(locals), body };
  });

  protected readonly controlLocal = this.RULE('controlLocal', (): ControlLocal => {
    const head = this.SUBRULE(this.head);
    return this.OR<ControlLocal>({
      DEF: [
        { ALT: () => this.SUBRULE(this.constant, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.action, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.table, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.variableOrInstance, { ARGS: [head] }) },
      ],
      ERR_MSG: "an action, a table, a constant, a variable, an instance or 'apply'",
    });
  });

  protected readonly action = this.RULE('action', (head: Head): ActionDecl => {
    this.CONSUME(T.Action);
    const name = nameOf(this.CONSUME(T.AnyName, as('a name for the action')));
    const { depth } = this.scope;
    this.scope.push();
    const params = this.SUBRULE(this.params);
    const body = this.SUBRULE(this.body);
    this.scope.popTo(depth);
    this.ACTION(() => this.scope.declareValue(name.text));
    return node({ kind: 'action', ...head, name, params, body });
  });

  // ── tables ──

  protected readonly table = this.RULE('table', (head: Head): TableDecl => {
    this.CONSUME(T.Table);
    const name = nameOf(this.CONSUME(T.AnyName, as('a name for the table')));
    this.CONSUME(T.OpenBrace, as("'{' and the properties of the table"));
    const properties = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.tableProperty),
      () => !outsideBlocks.has(this.LA(1).tokenType),
    );
    this.CONSUME(T.CloseBrace, as("'}' at the end of the table"));
    this.ACTION(() => this.scope.declareValue(name.text));
    return node({ kind: 'table', ...head, name, properties: Object.freeze(properties) });
  });

  protected readonly tableProperty = this.RULE('tableProperty', (): TableProperty => {
    const { annotations, loc } = this.SUBRULE(this.head);
    const isConst = this.OPTION(() => this.CONSUME(T.Const)) !== undefined;
    return this.OR<TableProperty>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Key);
            this.#plain('The key of a table', annotations, isConst);
            const keys = this.SUBRULE(this.tableKeys);
            return node({ kind: 'key', keys, loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Actions);
            this.#plain('The list of actions', annotations, isConst);
            const actions = this.SUBRULE(this.tableActions);
            return node({ kind: 'actions', actions, loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Entries);
            const entries = this.SUBRULE(this.tableEntries);
            return node({ kind: 'entries', annotations, const: isConst, entries, loc });
          },
        },
        {
          ALT: () => {
            const name = nameOf(this.CONSUME(T.PropertyName));
            this.CONSUME(T.Assign, as("'=' and the value of the property"));
            const value = this.SUBRULE(this.expression);
            this.CONSUME(T.Semicolon, as("';' after the property"));
            return node({ kind: 'property', annotations, const: isConst, name, value, loc });
          },
        },
      ],
      ERR_MSG: "a property of the table, such as 'key', 'actions' or 'default_action'",
    });
  });

  /** Annotations and `const` are not in front of every property. */
  #plain(what: string, annotations: readonly Annotation[], isConst: boolean): void {
    this.noAnnotations(what, annotations);
    if (isConst) this.complain("a property that can be 'const'", this.LA(0));
  }

  protected readonly tableKeys = this.RULE('tableKeys', (): readonly KeyElement[] => {
    this.CONSUME(T.Assign, as("'=' after 'key'"));
    this.CONSUME(T.OpenBrace, as("'{' and the keys of the table"));
    const keys = this.recovering(T.CloseBrace, () => this.SUBRULE(this.tableKey));
    this.CONSUME(T.CloseBrace, as("'}' after the keys"));
    return Object.freeze(keys);
  });

  protected readonly tableKey = this.RULE('tableKey', (): KeyElement => {
    const expr = this.SUBRULE(this.expression);
    this.CONSUME(T.Colon, as("':' and how the key is matched, such as 'exact'"));
    const match = nameOf(this.CONSUME(T.AnyName, as("how the key is matched, such as 'exact'")));
    const annotations = this.SUBRULE(this.annotations);
    this.CONSUME(T.Semicolon, as("';' after the key"));
    return node({ expr, match, annotations, loc: expr.loc });
  });

  protected readonly tableActions = this.RULE('tableActions', (): readonly ActionRef[] => {
    this.CONSUME(T.Assign, as("'=' after 'actions'"));
    this.CONSUME(T.OpenBrace, as("'{' and the actions of the table"));
    const actions = this.recovering(T.CloseBrace, () => this.SUBRULE(this.tableAction));
    this.CONSUME(T.CloseBrace, as("'}' after the actions"));
    return Object.freeze(actions);
  });

  protected readonly tableAction = this.RULE('tableAction', (): ActionRef => {
    const annotations = this.SUBRULE(this.annotations);
    const ref = this.SUBRULE(this.actionRef);
    this.CONSUME(T.Semicolon, as("';' after the action"));
    return node({ ...ref, annotations });
  });

  protected readonly actionRef = this.RULE('actionRef', () => {
    const path = this.SUBRULE(this.valuePath);
    const args = this.OPTION(() => this.SUBRULE(this.args));
    return { path, ...(args ? { args } : {}), loc: path.loc };
  });

  protected readonly tableEntries = this.RULE('tableEntries', (): readonly Entry[] => {
    this.CONSUME(T.Assign, as("'=' after 'entries'"));
    this.CONSUME(T.OpenBrace, as("'{' and the entries of the table"));
    const entries = this.recovering(T.CloseBrace, () => this.SUBRULE(this.entry));
    this.CONSUME(T.CloseBrace, as("'}' after the entries"));
    return Object.freeze(entries);
  });

  protected readonly entry = this.RULE('entry', (): Entry => {
    const loc = this.here();
    const isConst = this.OPTION1(() => this.CONSUME(T.Const)) !== undefined;
    const priority = this.OPTION2({
      GATE: () => this.next(T.Assign, 2),
      DEF: () => {
        this.CONSUME(T.Priority);
        this.CONSUME(T.Assign);
        const value = this.SUBRULE(this.expression);
        this.CONSUME1(T.Colon, as("':' after the priority"));
        return value;
      },
    });
    const keys = this.SUBRULE(this.keySets);
    this.CONSUME2(T.Colon, as("':' and the action of the entry"));
    const ref = this.SUBRULE(this.actionRef);
    const annotations = this.SUBRULE(this.annotations);
    this.CONSUME(T.Semicolon, as("';' after the entry"));
    return node({ const: isConst, ...(priority ? { priority } : {}), keys, action: node({ ...ref, annotations }), loc });
  });
}

const notInStates: Partial<Readonly<Record<Stmt['kind'], string>>> = {
  switch: 'a switch',
  for: 'a loop',
  'for-in': 'a loop',
  return: 'a return',
  exit: 'an exit',
  break: 'a break',
  continue: 'a continue',
};

/** Words that begin what is never in a parser: where one comes, the parser was not closed. */
const outsideParsers: ReadonlySet<TokenType> = new Set([...topLevel, T.Action, T.Table]);
