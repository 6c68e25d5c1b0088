/** The grammar of expressions (P4-16 §8). */
import type { IToken, ParserMethod } from 'chevrotain';
import type { Argument, BinaryOp, Expr, FieldValue, KeySet, ListExpr, Path, StructExpr, UnaryOp } from '../ast.js';
import { readNumber } from '../literals.js';
import * as T from '../tokens.js';
import { as, isBaseType, locOf, nameOf, node, unread } from './base.js';
import { TypesGrammar } from './types.js';

/** How tightly operators bind (P4-16 §8, appendix G): all of them group to the left. */
const precedence: Readonly<Record<BinaryOp, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '++': 9,
  '+': 9,
  '-': 9,
  '|+|': 9,
  '|-|': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

interface Operator {
  readonly op: BinaryOp;
  readonly token: IToken;
}

export abstract class ExpressionsGrammar extends TypesGrammar {
  /** With `beforeAngle`, a `>` ends it, which closes the list that the expression is in. */
  protected readonly expression: ParserMethod<[beforeAngle?: boolean], Expr> = this.RULE('expression', (beforeAngle = false): Expr => {
    this.enter();
    const outside = this.beforeAngle;
    this.beforeAngle = beforeAngle;
    let expr = this.SUBRULE(this.binary);
    this.OPTION(() => {
      this.CONSUME(T.Question);
      const yes = this.SUBRULE1(this.expression);
      this.CONSUME(T.Colon, as("':' and what is chosen otherwise"));
      expr = node({ kind: 'mux', cond: expr, yes, no: this.SUBRULE2(this.expression, { ARGS: [beforeAngle] }), loc: expr.loc });
    });
    this.beforeAngle = outside;
    this.leave();
    return expr;
  });

  /** Operands with operators between them. */
  protected readonly binary = this.RULE('binary', (): Expr => {
    const operands = [this.SUBRULE1(this.unary)];
    const operators: Operator[] = [];
    this.MANY({
      GATE: () => !(this.beforeAngle && this.next(T.CloseAngle)),
      DEF: () => {
        this.checkChain(operators.length);
        const token = this.CONSUME(T.BinaryOperator);
        const shift = token.tokenType === T.ShiftRight;
        this.OPTION({ GATE: () => shift, DEF: () => this.CONSUME(T.Greater) });
        operators.push({ op: shift ? '>>' : (token.image as BinaryOp), token });
        operands.push(this.SUBRULE2(this.unary));
      },
    });
    return operators.length === 0 ? (operands[0] as Expr) : this.ACTION(() => group(operands, operators));
  });

