/** The grammar of types and annotations (P4-16 §7, §20). */
import { EOF, type ParserMethod } from 'chevrotain';
import type { Annotation, AnnotationToken, BaseType, Expr, FieldValue, Name, NamedType, Path, SizedType, TypeRef } from '../ast.js';
import type { Token } from '../lex.js';
import * as T from '../tokens.js';
import { as, GrammarBase, isBaseType, locOf, nameOf, node, unread } from './base.js';

export abstract class TypesGrammar extends GrammarBase {
  protected abstract readonly expression: ParserMethod<[beforeAngle?: boolean], Expr>;
  protected abstract readonly fieldValue: ParserMethod<[], FieldValue>;

  protected readonly typeRef = this.RULE('typeRef', (): TypeRef => {
    const loc = this.here();
    this.enter();
    let type = this.SUBRULE(this.elementType);
    let length = 0;
    this.MANY(() => {
      this.checkChain(length++);
      this.CONSUME(T.OpenBracket);
      const size = this.SUBRULE(this.expression);
      this.CONSUME(T.CloseBracket, as("']' after the size of the array"));
      type = node({ kind: 'array-type', element: type, size, loc });
    });
    this.leave();
    return type;
  });

  protected readonly elementType = this.RULE(
    'elementType',
    (): TypeRef =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.namedType) },
          { ALT: () => this.SUBRULE(this.sizedType) },
          { ALT: () => this.SUBRULE(this.baseType) },
          { ALT: () => this.SUBRULE(this.tupleType) },
          { ALT: () => this.SUBRULE(this.listType) },
        ],
        ERR_MSG: 'a type',
      }),
  );

  protected readonly namedType = this.RULE('namedType', (): NamedType => {
    const path = this.SUBRULE(this.typePath);
    const args = this.OPTION(() => this.SUBRULE(this.typeArgs));
    return node({ kind: 'named-type', path, ...(args ? { args } : {}), loc: path.loc });
  });

  protected readonly typePath = this.RULE('typePath', (): Path => {
    const loc = this.here();
    const absolute = this.OPTION(() => this.CONSUME(T.Dot)) !== undefined;
    return node({ absolute, name: nameOf(this.CONSUME(T.Identifier, as('the name of a type'))), loc });
  });

  protected readonly sizedType = this.RULE('sizedType', (): SizedType | BaseType => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.Bit) }, { ALT: () => this.CONSUME(T.Int) }, { ALT: () => this.CONSUME(T.Varbit) }]);
    const name = token.image as SizedType['name'];
    const loc = locOf(token);
    if (name === 'varbit' && !this.next(T.Less)) this.complain("'<' and the largest width after 'varbit'");
    const width = this.OPTION(() => {
      this.CONSUME(T.Less);
      const bits = this.SUBRULE(this.expression, { ARGS: [true] });
      this.CONSUME(T.CloseAngle, as("'>' after the width"));
      return bits;
    });
    if (width) return node({ kind: 'sized-type', name, width, loc });
    return node({ kind: 'base-type', name: name === 'varbit' ? 'bit' : name, loc });
  });

  protected readonly baseType = this.RULE('baseType', (): BaseType => {
    const token = this.OR([
      { ALT: () => this.CONSUME(T.Bool) },
      { ALT: () => this.CONSUME(T.ErrorWord) },
      { ALT: () => this.CONSUME(T.MatchKind) },
      { ALT: () => this.CONSUME(T.StringWord) },
    ]);
    return node({ kind: 'base-type', name: token.image as BaseType['name'], loc: locOf(token) });
  });

  protected readonly tupleType = this.RULE('tupleType', (): TypeRef => {
    const loc = locOf(this.CONSUME(T.Tuple));
    return node({ kind: 'tuple-type', elements: this.SUBRULE(this.typeArgs), loc });
  });

  protected readonly listType = this.RULE('listType', (): TypeRef => {
    const loc = locOf(this.CONSUME(T.List));
    this.CONSUME(T.Less, as("'<' and the type of the elements after 'list'"));
    const element = this.SUBRULE(this.typeArg);
    this.CONSUME(T.CloseAngle, as("'>' after the type of the elements"));
    return node({ kind: 'list-type', element, loc });
  });

  /** `<…>` after a type or a function. */
  protected readonly typeArgs = this.RULE('typeArgs', (): readonly TypeRef[] => {
    const args: TypeRef[] = [];
    this.CONSUME(T.Less, as("'<' and types"));
    this.MANY_SEP({ SEP: T.Comma, DEF: () => args.push(this.SUBRULE(this.typeArg)) });
    this.CONSUME(T.CloseAngle, as("'>' after the type arguments"));
    return Object.freeze(args);
  });

  protected readonly typeArg = this.RULE(
    'typeArg',
    (): TypeRef =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.typeRef) },
          { ALT: () => node({ kind: 'void-type' as const, loc: locOf(this.CONSUME(T.Void)) }) },
          { ALT: () => node({ kind: 'dont-care-type' as const, loc: locOf(this.CONSUME(T.DontCare)) }) },
        ],
        ERR_MSG: 'a type',
      }),
  );

  /** What a function returns: a type, also one that is a parameter of the function, or `void`. */
  protected readonly returnType = this.RULE(
    'returnType',
    (): TypeRef =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.typeRef) },
          { ALT: () => node({ kind: 'void-type' as const, loc: locOf(this.CONSUME(T.Void)) }) },
        ],
        ERR_MSG: "a type or 'void'",
      }),
  );

  /** `<A, B>` after what is declared, or nothing. They are types from here on. */
  protected readonly typeParams = this.RULE('typeParams', (): readonly Name[] => {
    const names: Name[] = [];
    this.OPTION(() => {
      this.CONSUME(T.Less);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => names.push(nameOf(this.CONSUME(T.AnyName))),
        ERR_MSG: 'the name of a type parameter',
      });
      this.CONSUME(T.CloseAngle, as("'>' after the type parameters"));
    });
    this.ACTION(() => {
      for (const { text } of names) this.scope.declareType(text);
    });
    return Object.freeze(names);
  });

  /** A name that is declared, with the sizes that may follow it: `bit<8> stack[4]` is `bit<8>[4] stack`. */
  protected readonly declarator = this.RULE('declarator', (type: TypeRef = unread): { readonly name: Name; readonly type: TypeRef } => {
    const name = nameOf(this.CONSUME(T.AnyName));
    const sizes: Expr[] = [];
    this.MANY(() => {
      this.checkChain(sizes.length);
      this.CONSUME(T.OpenBracket);
      sizes.push(this.SUBRULE(this.expression));
      this.CONSUME(T.CloseBracket, as("']' after the size of the array"));
    });
    return { name, type: sizes.reduce<TypeRef>((element, size) => node({ kind: 'array-type', element, size, loc: element.loc }), type) };
  });

  // ── annotations ──

  protected readonly annotations = this.RULE('annotations', (): readonly Annotation[] => {
    let all: Annotation[] | undefined;
    this.MANY(() => {
      const one = this.SUBRULE(this.annotation);
      if (all) all.push(one);
      else all = [one];
    });
    return all ? Object.freeze(all) : none;
  });

  protected readonly annotation = this.RULE(
    'annotation',
    (): Annotation => this.OR([{ ALT: () => this.SUBRULE(this.pragma) }, { ALT: () => this.SUBRULE(this.ordinaryAnnotation) }]),
  );

  protected readonly ordinaryAnnotation = this.RULE('ordinaryAnnotation', (): Annotation => {
    const loc = locOf(this.CONSUME(T.At));
    const name = this.CONSUME(T.AnnotationName).image;
    return (
      this.OPTION(() =>
        this.OR([
          {
            ALT: (): Annotation => {
              this.CONSUME(T.OpenParen);
              const body = this.SUBRULE(this.annotationBody);
              this.CONSUME(T.CloseParen, as("')' after the annotation"));
              return node({ kind: 'free', name, body, loc });
            },
          },
          {
            ALT: (): Annotation => {
              this.CONSUME(T.OpenBracket);
              const content = this.SUBRULE(this.annotationElements);
              this.CONSUME(T.CloseBracket, as("']' after the annotation"));
              return node({ kind: 'structured', name, ...content, loc });
            },
          },
        ]),
      ) ?? node({ kind: 'free', name, loc })
    );
  });

  /** `@pragma name …` to the end of the line. */
  protected readonly pragma = this.RULE('pragma', (): Annotation => {
    const loc = locOf(this.CONSUME(T.Pragma));
    const name = this.CONSUME(T.AnnotationName).image;
    const body = this.SUBRULE(this.annotationBody);
    this.CONSUME(T.EndPragma);
    return node({ kind: 'free', name, body, loc });
  });

  /** Any words, with parentheses in pairs. It has no alternatives: it ends before the word that closes it. */
  protected readonly annotationBody = this.RULE('annotationBody', (): readonly AnnotationToken[] => {
    const body: AnnotationToken[] = [];
    this.ACTION(() => {
      for (let depth = 0; ; this.SKIP_TOKEN()) {
        const token = this.LA(1) as Token;
        const { tokenType: type } = token;
        if (type === EOF || type === T.EndPragma || (type === T.CloseParen && depth === 0)) break;
        if (type === T.OpenParen) depth++;
        if (type === T.CloseParen) depth--;
        body.push(annotationToken(token));
      }
    });
    return Object.freeze(body);
  });

  protected readonly annotationElements = this.RULE(
    'annotationElements',
    (): { readonly elements: readonly Expr[]; readonly pairs: readonly FieldValue[] } => {
      const elements: Expr[] = [];
      const pairs: FieldValue[] = [];
      const isPairs = this.next(T.Assign, 2);
      let more = true;
      this.MANY({
        GATE: () => more,
        DEF: () => {
          this.OR({
            DEF: [
              { GATE: () => isPairs, ALT: () => pairs.push(this.SUBRULE(this.fieldValue)) },
              { GATE: () => !isPairs, ALT: () => elements.push(this.SUBRULE(this.expression)) },
            ],
            ERR_MSG: isPairs ? "a name and '='" : 'an expression',
          });
          more = this.OPTION(() => this.CONSUME(T.Comma)) !== undefined;
        },
      });
      return { elements: Object.freeze(elements), pairs: Object.freeze(pairs) };
    },
  );

  /** Whether what begins at the next word declares something: a type and a name after it. */
  protected beginsDeclaration(): boolean {
    const { tokenType: type } = this.LA(1);
    if (isBaseType(type)) return !(type === T.ErrorWord && this.next(T.Dot, 2));
    const behind = this.behindType(1);
    if (behind === 0) return false;
    if (this.beginsType(1)) return !this.next(T.Dot, behind);
    // A type that is not known is one all the same, where a name follows.
    return this.next(T.AnyName, behind) && this.LA(behind).tokenType !== T.Apply;
  }
}

const none: readonly Annotation[] = Object.freeze([]);

function annotationToken({ tokenType: type, image, loc, spaced = false }: Token): AnnotationToken {
  if (type === T.StringLiteral) return node({ kind: 'string', text: image.slice(1, -1), spaced, loc });
  if (type === T.Integer) return node({ kind: 'number', text: image, spaced, loc });
  return node({ kind: /^[A-Za-z_]/.test(image) ? 'word' : 'symbol', text: image, spaced, loc });
}
