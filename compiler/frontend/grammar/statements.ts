/** The grammar of statements, and of what may be declared among them (P4-16 §11, §12). */
import type { ParserMethod, TokenType } from 'chevrotain';
import type {
  Annotation,
  ArithmeticOp,
  AssignStmt,
  BlockStmt,
  CallStmt,
  ConstantDecl,
  Expr,
  ForInStmt,
  ForStmt,
  FunctionDecl,
  IfStmt,
  InstanceDecl,
  Stmt,
  SwitchCase,
  TypeRef,
  VariableDecl,
} from '../ast.js';
import * as T from '../tokens.js';
import { as, locOf, node, topLevel } from './base.js';
import type { Head } from './declaration-head.js';
import { ExpressionsGrammar } from './expressions.js';

export abstract class StatementsGrammar extends ExpressionsGrammar {
  protected abstract readonly head: ParserMethod<[], Head>;
  protected abstract readonly functionRest: ParserMethod<[Head], FunctionDecl>;

  protected readonly block: ParserMethod<[readonly Annotation[]], BlockStmt> = this.RULE(
    'block',
    (annotations: readonly Annotation[]): BlockStmt => {
      const loc = locOf(this.CONSUME(T.OpenBrace));
      const { depth } = this.scope;
      this.scope.push();
      const body = this.recovering(
        T.CloseBrace,
        () => this.SUBRULE(this.statement),
        () => !outsideBlocks.has(this.LA(1).tokenType),
      );
      this.CONSUME(T.CloseBrace, as("'}' at the end of the block"));
      this.scope.popTo(depth);
      return node({ kind: 'block', annotations, body: Object.freeze(body), loc });
    },
  );

  /** What an action, a function or a control does. */
  protected readonly body = this.RULE('body', (): BlockStmt => {
    const annotations = this.SUBRULE(this.annotations);
    return this.SUBRULE(this.block, { ARGS: [annotations] });
  });

