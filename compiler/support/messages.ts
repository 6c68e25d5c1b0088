/**
 * Every diagnostic of p4ts: its code, its severity, its sentence, and what to write instead.
 * A code names the mistake, not the place in the compiler that found it.
 */
import { nearest } from './suggest.js';

type Text<P> = (p: P) => string;
interface Message<P> {
  readonly severity: 'error' | 'warning';
  readonly text: Text<P>;
  readonly help?: (p: P) => string | undefined;
}

const error = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'error',
  text,
  ...(help ? { help } : {}),
});
const warning = <P>(text: Text<P>, help?: (p: P) => string | undefined): Message<P> => ({
  severity: 'warning',
  text,
  ...(help ? { help } : {}),
});

/** ", did you mean …?" after an unknown name. */
export const didYouMean = (suggestion: string | undefined): string => (suggestion === undefined ? '' : `; did you mean "${suggestion}"?`);

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

interface Misfit {
  readonly value: string;
  readonly type: string;
  readonly range: string;
}
const misfit = (p: Misfit): string => `${p.value} does not fit ${p.type}, which holds ${p.range}`;

/** Names of all that there are; of many, the first. */
const listed = (names: readonly string[]): string => names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
const maxListed = 12;

interface OldFormParams {
  readonly old: string;
  readonly today: string;
  readonly lists: { readonly number: number; readonly fields: readonly string[] } | undefined;
  /** The type of a parameter that the call needs, where the code around it has none. */
  readonly missing: string | undefined;
}

