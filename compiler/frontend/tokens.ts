/** The words of P4-16 (§6.4). */
import { createToken, Lexer, type TokenType } from 'chevrotain';

const category = (name: string, label: string): TokenType => createToken({ name, label, pattern: Lexer.NA });

// ── categories: what a rule takes where it takes more than one kind of word ──
/** A name after a dot, or of something that is declared. */
export const AnyName = category('AnyName', 'a name');
/** A name that stands for a value: no name of a type and not `list`. */
export const ValueName = createToken({ name: 'ValueName', label: 'a name', pattern: Lexer.NA, categories: AnyName });
/** A name of a table's property. */
export const PropertyName = category('PropertyName', 'a property');
/** What `@` is followed by: keywords are names there. */
export const AnnotationName = category('AnnotationName', 'the name of an annotation');
export const BinaryOperator = category('BinaryOperator', 'an operator');
export const AssignmentOperator = category('AssignmentOperator', "'='");
export const PrefixOperator = category('PrefixOperator', 'an operator');
export const CloseAngle = category('CloseAngle', "'>'");

/** A word made of letters, not a keyword. */
export const Identifier = createToken({
  name: 'Identifier',
  label: 'a name',
  pattern: /[A-Za-z_]\w*/,
  categories: [ValueName, PropertyName, AnnotationName],
});

/** Every keyword, by how it is written. */
export const keywords = new Map<string, TokenType>();
function keyword(text: string, ...categories: TokenType[]): TokenType {
  const name = text.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());
  const type = createToken({ name, label: `'${text}'`, pattern: Lexer.NA, categories: [AnnotationName, ...categories] });
  keywords.set(text, type);
  return type;
}

export const Abstract = keyword('abstract');
export const Action = keyword('action');
export const Actions = keyword('actions', ValueName);
export const Apply = keyword('apply', ValueName, PropertyName);
export const Bit = keyword('bit');
export const Bool = keyword('bool');
export const Break = keyword('break');
export const Const = keyword('const');
export const Continue = keyword('continue');
export const Control = keyword('control');
export const Default = keyword('default');
export const Else = keyword('else');
export const Entries = keyword('entries', ValueName);
export const Enum = keyword('enum');
export const ErrorWord = keyword('error');
export const Exit = keyword('exit');
export const Extern = keyword('extern');
export const False = keyword('false');
export const For = keyword('for');
export const Header = keyword('header');
export const HeaderUnion = keyword('header_union');
export const If = keyword('if');
export const In = keyword('in');
export const Inout = keyword('inout');
export const Int = keyword('int');
export const Key = keyword('key', ValueName);
export const List = keyword('list', AnyName);
export const MatchKind = keyword('match_kind');
export const Out = keyword('out');
export const Package = keyword('package');
export const Parser = keyword('parser');
export const Priority = keyword('priority', ValueName, PropertyName);
export const Return = keyword('return');
export const Select = keyword('select');
export const State = keyword('state', ValueName, PropertyName);
export const StringWord = keyword('string');
export const Struct = keyword('struct');
export const Switch = keyword('switch');
export const Table = keyword('table');
export const This = keyword('this');
export const Transition = keyword('transition');
export const True = keyword('true');
export const Tuple = keyword('tuple');
export const Type = keyword('type', ValueName, PropertyName);
export const Typedef = keyword('typedef');
export const ValueSet = keyword('value_set');
export const Varbit = keyword('varbit');
export const Void = keyword('void');
/** `_` */
export const DontCare = keyword('_');

export const Integer = createToken({ name: 'Integer', label: 'a number', pattern: /\d\w*/ });
/** Its image has the quotes. One that the scanner finds is on one line. */
export const StringLiteral = createToken({
  name: 'StringLiteral',
  label: 'a string',
  pattern: /"(?:[^"\\\n]|\\[^\n])*"/,
  start_chars_hint: ['"'],
});

const symbols: TokenType[] = [];
function symbol(name: string, text: string, ...categories: TokenType[]): TokenType {
  const type = createToken({ name, label: `'${text}'`, pattern: text, categories });
  symbols.push(type);
  return type;
}