  /** A statement, or what is declared among statements. */
  protected readonly statement: ParserMethod<[], Stmt> = this.RULE('statement', (): Stmt => {
    const head = this.SUBRULE(this.head);
    const { annotations, doc, loc } = head;
    const declares = this.beginsDeclaration();
    this.enter();
    const statement = this.OR<Stmt>({
      DEF: [
        { GATE: () => declares, ALT: () => this.SUBRULE(this.variableOrInstance, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.assignmentOrCall) },
        { ALT: () => this.SUBRULE(this.conditional) },
        { ALT: () => this.SUBRULE(this.block, { ARGS: [annotations] }) },
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            return node({ kind: 'empty', loc });
          },
        },
        { ALT: () => this.SUBRULE(this.returning) },
        { ALT: () => this.SUBRULE(this.jump) },
        { ALT: () => this.SUBRULE(this.switching) },
        { ALT: () => this.SUBRULE(this.loop, { ARGS: [annotations] }) },
        { ALT: () => this.SUBRULE(this.constant, { ARGS: [head] }) },
      ],
      ERR_MSG: 'a statement',
    });
    this.leave();
    if (this.RECORDING_PHASE) return statement;
    if (!annotated.has(statement.kind)) this.noAnnotations('This statement', annotations);
    return doc === undefined ? statement : node({ ...statement, doc });
  });

  protected readonly assignmentOrCall = this.RULE('assignmentOrCall', (): AssignStmt | CallStmt => {
    const statement = this.SUBRULE(this.assignmentOrCallPart);
    this.CONSUME(T.Semicolon, as(`';' after the ${statement.kind === 'assign' ? 'assignment' : 'call'}`));
    return statement;
  });

  /** Without the semicolon. */
  protected readonly assignmentOrCallPart = this.RULE('assignmentOrCallPart', (): AssignStmt | CallStmt => {
    const target = this.SUBRULE(this.lvalue);
    const { loc } = target;
    return this.OR<AssignStmt | CallStmt>({
      DEF: [
        {
          ALT: () => {
            const call = this.SUBRULE(this.call, { ARGS: [target] }) as CallStmt['call'];
            return node({ kind: 'call-statement', call, loc });
          },
        },
        {
          ALT: () => {
            const { image } = this.CONSUME(T.AssignmentOperator);
            const value = this.SUBRULE(this.expression);
            const op = image === '=' ? {} : { op: image.slice(0, -1) as ArithmeticOp };
            return node({ kind: 'assign', target, ...op, value, loc });
          },
        },
      ],
      ERR_MSG: this.next(T.In) ? 'a type before the name of the variable' : "'=' or the arguments of a call",
    });
  });

  /** What can be assigned to or called. */
  protected readonly lvalue: ParserMethod<[], Expr> = this.RULE('lvalue', (): Expr => {
    const loc = this.here();
    let expr = this.OR<Expr>({
      DEF: [
        { GATE: () => this.beginsType(1), ALT: () => this.SUBRULE(this.typeValue) },
        // What follows a name that is not known tells whether it should be a type: `Unknown<bit<8>>.apply()`.
        { GATE: () => this.next(T.Dot, this.behindType(1)) && this.next(T.Less, 2), ALT: () => this.SUBRULE1(this.typeValue) },
        { ALT: () => node({ kind: 'name', path: this.SUBRULE(this.valuePath), loc }) },
        {
          ALT: () => {
            this.CONSUME(T.This);
            return node({ kind: 'this', loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.OpenParen);
            this.enter();
            const inner = this.SUBRULE(this.lvalue);
            this.leave();
            this.CONSUME(T.CloseParen, as("')' after what is assigned to"));
            return inner;
          },
        },
      ],
      ERR_MSG: 'a statement',
    });
    let length = 0;
    this.MANY(() => {
      this.checkChain(length++);
      expr = this.SUBRULE(this.selector, { ARGS: [expr] });
    });
    return expr;
  });

  /** `if` with all the `else if` after it. */
  protected readonly conditional = this.RULE('conditional', (): IfStmt => {
    const branches: Omit<IfStmt, 'kind' | 'else'>[] = [this.SUBRULE1(this.branch)];
    let otherwise: Stmt | undefined;
    this.MANY({
      GATE: () => otherwise === undefined,
      DEF: () => {
        this.checkChain(branches.length);
        this.CONSUME(T.Else);
        this.OR([
          { GATE: () => this.next(T.If), ALT: () => branches.push(this.SUBRULE2(this.branch)) },
          {
            ALT: () => {
              otherwise = this.SUBRULE(this.statement);
            },
          },
        ]);
      },
    });
    return branches.reduceRight<Stmt | undefined>(
      (rest, branch) => node({ kind: 'if', ...branch, ...(rest ? { else: rest } : {}) }),
      otherwise,
    ) as IfStmt;
  });

  protected readonly branch = this.RULE('branch', () => {
    const loc = locOf(this.CONSUME(T.If));
    this.CONSUME(T.OpenParen, as("'(' and a condition after 'if'"));
    const cond = this.SUBRULE(this.expression);
    this.CONSUME(T.CloseParen, as("')' after the condition"));
    return { cond, then: this.SUBRULE(this.statement), loc };
  });

  protected readonly returning = this.RULE('returning', (): Stmt => {
    const loc = locOf(this.CONSUME(T.Return));
    const value = this.OPTION(() => this.SUBRULE(this.expression));
    this.CONSUME(T.Semicolon, as("';' after 'return'"));
    return node({ kind: 'return', ...(value ? { value } : {}), loc });
  });

  protected readonly jump = this.RULE('jump', (): Stmt => {
    const token = this.OR([
      { ALT: () => this.CONSUME(T.Exit) },
      { ALT: () => this.CONSUME(T.Break) },
      { ALT: () => this.CONSUME(T.Continue) },
    ]);
    const kind = token.image as 'exit' | 'break' | 'continue';
    this.CONSUME(T.Semicolon, as(`';' after '${kind}'`));
    return node({ kind, loc: locOf(token) });
  });

  protected readonly switching = this.RULE('switching', (): Stmt => {
    const loc = locOf(this.CONSUME(T.Switch));
    this.CONSUME(T.OpenParen, as("'(' and an expression after 'switch'"));
    const on = this.SUBRULE(this.expression);
    this.CONSUME(T.CloseParen, as("')' after the expression"));
    this.CONSUME(T.OpenBrace, as("'{' and the cases of the switch"));
    const cases = this.recovering(T.CloseBrace, () => this.SUBRULE(this.switchCase));
    this.CONSUME(T.CloseBrace, as("'}' at the end of the switch"));
    return node({ kind: 'switch', on, cases: Object.freeze(cases), loc });
  });

  protected readonly switchCase = this.RULE('switchCase', (): SwitchCase => {
    const loc = this.here();
    const label = this.OR<Expr | undefined>({
      DEF: [{ ALT: () => void this.CONSUME(T.Default) }, { GATE: () => !this.next(T.OpenBrace), ALT: () => this.SUBRULE(this.expression) }],
      ERR_MSG: "a value or 'default'",
    });
    this.CONSUME(T.Colon, as("':' after the label"));
    const body = this.OPTION(() => this.SUBRULE(this.body));
    return node({ ...(label ? { label } : {}), ...(body ? { body } : {}), loc });
  });

  protected readonly loop = this.RULE('loop', (annotations: readonly Annotation[]): Stmt => {
    const loc = locOf(this.CONSUME(T.For));
    const { depth } = this.scope;
    this.scope.push();
    this.CONSUME(T.OpenParen, as("'(' after 'for'"));
    const init: ForStmt['init'][number][] = [];
    let over: Pick<ForInStmt, 'over' | 'to'> | undefined;
    this.OPTION1(() => {
      init.push(this.SUBRULE1(this.loopStart));
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(T.In);
            over = this.SUBRULE(this.collection);
          },
        },
        {
          ALT: () =>
            this.MANY1(() => {
              this.CONSUME(T.Comma);
              init.push(this.SUBRULE2(this.loopStart));
            }),
        },
      ]);
    });
    const [variable] = init;
    if (over && (variable?.kind !== 'variable' || variable.init)) this.complain("the type and name of a variable before 'in'", this.LA(0));
    const rest = this.OR2([{ GATE: () => over !== undefined, ALT: () => undefined }, { ALT: () => this.SUBRULE(this.loopControl) }]);
    this.CONSUME(T.CloseParen, as("')' after the head of the loop"));
    const body = this.SUBRULE(this.statement);
    this.scope.popTo(depth);
    if (over) return node({ kind: 'for-in', annotations, variable: variable as VariableDecl, ...over, body, loc });
    return node({ kind: 'for', annotations, init: Object.freeze(init), ...(rest as Pick<ForStmt, 'cond' | 'update'>), body, loc });
  });

  protected readonly loopStart = this.RULE('loopStart', (): VariableDecl | AssignStmt | CallStmt => {
    const head = this.SUBRULE(this.head);
    const declares = this.beginsDeclaration();
    return this.OR<VariableDecl | AssignStmt | CallStmt>([
      {
        GATE: () => declares,
        ALT: () => {
          const type = this.SUBRULE(this.typeRef);
          return this.SUBRULE(this.variableRest, { ARGS: [head, type] });
        },
      },
      { ALT: () => this.SUBRULE(this.assignmentOrCallPart) },
    ]);
  });

  protected readonly loopControl = this.RULE('loopControl', (): Pick<ForStmt, 'cond' | 'update'> => {
    this.CONSUME1(T.Semicolon, as("';' after what is done first"));
    const cond = this.SUBRULE(this.expression);
    this.CONSUME2(T.Semicolon, as("';' after the condition"));
    const update: (AssignStmt | CallStmt)[] = [];
    this.MANY_SEP({ SEP: T.Comma, DEF: () => update.push(this.SUBRULE(this.assignmentOrCallPart)) });
    return { cond, update: Object.freeze(update) };
  });

  protected readonly collection = this.RULE('collection', (): Pick<ForInStmt, 'over' | 'to'> => {
    const over = this.SUBRULE1(this.expression);
    const to = this.OPTION(() => {
      this.CONSUME(T.Range);
      return this.SUBRULE2(this.expression);
    });
    return { over, ...(to ? { to } : {}) };
  });

  // ── what is declared among statements ──

  protected readonly constant = this.RULE('constant', (head: Head): ConstantDecl => {
    this.CONSUME(T.Const);
    const written = this.SUBRULE(this.typeRef);
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
    this.CONSUME(T.Assign, as("'=' and the value of the constant"));
    const value = this.SUBRULE(this.expression);
    this.CONSUME(T.Semicolon, as("';' after the constant"));
    this.ACTION(() => this.scope.declareValue(name.text));
    return node({ kind: 'constant', ...head, name, type, value });
  });

  /** A variable, or what the grammar takes for one where instances are not allowed: an instance. */
  protected readonly variableOrInstance = this.RULE('variableOrInstance', (head: Head): VariableDecl | InstanceDecl => {
    const type = this.SUBRULE(this.typeRef);
    return this.OR<VariableDecl | InstanceDecl>({
      DEF: [
        { ALT: () => this.SUBRULE(this.instanceRest, { ARGS: [head, type] }) },
        {
          ALT: () => {
            const variable = this.SUBRULE(this.variableRest, { ARGS: [head, type] });
            this.CONSUME(T.Semicolon, as("';' after the variable"));
            return variable;
          },
        },
      ],
      ERR_MSG: 'a name after the type',
    });
  });

  protected readonly variableRest = this.RULE('variableRest', (head: Head, written: TypeRef): VariableDecl => {
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
    const init = this.OPTION(() => {
      this.CONSUME(T.Assign);
      return this.SUBRULE(this.expression);
    });
    this.ACTION(() => this.scope.declareValue(name.text));
    return node({ kind: 'variable', ...head, name, type, ...(init ? { init } : {}) });
  });

  /** After the type of an instance. */
  protected readonly instanceRest: ParserMethod<[Head, TypeRef], InstanceDecl> = this.RULE(
    'instanceRest',
    (head: Head, written: TypeRef): InstanceDecl => {
      const args = this.SUBRULE(this.args);
      const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
      const members = this.OPTION(() => {
        this.CONSUME(T.Assign);
        return this.SUBRULE(this.instanceBody);
      });
      this.CONSUME(T.Semicolon, as("';' after the instance"));
      this.ACTION(() => this.scope.declareValue(name.text));
      return node({ kind: 'instance', ...head, type, args, name, ...(members ? { members } : {}) });
    },
  );

  protected readonly instanceBody = this.RULE('instanceBody', (): readonly (FunctionDecl | InstanceDecl)[] => {
    this.CONSUME(T.OpenBrace, as("'{' and what the instance implements"));
    const { depth } = this.scope;
    this.scope.push();
    const members = this.recovering(T.CloseBrace, () => this.SUBRULE(this.instanceMember));
    this.CONSUME(T.CloseBrace, as("'}' after what the instance implements"));
    this.scope.popTo(depth);
    return Object.freeze(members);
  });

  protected readonly instanceMember = this.RULE('instanceMember', (): FunctionDecl | InstanceDecl => {
    const head = this.SUBRULE(this.head);
    const isInstance = this.next(T.OpenParen, this.behindType(1) || 1) && !this.next(T.OpenParen);
    return this.OR<FunctionDecl | InstanceDecl>({
      DEF: [
        {
          GATE: () => isInstance,
          ALT: () => {
            const type = this.SUBRULE(this.typeRef);
            return this.SUBRULE(this.instanceRest, { ARGS: [head, type] });
          },
        },
        { ALT: () => this.SUBRULE(this.functionRest, { ARGS: [head] }) },
      ],
      ERR_MSG: 'a function or an instance',
    });
  });
}

const annotated: ReadonlySet<Stmt['kind']> = new Set<Stmt['kind']>(['block', 'for', 'for-in', 'variable', 'constant', 'instance']);

/** Words that begin what is never in a block: where one comes, the block was not closed. */
export const outsideBlocks: ReadonlySet<TokenType> = new Set([...topLevel, T.Action, T.Table, T.Transition]);