export const messages = {
  // ── values ──
  'literal-out-of-range': error((p: Misfit) => `${misfit(p)}.`),
  // ── recording a pipeline (compiler/dsl) ──
  'bad-width': error(
    (p: { type: string; least?: number; most: number }) =>
      `${p.type} is not a type: its width must be a whole number from ${p.least ?? 1} to ${p.most}.`,
  ),
  'not-a-type': error(
    (p: { field: string }) => `The field ${p.field} has no type.`,
    () => 'write bit(8), bool, mac, an enumeration(…), a struct(…) or another type of p4ts',
  ),
  'bad-stack-depth': error(
    (p: { depth: string }) => `A header stack cannot have ${p.depth} elements.`,
    () => 'write a whole number from 1 to 1024',
  ),
  'reserved-name': error((p: { name: string; what: string; reason: string }) => `The ${p.what} cannot be called "${p.name}": ${p.reason}.`),
  'bad-name': error(
    (p: { name: string; what: string }) =>
      `"${p.name}" cannot name ${article(p.what)} ${p.what}: the control plane and P4 need a letter or _, then letters, digits and _.`,
  ),
  'duplicate-name': error(
    (p: { name: string; what: string }) => `The name "${p.name}" is taken: ${article(p.what)} ${p.what} of that name is declared already.`,
  ),
  'duplicate-enum-value': error(
    (p: { enum: string; first: string; second: string; value: number }) =>
      `${p.enum}.${p.first} and ${p.enum}.${p.second} are both ${p.value}.`,
  ),
  'bad-text': error(
    (p: { text: string }) =>
      `The text ${JSON.stringify(p.text)} has a quote, a backslash or a control character, which P4 cannot print here.`,
  ),
  'type-mismatch': error(
    (p: { what?: string | undefined; got: string; expected: string }) =>
      `${p.what === undefined ? 'This' : `\`${p.what}\``} is ${p.got}, but ${p.expected} is expected.`,
    (p: { got: string; expected: string }) => {
      if (p.expected === 'bool') return 'write a condition, such as a.eq(1) or valid(header); of one bit, a.asBool()';
      const areBits = p.got.startsWith('bit<') && p.expected.startsWith('bit<');
      return areBits ? 'bring it to the width with .as(bit(W)), .bits(low, W) or concat(bit(W), …)' : undefined;
    },
  ),
  'undefined-value': error(
    (p: { expected: string }) => `Expected ${p.expected}, got undefined.`,
    () => 'a name in it is misspelt, or is used before it is declared: tsc shows which',
  ),
  'no-such-member': error(
    (p: { of: string; name: string; names: readonly string[]; suggestion: string | undefined }) =>
      `${p.of} has no "${p.name}"${didYouMean(p.suggestion)}.`,
    ({ of, names }: { of: string; names: readonly string[] }) => (names.length === 0 ? undefined : `${of} has ${listed(names)}`),
  ),
  'egress-only': error(
    (p: { name: string }) => `std.${p.name} exists only in egress.`,
    () => 'read it in egress: ingress runs before the packet is in a queue or has a port to leave by',
  ),
  'bad-argument': error(
    (p: { what: string; name: string; expected: string; got: string }) => `${p.what} takes ${p.expected} as \`${p.name}\`, not ${p.got}.`,
    (p: { expected: string }) => (p.expected === 'a function' ? 'write () => … around what is to be done' : undefined),
  ),
  'bad-operand': error((p: { got: string; expected: string }) => `Expected ${p.expected}, got ${p.got}.`),
  'slice-out-of-range': error(
    (p: { slice: string; type: string }) => `${p.slice} is outside ${p.type}.`,
    () => 'bits(low, width) takes `width` bits from bit `low`, where bit 0 is the least significant',
  ),
  'slice-order': error(
    (p: { slice: string; swapped: string }) => `The slice ${p.slice} is empty: the higher bit must come first.`,
    (p: { slice: string; swapped: string }) => `write ${p.swapped}`,
  ),
  'bad-shift': error(
    (p: { by: string }) => `A value cannot be shifted by ${p.by}.`,
    () => 'shift by a whole number that is not negative',
  ),
  'shift-by-signed': error(
    (p: { type: string }) => `The amount of this shift has the type ${p.type}, so it may be negative.`,
    () => 'cast the amount to a type bit<W>',
  ),
  'shift-too-far': error(
    (p: { by: string; limit: number }) => `A shift by ${p.by} is too far: a number without a width has at most ${p.limit} bits.`,
  ),
  'shift-of-integer': error(
    () => 'The amount by which a number without a width is shifted must be known when the program is compiled.',
    () => 'give the number a width, such as 8w1',
  ),
  'untyped-literal': error(
    () => 'Both branches of this mux are literals, so its width is unknown.',
    () => 'make one of them an expression of the width that you want',
  ),
  'concat-width': error(
    (p: { total: string; expected: string }) => `The parts of this concat have ${p.total} bits together, not ${p.expected}.`,
  ),
  'javascript-operator': error(
    () => 'An operator of JavaScript cannot work on a value of the pipeline, which has no value until a packet comes.',
    () => 'use the methods: a.add(b), a.eq(b), a.lt(b), a.and(b), cond.not(), mux(cond, a, b)',
  ),
  'javascript-assignment': error(
    (p: { name: string }) => `\`${p.name}\` cannot be changed by JavaScript's =, which runs when the pipeline is recorded.`,
    (p: { name: string }) => `write c.set(…, value) for ${p.name}, and c.copy(to, from) for a whole header`,
  ),
  'unused-condition': warning(
    () => 'This condition is built and never used.',
    () => 'in JavaScript `!a`, `a && b` and `a || b` do not build a condition: write a.not(), a.and(b), a.or(b), and use it in c.if or mux',
  ),
  'action-call-in-body': warning(
    (p: { action: string }) => `This call of the action ${p.action} makes an entry of a table: in a body it does nothing.`,
    (p: { action: string }) => `to run the action, write c.call(${p.action}, { … }), with a value for each parameter`,
  ),
  'stale-expression': warning(
    (p: { read: string }) => `This expression reads \`${p.read}\`, which is written before the expression is evaluated.`,
    () => "to use the value from before, capture it first: const old = c.let('old', …)",
  ),
  'not-assignable': error(
    (p: { got: string }) => `${p.got} cannot be assigned to.`,
    () => 'assign to a field of a header or of the metadata, to bits of one, or to a c.let variable',
  ),
  'body-outside-block': error(
    (p: { method: string }) => `c.${p.method} is called after its block was recorded.`,
    () =>
      'statements exist only while the function that was given `c` runs: do not keep `c`, and do not use it in callbacks that run later',
  ),
  'async-body': error(
    () => 'This function is async: its statements would be recorded too late.',
    () => 'record synchronously; await before calling pipeline(…)',
  ),
  'apply-in-action': error(
    (p: { table: string }) => `An action cannot apply a table (${p.table}).`,
    () => 'apply it in ctl.apply, after the table that runs the action: c.switch(c.apply(t)).case(action, () => c.apply(other))',
  ),
  'apply-in-condition': warning(
    (p: { table: string }) => `The table ${p.table} is applied before this condition, whatever the other operand is.`,
    (p: { table: string }) =>
      `to apply it where the other part asks for it, put one c.if into the other: c.if(cond, () => c.if(c.apply(${p.table}).miss, …)); to apply it always, do so before: const applied = c.apply(${p.table})`,
  ),
  'switch-not-on-apply': error(
    () => 'c.switch must follow directly after its c.apply.',
    () => 'write c.switch(c.apply(table)).case(action, () => …)',
  ),
  'action-not-in-table': error(
    (p: { action: string; table: string; actions: readonly string[] }) => `${p.action} is not an action of the table ${p.table}.`,
    (p: { action: string; actions: readonly string[] }) =>
      p.actions.length === 0
        ? 'the table has no actions'
        : `its actions are ${listed(p.actions)}${didYouMean(nearest(p.action, p.actions))}`,
  ),
  'apply-missing': error((p: { block: string }) => `The ${p.block} block has no ctl.apply(…): nothing would happen to a packet.`),
  'apply-twice': error(
    (p: { block: string }) => `ctl.apply is called twice in the ${p.block} block.`,
    () => 'put all statements in one',
  ),
  'state-without-transition': error(
    (p: { state: string }) => `The parser state "${p.state}" does not return a transition.`,
    () => "end it with return p.accept(), return p.goto('state') or return p.select(…).when(…).otherwise('accept')",
  ),
  'p4-no-such': error(
    (p: { kind: string; name: string; program: string; suggestion: string }) => `${p.program} has no ${p.kind} "${p.name}"${p.suggestion}.`,
  ),
  'missing-argument': error((p: { what: string; name: string }) => `${p.what} needs a value for "${p.name}".`),
  'unknown-argument': error(
    (p: { what: string; name: string; names: readonly string[]; suggestion: string }) => `${p.what} has no "${p.name}"${p.suggestion}.`,
    ({ names }: { names: readonly string[] }) => (names.length === 0 ? undefined : `the names are ${listed(names)}`),
  ),
  'unknown-subparser': error(
    (p: { name: string; suggestion: string }) => `There is no subparser "${p.name}" that this state could run${p.suggestion}.`,
    () => 'states of `parser` run what is in `subparsers`; a subparser runs none, itself included',
  ),
  'value-set-in-two-parsers': error(
    (p: { name: string; first: string; second: string }) =>
      `The parsers ${p.first} and ${p.second} both select with the value set ${p.name}, which P4 declares in one of them.`,
    () => 'declare one set for each in `valueSets`, and give both the same members',
  ),
  'bad-literal': error((p: { what: string; reason: string }) => `${p.what}: ${p.reason}.`),
  'log-arguments': error(
    (p: { places: number; values: number }) => `The text has ${p.places} places for values ({}), but ${p.values} values are given.`,
  ),
  'key-without-kind': error(
    (p: { name: string; got: string }) => `The key ${p.name} has no match kind: it is ${p.got}.`,
    (p: { name: string }) => `write ${p.name}: exact(…), lpm(…), ternary(…), range(…) or optional(…) around the field`,
  ),
  'no-packet-in': error(
    (p: { method: string }) => `c.${p.method} is used, but the pipeline declares no packetIn.`,
    () =>
      'declare the fields that go with a packet to the controller: packetIn: { ingressPort: port } (or packetIn: {} with at least one field)',
  ),
  'index-out-of-range': error(
    (p: { index: string; type: string; size: number | undefined }) =>
      `Element ${p.index} is outside ${p.type}${p.size === undefined ? '' : `, which has ${p.size} elements (0 is the first)`}.`,
    () => 'use a smaller index, or declare more elements',
  ),
  // ── P4-16 source: the preprocessor (compiler/frontend) ──
  'p4-unclosed': error(
    (p: { what: string; close: string }) => `This ${p.what} is not closed.`,
    (p: { close: string }) => `write ${p.close} where it ends`,
  ),
  'p4-too-large': error(
    (p: { limit: number }) => `The program is too large: with its included files it can have at most ${p.limit} characters.`,
  ),
  'include-missing': error(
    (p: { name: string; reason: string; suggestion: string | undefined }) =>
      `The file "${p.name}" cannot be included: ${p.reason}${didYouMean(p.suggestion)}.`,
    () => 'name the folders that have the included files with -I FOLDER',
  ),
  'include-depth': error(
    (p: { name: string; limit: string }) => `The file "${p.name}" cannot be included: files can be included ${p.limit} at most.`,
    () => 'see whether a file includes itself; #ifndef NAME, #define NAME and #endif around its content prevent that',
  ),
  'bad-directive': error((p: { directive: string; reason: string }) => `This #${p.directive} is wrong: ${p.reason}.`),
  'directive-rest': warning(
    (p: { directive: string; found: string }) => `"${p.found}" after #${p.directive} is ignored, with the rest of the line.`,
    () => 'write // before it if it is a comment, and nothing otherwise',
  ),
  'unknown-directive': warning(
    (p: { name: string; suggestion: string | undefined }) =>
      `There is no directive #${p.name}: the line is ignored, as p4c ignores it${didYouMean(p.suggestion)}.`,
    () => 'write // before the line if it is a comment',
  ),
  'condition-open': error(
    (p: { name: string }) => `This #${p.name} has no #endif.`,
    () => 'write #endif where it ends, in the same file',
  ),
  'error-directive': error((p: { text: string }) => `#error ${p.text}`),
  'warning-directive': warning((p: { text: string }) => `#warning ${p.text}`),
  'macro-redefined': warning(
    (p: { name: string }) => `The macro ${p.name} is defined again, differently.`,
    (p: { name: string }) => `write #undef ${p.name} before it`,
  ),
  'macro-arguments': error(
    (p: { name: string; got: number; expected: number }) => `The macro ${p.name} takes ${p.expected} arguments, not ${p.got}.`,
  ),
  'macro-arguments-open': error(
    (p: { name: string }) => `The arguments of the macro ${p.name} are not closed.`,
    () => 'write ) after the last one',
  ),
  'macro-size': error(
    (p: { name: string; limit: number }) =>
      `The macro ${p.name} expands to too much: all macros of a program together can expand to ${p.limit} words.`,
  ),
  // ── P4-16 source: syntax ──
  'p4-syntax': error((p: { expected: string; found: string }) => `Expected ${p.expected}, found ${p.found}.`),
  'p4-number': error(
    (p: { text: string }) => `${p.text} is not a number.`,
    () => 'write 10, 0x1F, 0b101 or 0o17, with the width before it if the width matters: 8w255 or, signed, 8s127',
  ),
  'p4-nesting': error(
    (p: { limit: number }) => `This is nested too deeply: p4ts reads ${p.limit} levels at most.`,
    () => 'give a part of it a name: a constant, a variable, a function or a control',
  ),
  'p4-chain': error(
    (p: { limit: number }) => `This has too many parts in a row: p4ts reads ${p.limit} at most.`,
    () => 'divide it into several statements',
  ),
  'p4-annotations': error((p: { what: string }) => `${p.what} takes no annotations.`),
  'p4-in-state': error(
    (p: { what: string }) => `A state of a parser cannot contain ${p.what}.`,
    () => 'use transition select (…) to branch, and states that follow each other to loop',
  ),
  'p4-too-many-errors': error(
    (p: { limit: number }) => `There are more than ${p.limit} syntax errors: the rest of the program is not read.`,
  ),
  // ── P4-16 source: names and types ──
  'p4-shadows': warning((p: { name: string; what: string }) => `This ${p.name} hides the ${p.what} of that name.`),
  'p4-hides-parameter': error((p: { name: string }) => `This ${p.name} hides the parameter of that name.`),
  'p4-not-a-value': error((p: { name: string; what: string }) => `The ${p.what} ${p.name} is not a value.`),
  'p4-not-a-type': error((p: { name: string; what: string }) => `${p.name} is not a type: it is a ${p.what}.`),
  'p4-not-callable': error((p: { what: string }) => `Nothing can be called here: ${p.what} is not a function, an action or a method.`),
  'p4-not-an-action': error((p: { name: string }) => `${p.name} is not an action.`),
  'p4-action-data': warning(
    (p: { name: string; callee: string }) =>
      `The argument for ${p.name} of ${p.callee} is action data, which is not known when the program is compiled.`,
    () => 'p4c accepts it; P4-16 allows it only for parameters with the direction in',
  ),
  'size-out-of-range': error(
    (p: { what: string; value: string; least: number; most: number }) =>
      `${p.what} cannot be ${p.value}: it is from ${p.least} to ${p.most}.`,
  ),
  'literal-overflow': warning((p: Misfit & { becomes: string }) => `${misfit(p)}: it becomes ${p.becomes}.`),
  'shift-overflow': warning(
    (p: { op: string; by: string; type: string; width: number }) => `${p.op} by ${p.by} moves all ${p.width} bits out of ${p.type}.`,
  ),
  'dont-care-type': error(() => '`_` is not a type: it stands for a type argument that is inferred.'),
  'p4-type-size': error((p: { reason: string }) => `This type is too large: it ${p.reason}.`),
  'value-too-large': error((p: { what: string; limit: number }) => `This is too large: ${p.what} ${p.limit} at most.`),
  'p4-overloads': error((p: { name: string; limit: number }) => `There are more than ${p.limit} declarations of ${p.name}.`),
  'element-type': error((p: { what: string; type: string; expected: string }) => `${p.what} cannot have ${p.type}: it has ${p.expected}.`),
  'p4-overloaded-type': warning(
    (p: { name: string; kind: string }) => `There is a ${p.kind} ${p.name} already: P4-16 overloads functions and methods only.`,
  ),
  'p4-enum-base': error(
    (p: { type: string }) => `The members of an enum cannot be ${p.type}.`,
    () => 'give the enum a type bit<W> or int<W>',
  ),
  'newtype-base': error(
    (p: { name: string; type: string }) => `The type ${p.name} cannot be made of ${p.type}.`,
    () => 'a type is made of bit<W>, int<W>, bool, or another type that is; for others there is typedef',
  ),
  'variable-type': error((p: { what: string; type: string }) => `${p.what} cannot be ${p.type}.`),
  'p4-return-type': error((p: { type: string }) => `${p.type} cannot be returned.`),
  'parameter-type': error(
    (p: { name: string; type: string; of?: string | undefined }) =>
      `The parameter ${p.name}${p.of === undefined ? '' : ` of ${p.of}`} cannot be ${p.type}.`,
  ),
  'parameter-block-type': error(
    (p: { name: string; type: string }) => `The parameter ${p.name} must have a type without a body, but ${p.type} has one.`,
    () => 'declare the type: parser P(…); or control C(…);',
  ),
  'parameter-direction': error(
    (p: { name: string; direction: string; because: string }) => `The parameter ${p.name} cannot be ${p.direction}: ${p.because}.`,
  ),
  'parameter-optional': error((p: { name: string }) => `The parameter ${p.name} cannot be optional here.`),
  'parameter-default': error((p: { name: string; is: string }) => `The parameter ${p.name} cannot have a default, because it is ${p.is}.`),
  'parameter-order': error(
    (p: { name: string }) => `The parameter ${p.name} has no direction, so it must come after the parameters of the action that have one.`,
  ),
  'type-argument-count': error(
    (p: { name: string; got: number; expected: number }) => `${p.name} takes ${p.expected} type arguments, not ${p.got}.`,
  ),
  'arguments-mixed': error((p: { what: string }) => `Either all arguments of ${p.what} are named, or no argument is.`),
  'argument-twice': error((p: { what: string; name: string }) => `The argument ${p.name} of ${p.what} is given twice.`),
  'p4-no-overload': error((p: { name: string; count: number }) => `There is no ${p.name} that takes these ${p.count} arguments.`),
  'p4-ambiguous': error(
    (p: { name: string; count: number }) => `There is more than one ${p.name} that takes these ${p.count} arguments.`,
    () => 'name the arguments, name = value, so that they tell which one is meant; types do not tell',
  ),
  'p4-dont-care': error(
    (p: { name: string }) => `The parameter ${p.name} must have a value: _ can stand only for parameters with the direction out.`,
  ),
  'p4-inference': error(
    (p: { name: string; callee: string }) => `The type argument ${p.name} of ${p.callee} cannot be inferred from the arguments.`,
    (p: { name: string; callee: string }) => `write it: ${p.callee}<…>(…)`,
  ),
  'p4-inferred': error(
    (p: { name: string; type: string }) => `The type of ${p.name} cannot be inferred from ${p.type}.`,
    () => 'give a number its width, 8w5, and a list its type, (Type){ … }, or write the type arguments',
  ),
  'p4-not-instantiable': error((p: { type: string }) => `${p.type} cannot be instantiated.`),
  'nothing-to-implement': error(
    (p: { name: string; type: string }) => `${p.name} implements methods, but ${p.type} has no abstract methods.`,
  ),
  'method-missing': error(
    (p: { name: string; type: string; method: string }) => `${p.name} must implement ${p.method}, an abstract method of ${p.type}.`,
  ),
  'not-abstract': error((p: { type: string; method: string }) => `${p.type} has no abstract method ${p.method}.`),
  'method-signature': error(
    (p: { type: string; method: string }) =>
      `${p.method} must have the parameters and the return type of the abstract method of ${p.type}.`,
  ),
  'abstract-instance': error(
    (p: { type: string }) => `${p.type} has abstract methods, so an instance of it must have a name and implement them.`,
  ),
  'p4-constructor-returns': error((p: { name: string }) => `The constructor ${p.name} cannot return anything.`),
  'p4-main': error((p: { what: string }) => `main must be an instance of a package, but it is ${p.what}.`),
  'p4-packet-type': error((p: { what: string; type: string; expected: string }) => `${p.type} cannot be ${p.what}: ${p.expected} can.`),

  'return-with-value': error(() => 'This return cannot have a value: nothing is returned here.'),
  'return-without-value': error((p: { type: string }) => `This return must have a value of type ${p.type}.`),
  'duplicate-case': error(
    (p: { label: string }) => `There are two cases for ${p.label}.`,
    () => 'remove one of them: only the first would run',
  ),
  'p4-default-last': error(() => '`default` must be the last case.'),
  'p4-no-end': error((p: { name: string }) => `The parser ${p.name} never reaches accept or reject.`),
  'key-count': error(
    (p: { what: string; got: number; expected: number }) =>
      `${p.what} has ${p.got} keys, but ${p.expected} ${p.expected === 1 ? 'is' : 'are'} expected.`,
  ),
  'p4-key-name': error(
    () => 'The control plane needs a name for this key.',
    () => 'write @name("…") after the match kind',
  ),
  'annotation-body': error((p: { name: string; takes: string }) => `The annotation @${p.name} takes ${p.takes}.`),
  'annotation-element': error(
    (p: { name: string; type: string }) => `A value of @${p.name} is ${p.type}; a number, a bool or a string is expected.`,
  ),
  'p4-annotation-twice': error(
    (p: { name: string }) =>
      `There are two annotations @${p.name}, and one of them has its values in [ ]: such an annotation can be given once.`,
  ),
  'p4-old-form': warning(
    (p: OldFormParams) => `${p.old} is an old form: today it is ${p.today}.`,
    ({ today, lists, missing }: OldFormParams) => {
      if (missing !== undefined) return `give the code around it a parameter inout ${missing} standard_metadata, and write ${today}`;
      const fields = lists && ` with @field_list(${lists.number}) on ${lists.fields.join(', ')}`;
      return `\`p4ts fix\` writes ${today}${fields ?? ''}`;
    },
  ),
  'p4-fix-left': warning((p: { reason: string }) => `This is left as it is: ${p.reason}.`),
  'not-kept': warning(
    (p: { what: string | undefined }) =>
      `${p.what === undefined ? 'This' : `\`${p.what}\``} is not kept: only fields of the metadata are kept.`,
    () => 'copy what is needed of it into a field of the metadata before, and name that field',
  ),
  'entries-above-size': warning(
    (p: { table: string; size: number; entries: number }) => `The table ${p.table} has ${p.entries} entries, but its size is ${p.size}.`,
    (p: { table: string; size: number; entries: number }) => `write size = ${p.entries}, or leave the size out`,
  ),
  'call-without-effect': warning(
    (p: { what: string; here: string; blocks: string }) => `${p.what} may have no effect in the ${p.here}: it belongs in the ${p.blocks}.`,
  ),
  'p4-needs-core': error(
    (p: { what: string; needs: string }) => `${p.what} needs ${p.needs}.`,
    () => 'write #include <core.p4>, which declares it',
  ),
  'p4-property-order': error((p: { name: string; before: string }) => `The table property ${p.name} must be written before ${p.before}.`),
  'p4-arch-version': error(
    (p: { name: string; version: string; first: number; last: number }) =>
      `${p.name} is ${p.version}, but there are versions from ${p.first} to ${p.last}.`,
  ),
  'p4-no-actions': error((p: { name: string }) => `The table ${p.name} has no list of actions.`),
  'p4-bound-differently': error(
    (p: { name: string; action: string }) =>
      `The parameter ${p.name} of ${p.action} must have the same value as in the table's list of actions.`,
  ),
  'p4-entries-keyless': error((p: { name: string }) => `The table ${p.name} has no keys, so it cannot have entries.`),
  'p4-assertion': error((p: { message: string | undefined }) =>
    p.message === undefined ? 'This static_assert fails.' : `This static_assert fails: ${p.message.replace(/\.$/, '')}.`,
  ),
  'p4-architecture': error(
    (p: { package: string | undefined; known: string }) =>
      p.package === undefined
        ? 'The program has no `main`, so nothing runs.'
        : `The package ${p.package} belongs to no architecture that p4ts can run or compile.`,
    (p: { package: string | undefined; known: string }) => `instantiate one of ${p.known} as \`main\``,
  ),
  'target-architecture': error(
    (p: { target: string; takes: string; arch: string }) =>
      `${p.target} has no switch for programs of ${p.arch}, only for those of ${p.takes} and for pipelines of p4ts.`,
    (p: { target: string; takes: string; arch: string }) =>
      `run it with \`p4ts switch\`, \`p4ts trace\` or \`p4ts stf\`, or write it for ${p.takes}`,
  ),
  // ── the JSON form of the IR (compiler/ir) ──
  'ir-malformed': error((p: { place: string; expected: string }) => `This is not a p4ts program: at ${p.place}, expected ${p.expected}.`),
  'ir-version': error(
    (p: { found: string; known: number }) => `The program has IR version ${p.found}; this p4ts reads version ${p.known}.`,
    () => 'compile the program again with this version of p4ts',
  ),
  'ir-too-large': error((p: { limit: number }) => `The program has more than ${p.limit} characters.`),
  // ── validate (compiler/passes): names and types ──
  'program-too-large': error(
    (p: { limit: string }) => `The program is too large: ${p.limit}.`,
    () => "capture repeated subexpressions with c.let('name', …); build long chains as tables or balanced expressions",
  ),
  'unknown-name': error(
    (p: { what: string; name: string; suggestion: string | undefined }) => `There is no ${p.what} "${p.name}"${didYouMean(p.suggestion)}.`,
  ),
  'out-of-scope': error(
    (p: { what: string; name: string; owner: string }) => `The ${p.what} "${p.name}" exists only in ${p.owner}.`,
    () => 'declare it where it is used; a value can be passed as an argument or in the metadata',
  ),
  'recursive-type': error((p: { name: string }) => `The type ${p.name} contains itself.`),
  'enum-value': error((p: { enum: string; member: string; needed: boolean }) =>
    p.needed
      ? `The member ${p.member} of ${p.enum} has no value.`
      : `The member ${p.member} of ${p.enum} has a value, but the enum has no type.`,
  ),
  'empty-enum': error((p: { name: string }) => `The enum ${p.name} has no members.`),
  'not-a-struct': error((p: { type: string; package: string }) => `${p.type} is not a struct, which ${p.package} needs.`),
  'headers-field': error(
    (p: { field: string; type: string }) => `The field ${p.field} of the struct of headers is ${p.type}, which is not a header.`,
  ),
  'field-type': error(
    (p: { kind: string; field: string; type: string }) => `The field ${p.field} of a ${p.kind.replace('_', ' ')} cannot be ${p.type}.`,
    (p: { kind: string }) =>
      p.kind === 'header' ? 'a field of a header is bit(W), int(W), bool, an enumeration with values, or a varbit' : undefined,
  ),
  'two-varbits': error(
    (p: { header: string }) => `The header ${p.header} has more than one field of variable size.`,
    () => 'split it into headers with one varbit each',
  ),
  'header-size': error(
    (p: { header: string; bits: number }) => `The header ${p.header} has ${p.bits} bits, which is not a whole number of bytes.`,
    (p: { bits: number }) => `add a field of ${8 - (p.bits % 8)} bits, or correct the width of another one`,
  ),
  'operand-type': error((p: { op: string; types: string }) => `${p.op} does not take ${p.types}.`),
  'bad-cast': error((p: { from: string; to: string }) => `${p.from} cannot be cast to ${p.to}.`),
  'division-by-zero': error((p: { op: string }) => `The right operand of ${p.op} is zero.`),
  'negative-division': error((p: { op: string }) => `${p.op} does not take negative numbers.`),
  'not-constant': error((p: { what: string }) => `${p.what} must be known when the program is compiled.`),
  'parser-only': error((p: { what: string }) => `${p.what} exists only in parsers.`),
  'argument-count': error(
    (p: { what: string; expected: string; got: number }) =>
      `${p.what} takes ${p.expected} argument${p.expected === '1' ? '' : 's'}, not ${p.got}.`,
  ),
  'no-result': error((p: { what: string }) => `${p.what} returns nothing that could be assigned.`),
  // ── validate: statements, blocks and tables ──
  'wrong-block': error(
    (p: { what: string; here: string; blocks: string }) => `${p.what} cannot be called in the ${p.here}; it belongs in the ${p.blocks}.`,
  ),
  'block-statement': error(
    (p: { block: string; calls: string }) => `The ${p.block} can only call ${p.calls}.`,
    () => 'move other statements to the end of ingress or egress',
  ),
  'wrong-place': error((p: { what: string; where: string }) => `${p.what} cannot be used ${p.where}.`),
  'applied-twice': error(
    (p: { table: string }) => `The table ${p.table} is applied twice on one path.`,
    () => 'a packet can pass a table once: declare a second table with the same actions, or apply this one in one place',
  ),
  recursion: error(
    (p: { what: string; name: string }) => `The ${p.what} "${p.name}" is used in its own declaration.`,
    () => 'P4 has no recursion: use a loop of TypeScript, or c.recirculate()',
  ),
  'declared-later': error(
    (p: { what: string; name: string }) => `The ${p.what} "${p.name}" is used before it is declared.`,
    () => 'move the declaration up',
  ),
  'jump-outside-loop': error((p: { what: string }) => `${p.what} cannot be used outside a loop.`),
  'missing-return': error((p: { name: string; type: string }) => `The function ${p.name} can end without returning ${p.type}.`),
  'missing-start': error((p: { parser: string }) => `The parser ${p.parser} has no state "start".`),
  'parser-loop': error(
    (p: { states: string }) => `The parser can loop forever: ${p.states} extracts nothing on the way.`,
    () => 'extract or advance in one of these states',
  ),
  'two-lpm-keys': error(
    (p: { table: string; first: string; second: string }) =>
      `The table ${p.table} has two longest-prefix keys, ${p.first} and ${p.second}: a table can have one.`,
    () => 'make all but one ternary or exact',
  ),
  'key-type': error(
    (p: { key?: string; match: string; type: string }) =>
      `${p.key === undefined ? 'This key' : `The key ${p.key}`} is ${p.type}, which cannot be matched as ${p.match}.`,
  ),
  'action-data-type': error(
    (p: { param: string; action: string; type: string }) =>
      `The parameter ${p.param} of ${p.action} is ${p.type}, which entries of a table cannot give.`,
    () => 'take its fields as parameters, one each',
  ),
  'key-set': error((p: { match: string; got: string }) => `A key matched as ${p.match} cannot be ${p.got}.`),
  'mask-not-prefix': error(
    (p: { got?: string }) => `${p.got ?? 'This'} cannot match a key of kind lpm: its mask must be a prefix, ones and then zeros.`,
    () => 'match the key as ternary where other masks are meant',
  ),
  'wrong-scope': error(
    (p: { action: string; scope: string; use: string }) => `The action ${p.action} is ${p.scope}: it cannot be ${p.use}.`,
  ),
  'control-name': error(
    (p: { what: string; name: string }) => `The control plane knows another ${p.what} by the name "${p.name}".`,
    () => 'give one of them another name',
  ),
  'no-control-name': error(
    (p: { what: string; name: string }) => `The control plane has no name for the ${p.what} \`${p.name}\`: its @name is empty.`,
    () => 'write it as a text, such as "routes", or leave @name out',
  ),
  'id-range': error(
    (p: { id: string; name: string }) => `@id(${p.id}) of the ${p.name} is not a number from 1 to 0xffffffff.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'id-kind': error(
    (p: { id: string; name: string; kind: string; prefix: string; expected: string }) =>
      `@id(${p.id}) of the ${p.name} begins with ${p.prefix}, but ids of ${p.kind}s begin with ${p.expected}.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'duplicate-id': error(
    (p: { id: string; name: string; other: string }) => `The ${p.name} has the id ${p.id}, which ${p.other} has as well.`,
    () => 'write another number, or leave it to the compiler',
  ),
  'shared-direct': error(
    (p: { name: string; first: string; second: string }) => `${p.name} belongs to one table, but both ${p.first} and ${p.second} name it.`,
  ),
  'bad-property': error((p: { property: string; expected: string }) => `The table property "${p.property}" must be ${p.expected}.`),
  'main-package': error(
    (p: { package: string; arch: string; expected: string }) => `${p.package} is not the package of ${p.arch}, which is ${p.expected}.`,
  ),
  'main-blocks': error((p: { package: string; expected: number; got: number }) => `${p.package} takes ${p.expected} blocks, not ${p.got}.`),
  'main-block-twice': error((p: { package: string }) => `${p.package} cannot take one block twice.`),
  'bad-block': error((p: { block: string; expected: string }) => `The block ${p.block} must have the parameters ${p.expected}.`),
  // ── validate: state and services ──
  'keep-not-metadata': error(
    (p: { call: string; got: string }) => `${p.call} cannot keep \`${p.got}\`, which is not a field of the metadata.`,
    () => 'copy it into a field of the metadata before, and keep that',
  ),
  'given-effect': error(
    (p: { what: string; does: string }) =>
      `The function given to ${p.what} ${p.does}: it can compute the cell and a result, and nothing else.`,
    () => 'return { next, result }, and do the rest after the call',
  ),
  'given-twice': error((p: { what: string; name: string }) => `The function given to ${p.what} assigns \`${p.name}\` twice.`),
  'given-no-result': error((p: { what: string }) => `The function given to ${p.what} does not assign its result.`),
  'direct-meter-place': error(
    (p: { meter: string; table: string | undefined }) =>
      p.table === undefined
        ? `${p.meter} is read, but no table has it as its meter.`
        : `${p.meter} can be read only in the actions of ${p.table}, which know the entry that the meter belongs to.`,
    (p: { meter: string; table: string | undefined }) =>
      p.table === undefined ? 'give a table the option meter' : 'read it in an action of that table alone, into metadata',
  ),
  'direct-meter-shared': warning(
    (p: { meter: string; action: string; table: string }) =>
      `The action ${p.action} reads ${p.meter}, but the table ${p.table}, whose entries have no such meter, runs the action too.`,
  ),
  'selector-keys': error((p: { table: string; needed: boolean }) =>
    p.needed
      ? `The table ${p.table} chooses members by a selector, but has no key that the selector hashes.`
      : `The table ${p.table} has a key for a selector, but its implementation is not a selector.`,
  ),
  'shared-profile': error(
    (p: { name: string; first: string; second: string }) =>
      `${p.first} and ${p.second} share ${p.name}, but differ in their actions or in what it hashes: its members are the same for both.`,
  ),
  'entries-indirect': error(
    (p: { table: string }) =>
      `The table ${p.table} has an action profile or selector: its entries name members, which no program declares.`,
    () => 'let the controller write the entries',
  ),
  'entries-too-many': error(
    (p: { table: string; size: number; entries: number }) => `The table ${p.table} has ${p.entries} entries, but its size is ${p.size}.`,
  ),
  'entry-duplicate': error((p: { table: string }) => `The table ${p.table} has another entry with the same match.`),
  'entry-priority-first': error(
    () => 'The first entry of a table must have a priority where another one has.',
    () => 'write the priority before the entry: priority = 10: …',
  ),
  'entry-priority-range': error(
    (p: { priority: string; most: string }) => `The priority of this entry is ${p.priority}; it must be from 0 to ${p.most}.`,
  ),
  'entry-priority-const': error(
    () => 'A constant entry cannot have a priority: the first entry that matches wins.',
    () => 'order the entries, or write `entries` without const',
  ),
  'entry-priority-unused': error(() => 'An entry cannot have a priority where all keys are exact or lpm.'),
  // ── validate: warnings ──
  'effect-twice': warning(
    (p: { what: string }) => `Two calls of ${p.what} are on one path: only the last one has an effect.`,
    () => 'let the branches write their decision into metadata, and make the call in one place after them',
  ),
  'mirror-without-packet-in': warning(
    (p: { bytes: number }) =>
      `Where the session of this mirror leads to the controller, the copy loses its first ${p.bytes} bytes: they are read as packet-in metadata.`,
    () =>
      'fill the metadata of copies in egress: c.if(std.path.eq(Path.mirrored), () => c.packetIn({ … })); packets to other ports stay as they are',
  ),
  'metadata-not-kept': warning(
    (p: { field: string }) => `\`${p.field}\` is 0 in mirrored packets: no mirror keeps it.`,
    (p: { field: string }) => `name it where the packet is mirrored: c.mirror(session, { keep: [${p.field}] })`,
  ),
  'empty-range': warning(
    (p: { low: string; high: string }) => `The range from ${p.low} to ${p.high} is empty: the lower bound must come first.`,
    (p: { low: string; high: string }) => `write ${p.high} as the lower bound and ${p.low} as the upper bound`,
  ),
  'hash-without-range': warning(
    () => 'A hash modulo 0 is always its base.',
    () => 'give the number of values that the hash can have',
  ),
  'hash-range': warning(
    (p: { first: string; last: string; type: string }) =>
      `This hash is from ${p.first} to ${p.last}, which does not fit ${p.type}: its upper bits are lost.`,
    () => 'choose a smaller base or number of values, or a wider result',
  ),
  'never-emitted': warning(
    (p: { header: string }) =>
      `\`${p.header}\` becomes part of the packet, but the deparser does not emit it: the packet leaves without it.`,
    (p: { header: string }) => `emit it in the deparser; where it is meant to go, say so: c.setInvalid(${p.header})`,
  ),
  'nothing-emitted': warning(
    (p: { header: string }) => `The deparser emits nothing: packets leave without \`${p.header}\`.`,
    () => 'emit the headers in their order: deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4)',
  ),
  'emitted-twice': warning(
    (p: { header: string }) => `\`${p.header}\` is emitted twice: the packet leaves with two of it.`,
    () => 'emit it once, where it stands in the packet',
  ),
  'never-decides': warning(
    () => 'Ingress never decides where packets go: every packet is dropped.',
    () => 'forward them, c.forward(port), or give them to the controller; where they are meant to be dropped, c.drop() says so',
  ),
  'cell-index': warning(
    (p: { name: string; index: string; size: string }) =>
      `${p.name} has ${p.size} cells, from 0: cell ${p.index} does not exist, so this call has no effect.`,
    (p: { name: string }) => `declare ${p.name} with more cells, or use a smaller index`,
  ),
  'target-never': warning(
    (p: { target: string; around: string; is: boolean }) =>
      `This part for ${p.target} never runs: it is inside a part for ${p.is ? p.around : `targets other than ${p.around}`}.`,
  ),
  'select-without-default': warning(
    () => 'Packets that no case of this select matches are rejected.',
    () => "write .otherwise('reject') where that is meant, and .otherwise('accept') or another state where it is not",
  ),
  'unreachable-statement': warning(
    (p: { after: string }) => `This is never reached: the ${p.after} before it ends the block.`,
    (p: { after: string }) => `move it before the ${p.after}, or remove it`,
  ),
  'unreachable-state': warning(
    (p: { state: string }) => `No path of the parser leads to the state "${p.state}".`,
    () => 'go to it from another state, or remove it',
  ),
  'unreachable-case': warning(
    () => 'This case is never reached: an earlier one matches everything.',
    () => 'move it before that one, or remove it',
  ),
  'never-used': warning(
    (p: { what: string; name: string }) => `The ${p.what} \`${p.name}\` is declared and never used.`,
    () => 'use it, or remove it',
  ),
  'header-maybe-invalid': warning(
    (p: { field: string; header: string; certain: boolean }) =>
      `\`${p.field}\` is read where \`${p.header}\` ${p.certain ? 'is not' : 'may not be'} valid.`,
    (p: { header: string }) => `put it inside c.if(valid(${p.header}), () => …)`,
  ),
  'p4-own-extern': error(
    (p: { what: string }) => `${p.what} is declared by the program itself: p4ts has no code for it.`,
    () =>
      'write it as a function of P4, or as a control; on BMv2, p4c --emit-externs calls what a module in C++ registers (simple_switch --load-modules)',
  ),
  'not-yet': error(
    (p: { feature: string }) => `${p.feature} is not supported yet.`,
    (p: { feature: string; instead?: string }) => p.instead,
  ),
  'not-on-target': error(
    (p: { what: string; target: string; reason: string }) => `${p.what} cannot be used on ${p.target}: ${p.reason}.`,
    (p: { what: string; target: string; reason: string; instead?: string }) => p.instead,
  ),
  // ── files and captures (compiler/support/files.ts, runtime/pcap) ──
  'file-unreadable': error((p: { path: string; reason: string }) => `Cannot read ${p.path}: ${p.reason}.`),
  'file-unwritable': error((p: { path: string; reason: string }) => `Cannot write ${p.path}: ${p.reason}.`),
  'file-too-large': error(
    (p: { path: string; size: number; limit: number }) => `${p.path} has ${p.size} bytes; the most that is read is ${p.limit}.`,
  ),
  'not-a-pcap': error(
    (p: { name: string }) => `${p.name} is not a pcap file: its first bytes are not those of a capture.`,
    () => 'write one with tcpdump -w FILE, or export one from Wireshark as pcap',
  ),
  'pcap-is-pcapng': error(
    (p: { name: string }) => `${p.name} is a pcapng file; a classic pcap file is expected.`,
    (p: { name: string }) => `convert it: editcap -F pcap ${p.name} ${p.name.replace(/\.pcap(ng)?$|$/, '-classic.pcap')}`,
  ),
  'pcap-is-compressed': error(
    (p: { name: string }) => `${p.name} is compressed.`,
    (p: { name: string }) => `unpack it first: gunzip ${p.name}`,
  ),
  'pcap-no-header': error((p: { name: string }) => `${p.name} ends within the header of a pcap file.`),
  'pcap-link-type': error(
    (p: { name: string; linkType: number }) => `${p.name} holds packets of link type ${p.linkType}; Ethernet frames (1) are expected.`,
    () => 'capture on an Ethernet interface: with tcpdump, name it (-i eth0) instead of "any"',
  ),
  'pcap-truncated': error(
    (p: { name: string; number: number; missing: number; part: string }) =>
      `${p.name} ends within packet ${p.number}: ${p.missing} bytes of its ${p.part === 'header' ? 'record header' : 'content'} are missing.`,
    (p: { name: string }) => `keep the whole packets: tcpdump -r ${p.name} -w ${p.name.replace(/\.pcap$|$/, '-whole.pcap')}`,
  ),
  'pcap-cut': warning(
    (p: { name: string; cut: number; packets: number }) =>
      `${p.cut} of the ${p.packets} packets in ${p.name} were cut short when they were captured.`,
    () => 'capture whole packets: tcpdump -s 0',
  ),
  'pcap-packet-too-long': error(
    (p: { name: string; number: number; length: number; limit: number }) =>
      `Packet ${p.number} of ${p.name} is said to have ${p.length} bytes; the most is ${p.limit}.`,
  ),
  // ── the command (cli): the user's file ──
  'no-p4-file': error(
    (p: { file: string }) => `${p.file} is not a program in P4.`,
    () => 'give a .p4 file; a pipeline in TypeScript has its types already',
  ),
  'unknown-file-kind': error(
    (p: { file: string }) => `p4ts cannot read files such as ${p.file}.`,
    () => 'give a pipeline in TypeScript or JavaScript (.ts, .mts, .js or .mjs), or a program in P4 (.p4, .p4i or any other name)',
  ),
  'syntax-error': error((p: { text: string }) => `${p.text}.`),
  'cannot-load': error((p: { file: string; reason: string }) => `${p.file} cannot be loaded: ${p.reason}.`),
  'package-missing': error(
    (p: { name: string }) => `The package "${p.name}" is not installed.`,
    (p: { name: string }) => `npm install ${p.name}`,
  ),
  'package-part-missing': error(
    (p: { name: string; part: string; parts: readonly string[]; suggestion: string | undefined }) =>
      `The package ${p.name} has no "${p.part}"${didYouMean(p.suggestion)}.`,
    ({ parts }: { parts: readonly string[] }) => `it has ${listed(parts)}`,
  ),
  'export-missing': error(
    (p: { module: string; name: string; suggestion: string | undefined }) =>
      `"${p.module}" exports no "${p.name}"${didYouMean(p.suggestion)}.`,
  ),
  'exception-in-file': error((p: { message: string }) => `The file threw an exception: ${p.message}`),
  'exception-in-call': error(
    (p: { message: string; place: string }) => `This call of p4ts threw an exception: ${p.message} (${p.place})`,
    () => 'tsc says what the call expects; where it finds nothing wrong, this is a bug in p4ts: please report it',
  ),
  'file-never-finishes': error(
    (p: { file: string }) => `${p.file} never finishes loading: it awaits something that does not come.`,
    () => 'connect to switches in another file than the one that exports the pipeline',
  ),
  'no-pipeline': error(
    (p: { file: string; exports: string }) =>
      `${p.file} exports no pipeline${p.exports === '' ? '; it exports nothing' : `; it exports ${p.exports}`}.`,
    () => "export what pipeline(…) returns: export const router = pipeline('router', { … })",
  ),
  'several-pipelines': error(
    (p: { file: string; names: string; first: string }) => `${p.file} exports several pipelines: ${p.names}.`,
    (p: { first: string }) => `choose one: --pipeline ${p.first}`,
  ),
  'unknown-pipeline': error(
    (p: { file: string; name: string; suggestion: string; names: readonly string[] }) =>
      `${p.file} exports no pipeline "${p.name}"${p.suggestion}.`,
    (p: { names: readonly string[] }) => `its pipelines are ${listed(p.names)}`,
  ),
  // ── the control plane (runtime/client, runtime/p4runtime) ──
  'not-a-pipeline': error((p: { what: string; got: string }) => `${p.what} expects what pipeline(…) or loadP4(…) returned, not ${p.got}.`),
  'not-a-handle': error(
    (p: { what: string; kind: string; got: string }) =>
      `${p.what} expects a ${p.kind} that the pipeline's ingress or egress function returned, not ${p.got}.`,
  ),
  'not-desired': error(
    (p: { what: string; got: string }) =>
      `${p.what} expects what tableEntries(…), multicastGroup(…) or a similar function returned, not ${p.got}.`,
  ),
  'handle-of-another': error(
    (p: { kind: string; path: string; owner: string; program: string }) =>
      p.owner === p.program
        ? `The ${p.kind} ${p.path} belongs to another pipeline ${p.owner} than the one on this switch.`
        : `The ${p.kind} ${p.path} belongs to the pipeline ${p.owner}; this switch has the pipeline ${p.program}.`,
    () => 'take it from the pipeline that connect or simulate was given',
  ),
  'no-such-part': error((p: { kind: string; path: string; program: string }) => `The pipeline ${p.program} has no ${p.kind} ${p.path}.`),
  'not-in-target': error(
    (p: { kind: string; path: string; target: string }) => `The ${p.kind} ${p.path} is not in the P4Info of ${p.target}.`,
    () => 'a table that is never applied is left out of P4Info',
  ),
  'entry-value': error((p: { at: string; problem: string }) => `${p.at}: ${p.problem}.`),
  'entry-unknown': error(
    (p: { at: string; what: string; name: string; suggestion: string | undefined; valid?: readonly string[] }) =>
      `${p.at}: there is no ${p.what} "${p.name}"${didYouMean(p.suggestion)}${p.suggestion === undefined ? '.' : ''}`,
    ({ valid = [] }: { valid?: readonly string[] }) => (valid.length === 0 ? undefined : `the names are ${listed(valid)}`),
  ),
  'entry-missing': error((p: { at: string; what: string }) => `${p.at}: ${p.what} is missing.`),
  'entry-action': error(
    (p: { at: string; action: string; actions: readonly string[] }) =>
      `${p.at}: ${p.action} is not one of the actions of the table: ${p.actions.join(', ')}.`,
  ),
  'entry-indirect': error((p: { at: string; selector: boolean }) =>
    p.selector
      ? `${p.at}: the actions of the table are in a selector; the entry takes member(id), group(id) or oneShot([…]).`
      : `${p.at}: the actions of the table are in an action profile; the entry takes member(id).`,
  ),
  'entry-priority': error((p: { at: string; needed: boolean }) =>
    p.needed
      ? `${p.at}: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.`
      : `${p.at}: the entry has a priority, but no key is ternary, range or optional.`,
  ),
  'controller-not-primary': error(
    (p: { address: string; electionId: bigint; highest: bigint | undefined }) =>
      `Another controller${p.highest === undefined ? '' : ` (election id ${p.highest})`} is the primary of ${p.address}; this controller has election id ${p.electionId}.`,
    () => 'stop the other controller, or connect with a higher electionId, or with ifPrimaryExists: "stand-by" or "take-over"',
  ),
  'election-id-below': error(
    (p: { address: string; electionId: bigint; highest: bigint }) =>
      `A controller with election id ${p.electionId} cannot become the primary of ${p.address}, which has had a primary with election id ${p.highest}.`,
    (p: { highest: bigint }) => `connect with electionId ${p.highest}n or higher`,
  ),
  'bad-election-id': error((p: { electionId: bigint }) => `The election id ${p.electionId} is not between 1 and 2^128 - 1.`),
  'bad-address': error(
    (p: { address: string }) => `"${p.address}" is not the address of a P4Runtime server.`,
    () => 'write HOST:PORT, such as 127.0.0.1:9559 or [::1]:9559, or unix:PATH',
  ),
  'bad-certificate': error((p: { why: string }) => `The certificate or key is not usable: ${p.why}.`),
  'switch-unreachable': error((p: { address: string; why: string }) => `Cannot reach a P4Runtime server at ${p.address}: ${p.why}.`),
  'switch-without-pipeline': error(
    (p: { address: string }) => `The switch at ${p.address} has no pipeline.`,
    () => 'connect(pipeline, …) loads a pipeline, and so does p4ts switch FILE',
  ),
  'pipeline-not-loaded': error(
    (p: { address: string; program: string }) => `The switch at ${p.address} does not run the pipeline ${p.program}, and push is "never".`,
    () => 'connect with push: "if-different"',
  ),
  'bad-cpu-port': error((p: { port: number; max: number }) => `The CPU port ${p.port} is not between 1 and ${p.max}.`),
  'address-in-use': error((p: { address: string }) => `The address ${p.address} is in use: another switch may be running there.`),
  'tls-incomplete': error(
    () => 'TLS needs a certificate and its key.',
    () => 'give both --tls-cert and --tls-key',
  ),
  'address-not-usable': error((p: { address: string; why: string }) => `Cannot listen on ${p.address}: ${p.why}.`),
  // ── files of entries (runtime/entries) ──
  'entries-syntax': error(
    (p: { found: string; expected: string }) => `Expected ${p.expected}, found ${p.found}.`,
    () => 'write TABLE KEY=VALUE … -> ACTION(NAME=VALUE, …), default TABLE -> ACTION(…), or multicast GROUP: PORT, PORT, …',
  ),
  'entries-ambiguous': error(
    (p: { what: string; name: string; paths: readonly string[] }) => `"${p.name}" can be more than one ${p.what}: ${p.paths.join(', ')}.`,
    (p: { paths: readonly string[] }) => `write the whole name: ${p.paths[0]}`,
  ),
  'entries-profile': error(
    (p: { table: string }) =>
      `The actions of the table ${p.table} are in an action profile, and a file of entries cannot create its members.`,
    () => 'let a controller write the members and the entries',
  ),
  'entries-twice': error((p: { what: string; name: string }) => `The ${p.what} ${p.name} is given twice.`),
  'entries-file': error((p: { why: string }) => `The file cannot be read: ${p.why.split('\n')[0]?.replace(/\.$/, '')}.`),
  'shell-command': error((p: { problem: string }) => `${p.problem}.`),
  'entries-shape': error((p: { at: string; expected: string; got: string }) => `${p.at}: expected ${p.expected}, got ${p.got}.`),
  'reconcile-outside': error(
    (p: { what: string }) => `${p.what} is desired, but is outside the scope.`,
    () => 'name its table in the scope, or leave the scope out',
  ),
  'reconcile-twice': error((p: { what: string }) => `${p.what} is desired twice, with different values.`),
  'reconcile-conflict': error(
    (p: { what: string }) => `${p.what}: the switch has an entry with this match, which is not this controller's.`,
  ),
  'entity-unsupported': error((p: { what: string; target: string; why: string }) => `${p.target} does not support ${p.what}: ${p.why}.`),
  'entry-refused': error((p: { why: string }) => `The switch refuses this: ${p.why}.`),
  // ── STF (runtime/stf) ──
  'stf-syntax': error(
    (p: { found: string; expected: string }) => `Expected ${p.expected}, found ${p.found}.`,
    () => 'write packet PORT HEX, expect PORT HEX, add TABLE [PRIORITY] KEY:VALUE … ACTION(NAME:VALUE, …), or setdefault TABLE ACTION(…)',
  ),
  'stf-command': error((p: { command: string }) => `${p.command} needs another argument.`),
  'stf-unknown': error(
    (p: { what: string; number: number }) => `There is no ${p.what} ${p.number} yet: it must be created before it is used.`,
  ),
  'stf-no-counter': error((p: { table: string }) => `The entries of the table ${p.table} have no counters.`),
  'stf-missing': error((p: { port: number; got: number; expected: number }) => {
    const came = p.got === 0 ? 'none came' : `only ${p.got} came`;
    return `A packet is missing on port ${p.port}: ${p.expected === 1 ? 'one is' : `${p.expected} are`} expected, and ${came}.`;
  }),
  'stf-extra': error(
    (p: { port: number; got: string; expected: number }) =>
      `An unexpected packet came out of port ${p.port}, where ${p.expected === 0 ? 'none is' : `${p.expected} are`} expected: ${p.got}.`,
  ),
  'stf-differs': error(
    (p: { port: number; problem: string; got: string; expected: string }) =>
      `The packet on port ${p.port} is not the expected one: ${p.problem}.\n  expected ${p.expected}\n  came     ${p.got}`,
  ),
  'stf-unexpected': error((p: { count: number }) => `The previous packet must be dropped, but ${p.count} came out.`),
  'stf-counter': error(
    (p: { counter: string; unit: string; got: bigint; comparison: string; value: bigint }) =>
      `The counter ${p.counter} has ${p.got} ${p.unit}, which is not ${p.comparison} ${p.value}.`,
  ),
  // ── targets and their tools ──
  'tool-missing': warning(
    (p: { command: string; variable: string }) => `${p.command} is not on PATH, so p4ts leaves its output out.`,
    (p: { command: string; variable: string }) => `install it, or set ${p.variable} to where it is`,
  ),
  'tool-not-there': error(
    (p: { command: string; variable: string; path: string }) =>
      `${p.variable} says that ${p.command} is ${p.path}, but nothing there can be run.`,
  ),
  'tool-timeout': error((p: { path: string; seconds: number }) => `${p.path} did not end within ${p.seconds} s and was stopped.`),
  'tool-not-run': error((p: { path: string; reason: string }) => `${p.path} cannot be run: ${p.reason}.`),
  'p4c-refused': error((p: { output: string }) => `p4c refuses the P4 that p4ts wrote:\n${p.output}`),
  'p4c-warns': warning((p: { program: string; output: string }) => `p4c warns of the P4 that p4ts wrote for ${p.program}:\n${p.output}`),
  // ── limits of one target (targets/bmv2/limits.ts says why) ──
  'bmv2-shift-amount': error(
    (p: { type: string }) => `BMv2 cannot shift by a ${p.type}: its amounts have 8 bits.`,
    () => 'shift by amount.as(bit(8)), where the amount is below 256',
  ),
  'bmv2-division': error(
    (p: { op: string }) => `BMv2 has no division: "${p.op}" takes constants, or a power of two on its right.`,
    () => 'look the result up in a table',
  ),
  'bmv2-checksum-data': error(
    () => 'BMv2 covers fields, headers and constants with a checksum, no computed values.',
    () => 'assign a computed value to a field of the metadata first',
  ),
  'bmv2-not-in-block': error(
    (p: { what: string; here: string; takes: string }) =>
      `p4c does not translate ${p.what} for BMv2 in the ${p.here}, which takes ${p.takes}.`,
    () => 'do it in ingress or egress',
  ),
  'bmv2-applied-in-two-places': error(
    (p: { table: string }) => `BMv2 cannot go on differently after the two places where the table ${p.table} is applied.`,
    () => 'apply it once, before the branches or after them, or declare two tables',
  ),
  'bmv2-enum-key': error(
    (p: { key: string; type: string }) => `BMv2 cannot match the key ${p.key}: ${p.type} is an enum without values, so it has no width.`,
    () => 'give the members of the enum values',
  ),
  'bmv2-profile-default': error(
    (p: { table: string; action: string }) =>
      `BMv2 has no default action for the table ${p.table}, whose actions are in a profile or selector: ${p.action} would never run.`,
    () => 'leave the default action out, and do what it does where the table misses',
  ),
  'bmv2-profile-default-left-out': warning(
    (p: { table: string; action: string }) =>
      `p4c leaves the default action ${p.action} out for BMv2: the actions of the table ${p.table} are in a profile or selector.`,
    () => 'do what it does where the table misses: if (t.apply().miss) { … }',
  ),
  'bmv2-value-set-exact': warning(
    (p: { name: string; field: string }) => `BMv2 matches the value set ${p.name} exactly: p4c ignores the match kind of ${p.field}.`,
  ),
  'bmv2-value-set': error(
    (p: { name: string }) => `BMv2 matches the value set ${p.name} only as a whole and exactly.`,
    () => 'select on the set alone, or give the select a case for everything else; a set of several fields is of a struct, without @match',
  ),
  'bmv2-register-type': error(
    (p: { name: string; type: string }) => `BMv2 keeps numbers in registers: ${p.name} has cells of type ${p.type}.`,
    () => 'give the cells the type bit(W), one bit for a bool',
  ),
  'bmv2-entry-constant': error(
    (p: { value: string; isText: boolean }) =>
      `p4c cannot put ${p.value} into an entry or default action: ${p.isText ? 'P4Runtime knows values of its type as text' : 'it is negative'}.`,
    () => 'let the controller install it',
  ),
  'bmv2-lpm-entry': warning(
    (p: { key: string; table: string }) =>
      `p4c computes another prefix for the key ${p.key} of this entry of ${p.table}, or refuses it: it has more than 64 bits.`,
    () => 'the switch of p4ts has it right; for BMv2 let the controller install the entry',
  ),
  'bmv2-optional-bool': error(
    (p: { key: string; table: string }) => `p4c takes no boolean for the optional key ${p.key} in an entry of ${p.table}.`,
    () => 'match bit<1> instead, or make the key ternary',
  ),
  'bmv2-for-in': error(
    () => 'p4c does not translate loops over a range or list for BMv2.',
    () => 'write the statements as often as they have to run, or a loop in TypeScript, which does that',
  ),
  'bmv2-loop': warning(
    () => 'BMv2 runs the body of this loop once: p4c does not translate loops for it.',
    () => 'the switch of p4ts runs loops; for BMv2 write the statements as often as they have to run',
  ),
  'bmv2-packet-length': error(
    () => "BMv2's parser does not know the length of the packet.",
    () => 'read std.packetLength in egress',
  ),
  'bmv2-function-in-parser': error(
    (p: { name: string }) => `p4c does not translate the call of ${p.name} for BMv2's parser: the function branches.`,
    () => 'write its statements in the state',
  ),
  'bmv2-select-error': error(
    () => 'P4 has no select on an error.',
    () => 'compare the error in ingress: std.parserError',
  ),
  'bmv2-stack-list': error(
    () => 'BMv2 cannot take the fields of headers in the value of a stack: it does not load the JSON that p4c writes for it.',
    () => 'assign the elements of the stack one by one: h.s[0] = …;',
  ),
  'bmv2-union-index': error(
    () => 'p4c does not translate an index computed at run time into a stack of header unions.',
    () => 'use constant indices',
  ),
  'bmv2-union-last': error(
    () => 'BMv2 does not know `last` of a stack of header unions: it does not load the JSON that p4c writes for it.',
    () => 'read the bits with lookahead before the header is extracted, or give the element by its index',
  ),
  'bmv2-union-shift': warning(
    (p: { method: string }) =>
      `${p.method} of a stack of header unions is wrong on BMv2: the elements that fall off come back at the other end.`,
    () => 'the switch of p4ts removes them; for BMv2 make the members of these elements invalid first',
  ),
  'bmv2-union-in-metadata': error(
    (p: { field: string }) => `BMv2 has no header unions in metadata (${p.field}): it does not load the JSON that p4c writes for them.`,
    () => 'put the union among the headers, or make it a stack of one element',
  ),
  'bmv2-exit-twice': error(
    (p: { control: string }) => `p4c cannot translate this exit for BMv2: the control ${p.control} runs more than once.`,
    () => 'put it into an action, and call that',
  ),
  'bmv2-lpm-width': warning(
    (p: { key: string; width: number }) =>
      `BMv2 gets the prefixes of the key ${p.key} wrong, in entries of the program and of controllers: ${p.width} bits are not a whole number of bytes.`,
    () => 'the switch of p4ts has them right; for BMv2 match a wider field, such as one made with concat, or a ternary key',
  ),
  'bmv2-drop-port': warning(
    () => 'Port 511 is where BMv2 drops packets: this forwards none.',
    () => 'forward to a port from 0 to 510, or write c.drop()',
  ),
  'bmv2-translation': warning(
    (p: { what: string; type: string; controller: string }) =>
      `${p.what} is ${p.controller} for the control plane (${p.type}), and BMv2's own server translates nothing: it will not take the values.`,
    () => 'the switch of p4ts translates; for BMv2 give the type numbers of its own width, with as: bit(W)',
  ),

  // ── the command (cli): arguments ──
  'unknown-target': error(
    (p: { name: string; known: string; suggestion: string }) => `There is no target "${p.name}"${p.suggestion || `; there is ${p.known}`}.`,
  ),
  'folder-not-empty': error(
    (p: { folder: string; found: string }) => `${p.folder} is not empty (it has ${p.found}); nothing is overwritten.`,
    () => 'name a new folder: p4ts init my-router',
  ),
  'bad-packet-hex': error(
    (p: { reason: string }) => `The packet is not written in hexadecimal: ${p.reason}.`,
    () =>
      'write two digits for each byte, with spaces, colons or line ends between them as you like: --packet "ffffffffffff 020000000001 0800"',
  ),
} as const;

export type Code = keyof typeof messages;
export type Params<C extends Code> = (typeof messages)[C] extends Message<infer P> ? P : never;
