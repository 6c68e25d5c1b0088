/** The grammar of declarations and of whole programs (P4-16 §6.5, §7). */
import { EOF, type IToken, type ParserMethod } from 'chevrotain';
import type { Diagnostics } from '../../support/diagnostics.js';
import { docAbove } from '../../support/doc-comments.js';
import type {
  ConstructorDecl,
  Decl,
  DerivedTypeDecl,
  Direction,
  EnumDecl,
  EnumMember,
  ExternDecl,
  ExternFunctionDecl,
  FieldDecl,
  FunctionDecl,
  MethodDecl,
  Name,
  NewtypeDecl,
  PackageDecl,
  Param,
  StructLikeDecl,
  TypedefDecl,
} from '../ast.js';
import type { Token } from '../lex.js';
import { isLibrary } from '../library.js';
import * as T from '../tokens.js';
import { as, GiveUp, locOf, nameOf, node, topLevel, unread } from './base.js';
import { BlocksGrammar } from './blocks.js';
import type { Head } from './declaration-head.js';

/** A declaration of an include file that comes with p4ts, with its words. */
interface Known {
  readonly declaration: Decl;
  readonly tokens: readonly IToken[];
}

class ProgramGrammar extends BlocksGrammar {
  /** By their first words: programs that include the same file share its words, and have the same nodes for them. */
  readonly #known = new WeakMap<IToken, Known>();

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  parse(tokens: Token[], diagnostics: Diagnostics): Decl[] {
    this.begin(tokens, diagnostics);
    try {
      return this.program();
    } catch (error) {
      if (error instanceof GiveUp) return [];
      throw error;
    } finally {
      this.input = [];
    }
  }

  readonly program: ParserMethod<[], Decl[]> = this.RULE('program', (): Decl[] => {
    const parts: Decl[][] = [];
    do {
      parts.push(this.recovering(EOF, () => this.#knownDeclaration() ?? this.SUBRULE(this.declarationOrNothing)));
      // A brace that closes nothing, which is reported.
      if (this.next(T.CloseBrace)) this.SKIP_TOKEN();
    } while (!this.RECORDING_PHASE && !this.next(EOF));
    return parts.flat();
  });

  #knownDeclaration(): Decl | undefined {
    const known = this.#known.get(this.LA(1));
    if (!known?.tokens.every((token, i) => this.LA(i + 1) === token)) return undefined;
    for (let i = 0; i < known.tokens.length; i++) this.SKIP_TOKEN();
    const { declaration } = known;
    if ('name' in declaration) {
      if (typeKinds.has(declaration.kind)) this.scope.declareType(declaration.name.text);
      else this.scope.declareValue(declaration.name.text);
    }
    return declaration;
  }

  /** Keeps what is read from `first` on, when it is in a file that comes with p4ts. */
  #keep(first: IToken, declaration: Decl | undefined): void {
    if (!declaration || !isLibrary(locOf(first).file)) return;
    const tokens: IToken[] = [];
    for (let back = 0; tokens.at(-1) !== first; back--) tokens.push(this.LA(back));
    this.#known.set(first, { declaration, tokens: tokens.reverse() });
  }

  protected readonly declarationOrNothing = this.RULE('declarationOrNothing', (): Decl | undefined =>
    this.OR({
      DEF: [{ ALT: () => void this.CONSUME(T.Semicolon) }, { ALT: () => this.SUBRULE(this.declaration) }],
      ERR_MSG: 'a declaration',
    }),
  );