// Where one is the beginning of another, the longer one is first.
export const InvalidHeader = symbol('InvalidHeader', '{#}');
export const Dots = symbol('Dots', '...');
symbol('SaturatingAddAssign', '|+|=', AssignmentOperator);
symbol('SaturatingSubtractAssign', '|-|=', AssignmentOperator);
symbol('SaturatingAdd', '|+|', BinaryOperator);
symbol('SaturatingSubtract', '|-|', BinaryOperator);
export const Mask = symbol('Mask', '&&&');
symbol('ShiftLeftAssign', '<<=', AssignmentOperator);
symbol('ShiftRightAssign', '>>=', AssignmentOperator);
symbol('AddAssign', '+=', AssignmentOperator);
symbol('SubtractAssign', '-=', AssignmentOperator);
symbol('MultiplyAssign', '*=', AssignmentOperator);
symbol('DivideAssign', '/=', AssignmentOperator);
symbol('ModuloAssign', '%=', AssignmentOperator);
symbol('AndAssign', '&=', AssignmentOperator);
symbol('OrAssign', '|=', AssignmentOperator);
symbol('XorAssign', '^=', AssignmentOperator);
export const Range = symbol('Range', '..');
symbol('ShiftLeft', '<<', BinaryOperator);
symbol('LogicalAnd', '&&', BinaryOperator);
symbol('LogicalOr', '||', BinaryOperator);
symbol('Equal', '==', BinaryOperator);
symbol('NotEqual', '!=', BinaryOperator);
symbol('LessOrEqual', '<=', BinaryOperator);
export const GreaterOrEqual = symbol('GreaterOrEqual', '>=', BinaryOperator);
symbol('Concatenate', '++', BinaryOperator);
export const PlusColon = symbol('PlusColon', '+:');
symbol('Plus', '+', BinaryOperator, PrefixOperator);
symbol('Minus', '-', BinaryOperator, PrefixOperator);
symbol('Multiply', '*', BinaryOperator);
symbol('Divide', '/', BinaryOperator);
symbol('Modulo', '%', BinaryOperator);
symbol('BitOr', '|', BinaryOperator);
symbol('BitAnd', '&', BinaryOperator);
symbol('BitXor', '^', BinaryOperator);
symbol('Complement', '~', PrefixOperator);
symbol('Not', '!', PrefixOperator);
/** The first half of `>>`, which may also close two lists of type arguments: `a >> b`, `list<tuple<bool>>`. */
export const ShiftRight = createToken({
  name: 'ShiftRight',
  label: "'>>'",
  pattern: />(?=>)/,
  categories: [BinaryOperator, CloseAngle],
});
symbols.push(ShiftRight);
export const Greater = symbol('Greater', '>', BinaryOperator, CloseAngle);
export const Less = symbol('Less', '<', BinaryOperator);
export const Assign = symbol('Assign', '=', AssignmentOperator);
export const OpenBrace = symbol('OpenBrace', '{');
export const CloseBrace = symbol('CloseBrace', '}');
export const OpenParen = symbol('OpenParen', '(');
export const CloseParen = symbol('CloseParen', ')');
export const OpenBracket = symbol('OpenBracket', '[');
export const CloseBracket = symbol('CloseBracket', ']');
export const Colon = symbol('Colon', ':');
export const Comma = symbol('Comma', ',');
export const Question = symbol('Question', '?');
export const Dot = symbol('Dot', '.');
export const Semicolon = symbol('Semicolon', ';');
/** `@pragma`, whose annotation goes to the end of the line. */
export const Pragma = createToken({ name: 'Pragma', label: "'@pragma'", pattern: /@pragma\b/ });
export const EndPragma = createToken({ name: 'EndPragma', label: 'the end of the line', pattern: Lexer.NA });
export const At = symbol('At', '@');

// ── what the preprocessor reads ──
export const HashHash = createToken({ name: 'HashHash', label: "'##'", pattern: '##' });
export const Hash = createToken({ name: 'Hash', label: "'#'", pattern: '#' });
/** The rest of a line from a quote that nothing closes on it: there a string of several lines begins or ends. */
export const OpenQuote = createToken({ name: 'OpenQuote', label: "'\"'", pattern: /"(?:[^"\\\n]|\\[^\n])*/ });
/** What is between apostrophes, or from one to the end of its line: P4 has none, but macros in it are not expanded (C11 §6.4.4.4). */
export const Apostrophe = createToken({ name: 'Apostrophe', label: 'an apostrophe', pattern: /'(?:[^'\\\n]|\\[^\n])*'?/ });
/** A character that is nowhere in P4. */
export const Unknown = createToken({ name: 'Unknown', label: 'a character', pattern: Lexer.NA });

/**
 * A line of the preprocessor, from its `#`, with comments in it. It begins where nothing but space is before it on its line;
 * a comment is more than space to the preprocessor that p4c runs (`cpp -C`).
 */
export const Directive = createToken({
  name: 'Directive',
  label: 'a directive',
  pattern: (text, offset) => {
    if (text[offset] !== '#') return null;
    let before = offset - 1;
    while (text[before] === ' ' || text[before] === '\t') before--;
    if (before >= 0 && text[before] !== '\n') return null;
    return [text.slice(offset, endOfDirective(text, offset))] as unknown as RegExpExecArray;
  },
  start_chars_hint: ['#'],
  line_breaks: true,
});

function endOfDirective(text: string, start: number): number {
  const stop = /\n|\/\/|\/\*|"(?:[^"\\\n]|\\.)*"/g;
  stop.lastIndex = start;
  for (let match = stop.exec(text); match; match = stop.exec(text)) {
    if (match[0] === '\n') return match.index;
    if (match[0] === '//') return endOf(text, '\n', match.index, 0);
    if (match[0] === '/*') stop.lastIndex = endOf(text, '*/', match.index + 2, 2);
  }
  return text.length;
}

const endOf = (text: string, mark: string, from: number, length: number): number => {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + length;
};

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n]*/, group: 'comments' });
/** It ends with the text where nothing closes it. */
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: (text, offset) =>
    text.startsWith('/*', offset) ? ([text.slice(offset, endOf(text, '*/', offset + 2, 2))] as unknown as RegExpExecArray) : null,
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'comments',
});

const scanned: readonly TokenType[] = [
  ...[Space, LineComment, BlockComment, Identifier, Integer, StringLiteral, OpenQuote, Apostrophe, Directive, HashHash, Hash, Pragma],
  ...symbols,
];

/** Cuts text into words. Keywords come as identifiers. */
export const scanner = new Lexer([...scanned], { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true });

/** Every kind of word that the grammar's rules name. */
export const vocabulary: readonly TokenType[] = [
  ...[AnyName, ValueName, PropertyName, AnnotationName, BinaryOperator, AssignmentOperator, PrefixOperator, CloseAngle],
  ...[Identifier, Integer, StringLiteral, OpenQuote, Apostrophe, Pragma, EndPragma, Unknown],
  ...keywords.values(),
  ...symbols,
];