  protected readonly unary = this.RULE('unary', (): Expr => {
    const prefixes: IToken[] = [];
    this.MANY(() => {
      this.checkChain(prefixes.length);
      prefixes.push(this.CONSUME(T.PrefixOperator));
    });
    const arg = this.OR({
      DEF: [{ GATE: () => this.#beginsCast(), ALT: () => this.SUBRULE(this.cast) }, { ALT: () => this.SUBRULE(this.postfix) }],
      ERR_MSG: 'an expression',
    });
    return prefixes.reduceRight<Expr>((of, token) => node({ kind: 'unary', op: token.image as UnaryOp, arg: of, loc: locOf(token) }), arg);
  });

  protected readonly cast = this.RULE('cast', (): Expr => {
    const loc = locOf(this.CONSUME(T.OpenParen));
    const type = this.SUBRULE(this.typeRef);
    this.CONSUME(T.CloseParen, as("')' after the type"));
    this.enter();
    const arg = this.SUBRULE(this.unary);
    this.leave();
    return node({ kind: 'cast', type, arg, loc });
  });

  /** A value with members, indices, slices and calls after it. */
  protected readonly postfix = this.RULE('postfix', (): Expr => {
    let expr = this.SUBRULE(this.primary);
    let length = 0;
    this.MANY({
      GATE: () => !this.next(T.Less) || this.#beginsTypeArgs(),
      DEF: () => {
        this.checkChain(length++);
        expr = this.OR([
          { ALT: () => this.SUBRULE(this.selector, { ARGS: [expr] }) },
          { ALT: () => this.SUBRULE(this.call, { ARGS: [expr] }) },
        ]);
      },
    });
    return expr;
  });

  /** `.member`, `[index]`, `[high:low]` or `[low+:width]` after `base`. */
  protected readonly selector = this.RULE(
    'selector',
    (base: Expr = unread): Expr =>
      this.OR([
        {
          ALT: (): Expr => {
            this.CONSUME(T.Dot);
            const member = nameOf(this.CONSUME(T.AnyName, as('the name of a member')));
            return node({ kind: 'member', base, member, loc: base.loc });
          },
        },
        {
          ALT: (): Expr => {
            this.CONSUME(T.OpenBracket);
            const result = this.SUBRULE(this.bounds, { ARGS: [base] });
            this.CONSUME(T.CloseBracket, as("']' after the index"));
            return result;
          },
        },
      ]),
  );

  protected readonly bounds = this.RULE('bounds', (base: Expr = unread): Expr => {
    const first = this.SUBRULE1(this.expression);
    const { loc } = base;
    return (
      this.OPTION(() =>
        this.OR([
          {
            ALT: (): Expr => {
              this.CONSUME(T.Colon);
              return node({ kind: 'slice', base, high: first, low: this.SUBRULE2(this.expression), loc });
            },
          },
          {
            ALT: (): Expr => {
              this.CONSUME(T.PlusColon);
              return node({ kind: 'plus-slice', base, low: first, width: this.SUBRULE3(this.expression), loc });
            },
          },
        ]),
      ) ?? node({ kind: 'index', base, index: first, loc })
    );
  });

  protected readonly call = this.RULE('call', (callee: Expr = unread): Expr => {
    const typeArgs = this.OPTION(() => this.SUBRULE(this.typeArgs));
    const args = this.SUBRULE(this.args);
    return node({ kind: 'call', callee, ...(typeArgs ? { typeArgs } : {}), args, loc: callee.loc });
  });

  /** Arguments in parentheses. */
  protected readonly args = this.RULE('args', (): readonly Argument[] => {
    const args: Argument[] = [];
    this.CONSUME(T.OpenParen, as("'(' and arguments"));
    this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.argument)) });
    this.CONSUME(T.CloseParen, as("',' or ')' after the argument"));
    return Object.freeze(args);
  });

  protected readonly argument = this.RULE('argument', (): Argument => {
    const loc = this.here();
    const name = this.OPTION({
      GATE: () => this.next(T.Assign, 2),
      DEF: () => {
        const token = this.CONSUME(T.AnyName);
        this.CONSUME(T.Assign);
        return nameOf(token);
      },
    });
    const value = this.OR({
      DEF: [{ ALT: () => void this.CONSUME(T.DontCare) }, { ALT: () => this.SUBRULE(this.expression) }],
      ERR_MSG: 'an argument',
    });
    return node({ ...(name ? { name } : {}), ...(value ? { value } : {}), loc });
  });

  protected readonly primary: ParserMethod<[], Expr> = this.RULE('primary', (): Expr => {
    const loc = this.here();
    return this.OR<Expr>({
      DEF: [
        { GATE: () => this.beginsType(1), ALT: () => this.SUBRULE(this.typeValue) },
        { ALT: () => node({ kind: 'name', path: this.SUBRULE(this.valuePath), loc }) },
        { ALT: () => this.#integer(this.CONSUME(T.Integer)) },
        { ALT: () => node({ kind: 'bool', value: this.CONSUME(T.True).image === 'true', loc }) },
        { ALT: () => node({ kind: 'bool', value: this.CONSUME(T.False).image === 'true', loc }) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.braces) },
        { ALT: () => node({ kind: 'string', value: this.CONSUME(T.StringLiteral).image.slice(1, -1), loc }) },
        {
          ALT: () => {
            this.CONSUME(T.This);
            return node({ kind: 'this', loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.InvalidHeader);
            return node({ kind: 'invalid', loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.Dots);
            return node({ kind: 'default', loc });
          },
        },
      ],
      ERR_MSG: 'an expression',
    });
  });

  protected readonly parenthesized = this.RULE('parenthesized', (): Expr => {
    this.CONSUME(T.OpenParen);
    const expr = this.SUBRULE(this.expression);
    this.CONSUME(T.CloseParen, as("')' after the expression"));
    return expr;
  });

  protected readonly valuePath = this.RULE('valuePath', (): Path => {
    const loc = this.here();
    const absolute = this.OPTION(() => this.CONSUME(T.Dot)) !== undefined;
    return node({ absolute, name: nameOf(this.CONSUME(T.ValueName)), loc });
  });

  /** A type before a dot, or before the arguments of its constructor. */
  protected readonly typeValue = this.RULE('typeValue', (): Expr => {
    const loc = this.here();
    const type = this.OR([
      {
        GATE: () => !isBaseType(this.LA(1).tokenType),
        ALT: () => this.SUBRULE(this.namedType),
      },
      { ALT: () => this.SUBRULE(this.elementType) },
    ]);
    const isConstructor = type.kind === 'named-type' && this.next(T.OpenParen);
    return this.OR2({
      DEF: [
        {
          GATE: () => isConstructor,
          ALT: (): Expr => {
            const args = this.SUBRULE(this.args);
            return node({ kind: 'construct', type: type as never, args, loc });
          },
        },
        {
          ALT: (): Expr => {
            this.CONSUME(T.Dot);
            const member = nameOf(this.CONSUME(T.AnyName, as('the name of a member')));
            return node({ kind: 'member', base: node({ kind: 'type', type: type as never, loc }), member, loc });
          },
        },
      ],
      ERR_MSG: type.kind === 'named-type' ? "'.' or '(' after the name of a type" : "'.' after the type",
    });
  });

  /** `{ a, b }`, `{ a = 1 }`, with a comma and `...` at the end if one likes. */
  protected readonly braces = this.RULE('braces', (): Expr => {
    const loc = locOf(this.CONSUME(T.OpenBrace));
    const isStruct = this.next(T.AnyName) && this.next(T.Assign, 2);
    const result = this.OR<Omit<ListExpr, 'loc'> | Omit<StructExpr, 'loc'>>([
      { GATE: () => isStruct, ALT: () => this.SUBRULE(this.structFields) },
      { ALT: () => this.SUBRULE(this.listElements) },
    ]);
    this.CONSUME(T.CloseBrace, as(isStruct ? "',' or '}' after the field" : "',' or '}' after the element"));
    return node({ ...result, loc });
  });

  protected readonly structFields = this.RULE('structFields', () => {
    const fields: FieldValue[] = [];
    let partial = false;
    let more = true;
    this.MANY({
      GATE: () => more && !partial,
      DEF: () => {
        this.OR([
          { ALT: () => fields.push(this.SUBRULE(this.fieldValue)) },
          {
            ALT: () => {
              this.CONSUME(T.Dots);
              partial = true;
            },
          },
        ]);
        more = this.OPTION(() => this.CONSUME(T.Comma)) !== undefined;
      },
    });
    return { kind: 'struct' as const, fields: Object.freeze(fields), partial };
  });

  protected readonly fieldValue = this.RULE('fieldValue', (): FieldValue => {
    const name = nameOf(this.CONSUME(T.AnyName));
    this.CONSUME(T.Assign, as("'=' after the name of the field"));
    return node({ name, value: this.SUBRULE(this.expression), loc: name.loc });
  });

  protected readonly listElements = this.RULE('listElements', () => {
    const elements: Expr[] = [];
    let more = true;
    this.MANY({
      GATE: () => more,
      DEF: () => {
        elements.push(this.SUBRULE(this.expression));
        more = this.OPTION(() => this.CONSUME(T.Comma)) !== undefined;
      },
    });
    return { kind: 'list' as const, elements: Object.freeze(elements) };
  });

  // ── sets (P4-16 §8.15) ──

  /** What a case of a select or an entry of a table matches, up to the colon. */
  protected readonly keySets = this.RULE('keySets', (): readonly KeySet[] => {
    const keys: KeySet[] = [];
    this.OR([
      {
        GATE: () => this.next(T.OpenParen) && this.next(T.Colon, this.behindBrackets(1) || 1),
        ALT: () => {
          this.CONSUME(T.OpenParen);
          this.AT_LEAST_ONE_SEP({
            SEP: T.Comma,
            DEF: () => keys.push(this.SUBRULE1(this.keySet)),
            ERR_MSG: 'a value, a mask, a range or _',
          });
          this.CONSUME(T.CloseParen, as("',' or ')' after the key"));
        },
      },
      { ALT: () => keys.push(this.SUBRULE2(this.keySet)) },
    ]);
    return Object.freeze(keys);
  });

  protected readonly keySet = this.RULE('keySet', (): KeySet => {
    const loc = this.here();
    return this.OR<KeySet>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Default);
            return node({ kind: 'any', loc });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.DontCare);
            return node({ kind: 'any', loc });
          },
        },
        { ALT: () => this.SUBRULE(this.valueSet) },
      ],
      ERR_MSG: 'a value, a mask, a range or _',
    });
  });

  protected readonly valueSet = this.RULE('valueSet', (): KeySet => {
    const value = this.SUBRULE1(this.expression);
    const { loc } = value;
    return (
      this.OPTION(() =>
        this.OR([
          {
            ALT: (): KeySet => {
              this.CONSUME(T.Mask);
              return node({ kind: 'mask', value, mask: this.SUBRULE2(this.expression), loc });
            },
          },
          {
            ALT: (): KeySet => {
              this.CONSUME(T.Range);
              return node({ kind: 'range', low: value, high: this.SUBRULE3(this.expression), loc });
            },
          },
        ]),
      ) ?? node({ kind: 'value', value, loc })
    );
  });

  #integer(token: IToken): Expr {
    const loc = locOf(token);
    const number = readNumber(token.image);
    if (!number && !this.RECORDING_PHASE) {
      const text = token.image.length > 40 ? `${token.image.slice(0, 37)}…` : token.image;
      this.diagnostics.report('p4-number', { text }, { loc });
    }
    return node({ kind: 'integer', ...(number ?? { value: 0n, signed: false, base: 10 }), loc });
  }

  /** Whether a type is in the parentheses. A name that is not known is one where no operator follows: `(Port)x`. */
  #beginsCast(): boolean {
    if (!this.next(T.OpenParen)) return false;
    const behind = this.behindType(2);
    if (behind === 0 || !this.next(T.CloseParen, behind)) return false;
    if (this.beginsType(2)) return true;
    return this.next(T.Integer, behind + 1) || this.next(T.Identifier, behind + 1) || this.next(T.OpenBrace, behind + 1);
  }

  /** Whether the next `<` begins the type arguments of a call. A list of one name cannot be anything else. */
  #beginsTypeArgs(): boolean {
    const behind = this.behindTypeArgs(1);
    if (behind === 0 || !this.next(T.OpenParen, behind)) return false;
    if (this.next(T.Void, 2) || this.next(T.DontCare, 2)) return true;
    if (!this.beginsType(2)) return this.LA(2).tokenType === T.Identifier && behind === 4;
    return !this.next(T.Dot, 3);
  }
}

/** Builds the tree of operands and operators: the tightest operators first, from the left. */
function group(operands: readonly Expr[], operators: readonly Operator[]): Expr {
  const values: Expr[] = [operands[0] as Expr];
  const waiting: Operator[] = [];
  const reduce = (): void => {
    const right = values.pop() as Expr;
    const left = values.pop() as Expr;
    const { op, token } = waiting.pop() as Operator;
    values.push(node({ kind: 'binary', op, opLoc: locOf(token), left, right, loc: left.loc }));
  };
  operators.forEach((operator, i) => {
    while (waiting.length > 0 && precedence[(waiting.at(-1) as Operator).op] >= precedence[operator.op]) reduce();
    waiting.push(operator);
    values.push(operands[i + 1] as Expr);
  });
  while (waiting.length > 0) reduce();
  return values[0] as Expr;
}