  protected readonly declaration = this.RULE('declaration', (): Decl | undefined => {
    const first = this.LA(1);
    const head = this.SUBRULE(this.head);
    const listsNames = this.next(T.OpenBrace, 2);
    const declaration = this.OR<Decl | undefined>({
      DEF: [
        { ALT: () => this.SUBRULE(this.derivedType, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.constant, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.typedef, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.newtype, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.action, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.parser, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.control, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.package, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.extern, { ARGS: [head] }) },
        { GATE: () => listsNames, ALT: () => this.SUBRULE(this.errorNames, { ARGS: [head] }) },
        { GATE: () => listsNames, ALT: () => this.SUBRULE(this.matchKinds, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.functionOrInstance, { ARGS: [head] }) },
      ],
      ERR_MSG: 'a declaration',
    });
    this.ACTION(() => this.#keep(first, declaration));
    return declaration;
  });

  protected readonly head: ParserMethod<[], Head> = this.RULE('head', (): Head => {
    const { loc } = this.LA(1) as Token;
    const commented = this.#isCommented();
    const annotations = this.SUBRULE(this.annotations);
    return commented ? { annotations, ...docAbove(loc), loc } : { annotations, loc };
  });

  // ── functions, instances and externs ──

  protected readonly functionOrInstance = this.RULE('functionOrInstance', (head: Head): Decl => {
    const behind = this.behindType(1);
    const isInstance = behind > 0 && this.next(T.OpenParen, behind);
    return this.OR<Decl>([
      {
        GATE: () => isInstance,
        ALT: () => {
          const type = this.SUBRULE(this.typeRef);
          return this.SUBRULE(this.instanceRest, { ARGS: [head, type] });
        },
      },
      { ALT: () => this.SUBRULE(this.functionRest, { ARGS: [head] }) },
    ]);
  });

  protected readonly functionRest: ParserMethod<[Head], FunctionDecl> = this.RULE('functionRest', (head: Head): FunctionDecl => {
    const { depth } = this.scope;
    const prototype = this.SUBRULE(this.prototypeOf);
    const body = this.SUBRULE(this.body);
    this.scope.popTo(depth);
    this.ACTION(() => this.scope.declareValue(prototype.name.text));
    return node({ kind: 'function', ...head, ...prototype, body });
  });

  /** `type name<T>(parameters)`; the scope of the parameters is left to whoever reads the body. */
  protected readonly prototypeOf = this.RULE('prototype', () => {
    const returns = this.SUBRULE(this.returnType);
    const name = nameOf(this.CONSUME(T.AnyName));
    this.scope.push();
    const typeParams = this.SUBRULE(this.typeParams);
    const params = this.SUBRULE(this.params);
    return { returns, name, typeParams, params };
  });

  protected readonly params: ParserMethod<[], readonly Param[]> = this.RULE('params', (): readonly Param[] => {
    const params: Param[] = [];
    this.CONSUME(T.OpenParen, as("'(' and parameters"));
    this.MANY_SEP({ SEP: T.Comma, DEF: () => params.push(this.SUBRULE(this.param)) });
    this.CONSUME(T.CloseParen, as("',' or ')' after the parameter"));
    this.ACTION(() => {
      for (const { name } of params) this.scope.declareValue(name.text);
    });
    return Object.freeze(params);
  });

  protected readonly param = this.RULE('param', (): Param => {
    const head = this.SUBRULE(this.head);
    const direction = this.OPTION1(() =>
      this.OR([{ ALT: () => this.CONSUME(T.In) }, { ALT: () => this.CONSUME(T.Out) }, { ALT: () => this.CONSUME(T.Inout) }]),
    )?.image as Direction | undefined;
    const written = this.SUBRULE(this.typeRef);
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
    const value = this.OPTION2(() => {
      this.CONSUME(T.Assign);
      return this.SUBRULE(this.expression);
    });
    return node({ ...head, ...(direction ? { direction } : {}), type, name, ...(value ? { default: value } : {}) });
  });

  /** Undefined for `extern Name;`, which says no more than that there is such a type. */
  protected readonly extern = this.RULE('extern', (head: Head): ExternDecl | ExternFunctionDecl | undefined => {
    this.CONSUME(T.Extern);
    const behind = this.next(T.Less, 2) ? this.behindTypeArgs(2) : 2;
    const isObject = this.next(T.AnyName) && behind > 0 && (this.next(T.OpenBrace, behind) || this.next(T.Semicolon, behind));
    return this.OR<ExternDecl | ExternFunctionDecl | undefined>([
      { GATE: () => isObject, ALT: () => this.SUBRULE(this.externObject, { ARGS: [head] }) },
      {
        ALT: () => {
          const { depth } = this.scope;
          const prototype = this.SUBRULE(this.prototypeOf);
          this.CONSUME(T.Semicolon, as("';' after the function"));
          this.scope.popTo(depth);
          this.ACTION(() => this.scope.declareValue(prototype.name.text));
          return node({ kind: 'extern-function', ...head, ...prototype });
        },
      },
    ]);
  });

  protected readonly externObject = this.RULE('externObject', (head: Head): ExternDecl | undefined => {
    const name = this.#typeName();
    const { depth } = this.scope;
    this.scope.push();
    const typeParams = this.SUBRULE(this.typeParams);
    const members = this.OR([
      { ALT: () => void this.CONSUME(T.Semicolon) },
      { ALT: () => this.SUBRULE(this.externMembers, { ARGS: [name] }) },
    ]);
    this.scope.popTo(depth);
    return members ? node({ kind: 'extern', ...head, name, typeParams, members }) : undefined;
  });

  protected readonly externMembers = this.RULE('externMembers', (extern: Name) => {
    this.CONSUME(T.OpenBrace);
    const members = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.externMember, { ARGS: [extern] }),
      () => !topLevel.has(this.LA(1).tokenType),
    );
    this.CONSUME(T.CloseBrace, as("'}' at the end of the extern"));
    return Object.freeze(members);
  });

  protected readonly externMember = this.RULE('externMember', (extern: Name = unread): MethodDecl | ConstructorDecl => {
    const head = this.SUBRULE(this.head);
    const { depth } = this.scope;
    const isConstructor = this.next(T.OpenParen, 2);
    const member = this.OR<MethodDecl | ConstructorDecl>({
      DEF: [
        {
          GATE: () => isConstructor,
          ALT: () => {
            const name = nameOf(this.CONSUME(T.Identifier));
            if (name.text !== extern.text) this.complain(`a type, or the constructor, which is called ${extern.text}`, this.LA(0));
            this.scope.push();
            const params = this.SUBRULE(this.params);
            return node({ kind: 'constructor', ...head, name, params });
          },
        },
        {
          ALT: () => {
            const abstract = this.OPTION(() => this.CONSUME(T.Abstract)) !== undefined;
            const prototype = this.SUBRULE(this.prototypeOf);
            return node({ kind: 'method', ...head, abstract, ...prototype });
          },
        },
      ],
      ERR_MSG: "a method, a constructor or '}'",
    });
    this.CONSUME(T.Semicolon, as(`';' after the ${member.kind}`));
    this.scope.popTo(depth);
    return member;
  });

  // ── parsers, controls and packages ──

  /** After `parser` or `control`: the type, in a scope that is left to whoever reads the body. */
  protected readonly blockType = this.RULE('blockType', () => {
    const name = this.#typeName();
    this.scope.push();
    const typeParams = this.SUBRULE(this.typeParams);
    const params = this.SUBRULE(this.params);
    return { name, typeParams, params };
  });

  protected readonly parser = this.RULE('parser', (head: Head): Decl => {
    const { depth } = this.scope;
    this.CONSUME(T.Parser);
    const type = this.SUBRULE(this.blockType);
    return this.OR<Decl>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            this.scope.popTo(depth);
            return node({ kind: 'parser-type', ...head, ...type });
          },
        },
        {
          ALT: () => {
            const params = this.OPTION(() => this.SUBRULE(this.params));
            const body = this.SUBRULE(this.parserBody);
            this.scope.popTo(depth);
            return node({ kind: 'parser', ...head, ...type, ...(params ? { constructorParams: params } : {}), ...body });
          },
        },
      ],
      ERR_MSG: "'{' and the states of the parser, or ';' after its type",
    });
  });

  protected readonly control = this.RULE('control', (head: Head): Decl => {
    const { depth } = this.scope;
    this.CONSUME(T.Control);
    const type = this.SUBRULE(this.blockType);
    return this.OR<Decl>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            this.scope.popTo(depth);
            return node({ kind: 'control-type', ...head, ...type });
          },
        },
        {
          ALT: () => {
            const params = this.OPTION(() => this.SUBRULE(this.params));
            const body = this.SUBRULE(this.controlBody);
            this.scope.popTo(depth);
            return node({ kind: 'control', ...head, ...type, ...(params ? { constructorParams: params } : {}), ...body });
          },
        },
      ],
      ERR_MSG: "'{' and the body of the control, or ';' after its type",
    });
  });

  protected readonly package = this.RULE('package', (head: Head): PackageDecl => {
    const { depth } = this.scope;
    this.CONSUME(T.Package);
    const type = this.SUBRULE(this.blockType);
    this.CONSUME(T.Semicolon, as("';' after the package"));
    this.scope.popTo(depth);
    return node({ kind: 'package', ...head, ...type });
  });

  // ── types ──

  protected readonly derivedType = this.RULE(
    'derivedType',
    (head: Head): DerivedTypeDecl =>
      this.OR<DerivedTypeDecl>([
        { ALT: () => this.SUBRULE(this.structLike, { ARGS: [head] }) },
        { ALT: () => this.SUBRULE(this.enumeration, { ARGS: [head] }) },
      ]),
  );

  protected readonly structLike = this.RULE('structLike', (head: Head): StructLikeDecl => {
    const kind = this.OR([
      { ALT: () => this.CONSUME(T.Header) },
      { ALT: () => this.CONSUME(T.Struct) },
      { ALT: () => this.CONSUME(T.HeaderUnion) },
    ]).image as StructLikeDecl['kind'];
    const name = this.#typeName();
    const { depth } = this.scope;
    this.scope.push();
    const typeParams = this.SUBRULE(this.typeParams);
    this.CONSUME(T.OpenBrace, as("'{' and fields"));
    const fields = this.recovering(
      T.CloseBrace,
      () => this.SUBRULE(this.field),
      () => !topLevel.has(this.LA(1).tokenType),
    );
    this.CONSUME(T.CloseBrace, as("'}' after the fields"));
    this.scope.popTo(depth);
    return node({ kind, ...head, name, typeParams, fields: Object.freeze(fields) });
  });

  protected readonly field = this.RULE('field', (): FieldDecl => {
    const head = this.SUBRULE(this.head);
    const written = this.SUBRULE(this.typeRef);
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
    this.CONSUME(T.Semicolon, as("';' after the field"));
    return node({ ...head, type, name });
  });

  protected readonly enumeration = this.RULE('enumeration', (head: Head): EnumDecl => {
    this.CONSUME(T.Enum);
    const base = this.OPTION1({ GATE: () => !this.next(T.OpenBrace, 2), DEF: () => this.SUBRULE(this.typeRef) });
    const name = this.#typeName();
    this.CONSUME(T.OpenBrace, as("'{' and members"));
    const members: EnumMember[] = [];
    let more = true;
    this.MANY({
      GATE: () => more,
      DEF: () => {
        members.push(this.SUBRULE(this.enumMember, { ARGS: [base !== undefined] }));
        more = this.OPTION2(() => this.CONSUME(T.Comma)) !== undefined;
      },
    });
    if (members.length === 0 && this.next(T.CloseBrace)) this.complain('the name of a member');
    this.CONSUME(T.CloseBrace, as("',' or '}' after the member"));
    return node({ kind: 'enum', ...head, ...(base ? { base } : {}), name, members: Object.freeze(members) });
  });

  protected readonly enumMember = this.RULE('enumMember', (hasValue: boolean): EnumMember => {
    const name = nameOf(this.CONSUME(T.AnyName));
    const value = this.OPTION({
      GATE: () => hasValue,
      DEF: () => {
        this.CONSUME(T.Assign);
        return this.SUBRULE(this.expression);
      },
    });
    if (hasValue && !value) this.complain("'=' and the value of the member");
    return node({ name, ...(value ? { value } : {}), loc: name.loc });
  });

  protected readonly errorNames = this.RULE('errorNames', ({ annotations, loc }: Head = unread): Decl => {
    this.CONSUME(T.ErrorWord);
    this.noAnnotations('A declaration of errors', annotations);
    return node({ kind: 'error', members: this.SUBRULE(this.nameList, { ARGS: [false] }), loc });
  });

  protected readonly matchKinds = this.RULE('matchKinds', ({ annotations, loc }: Head = unread): Decl => {
    this.CONSUME(T.MatchKind);
    this.noAnnotations('A declaration of match kinds', annotations);
    return node({ kind: 'match_kind', members: this.SUBRULE(this.nameList, { ARGS: [true] }), loc });
  });

  /** Names in braces; the last one may have a comma after it where `trailing` says so. */
  protected readonly nameList = this.RULE('nameList', (trailing: boolean): readonly Name[] => {
    this.CONSUME(T.OpenBrace);
    const names = [nameOf(this.CONSUME1(T.AnyName))];
    this.MANY({
      GATE: () => !(trailing && this.next(T.CloseBrace, 2)),
      DEF: () => {
        this.CONSUME1(T.Comma);
        names.push(nameOf(this.CONSUME2(T.AnyName)));
      },
    });
    this.OPTION(() => this.CONSUME2(T.Comma));
    this.CONSUME(T.CloseBrace, as("',' or '}' after the name"));
    return Object.freeze(names);
  });

  protected readonly typedef = this.RULE('typedef', (head: Head): TypedefDecl => {
    this.CONSUME(T.Typedef);
    const inner = this.SUBRULE(this.head);
    const isDerived = [T.Header, T.HeaderUnion, T.Struct, T.Enum].some((type) => this.next(type));
    const written = this.OR({
      DEF: [
        { GATE: () => isDerived, ALT: () => this.SUBRULE(this.derivedType, { ARGS: [inner] }) },
        { ALT: () => this.SUBRULE(this.typeRef) },
      ],
      ERR_MSG: 'a type',
    });
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written as never] });
    this.CONSUME(T.Semicolon, as("';' after the typedef"));
    this.ACTION(() => this.scope.declareType(name.text));
    return node({ kind: 'typedef', ...head, type, name });
  });

  protected readonly newtype = this.RULE('newtype', (head: Head): NewtypeDecl => {
    this.CONSUME(T.Type);
    const written = this.SUBRULE(this.typeRef);
    const { name, type } = this.SUBRULE(this.declarator, { ARGS: [written] });
    this.CONSUME(T.Semicolon, as("';' after the type"));
    this.ACTION(() => this.scope.declareType(name.text));
    return node({ kind: 'newtype', ...head, type, name });
  });

  /** A name that is a type from here on. */
  #typeName(): Name {
    const name = nameOf(this.CONSUME(T.AnyName));
    this.ACTION(() => this.scope.declareType(name.text));
    return name;
  }

  /** Whether the next word has a comment before it and is the first one on its line, of which the comment speaks. */
  #isCommented(): boolean {
    const { commented, loc } = this.LA(1) as Token;
    const before = locOf(this.LA(0));
    return commented === true && (before?.line !== loc.line || before.file !== loc.file);
  }
}

/** Declarations that give a type its name. */
const typeKinds: ReadonlySet<Decl['kind']> = new Set<Decl['kind']>([
  ...(['extern', 'parser', 'parser-type', 'control', 'control-type', 'package'] as const),
  ...(['header', 'struct', 'header_union', 'enum', 'typedef', 'newtype'] as const),
]);

let grammar: ProgramGrammar | undefined;

/** The declarations that `tokens`, which end in an EOF with a place, spell; mistakes are reported. */
export function parseTokens(tokens: Token[], diagnostics: Diagnostics): readonly Decl[] {
  grammar ??= new ProgramGrammar();
  return Object.freeze(grammar.parse(tokens, diagnostics));
}
