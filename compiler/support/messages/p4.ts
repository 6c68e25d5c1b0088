/** Mistakes in P4-16 source: the preprocessor, the syntax, names and types. */
import { didYouMean, error, type Misfit, misfit, warning } from './message.js';

export interface OldFormParams {
  readonly old: string;
  readonly today: string;
  readonly lists: { readonly number: number; readonly fields: readonly string[] } | undefined;
  /** The type of a parameter that the call needs, where the code around it has none. */
  readonly missing: string | undefined;
}

/** What `p4ts fix` does not change. */
const left = (because: string): string => `This is left as it is: ${because}.`;

export const p4Messages = {
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
  'directive-operand': error((p: { directive: string; expected: string }) => `#${p.directive} needs ${p.expected}.`),
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
  'condition-missing': error((p: { name: string }) => `This #${p.name} has no #if.`),
  'condition-after-else': error((p: { name: string }) => `#${p.name} cannot follow #else: #else is the last branch of an #if.`),
  'condition-depth': error((p: { limit: number }) => `Conditions can be nested ${p.limit} deep at most.`),
  'error-directive': error((p: { text: string }) => `#error ${p.text}`),
  'warning-directive': warning((p: { text: string }) => `#warning ${p.text}`),
  'macro-name': error((p: { name: string }) => `"${p.name}" cannot be the name of a macro.`),
  'macro-parameters': error((p: { name: string }) => `The parameters of the macro ${p.name} must be a list of different names.`),
  'macro-paste': error(() => 'In a macro, ## must be between two words.'),
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
  'slice-order': error(
    (p: { slice: string; swapped: string }) => `The slice ${p.slice} is empty: the higher bit must come first.`,
    (p: { slice: string; swapped: string }) => `write ${p.swapped}`,
  ),
  'shift-too-far': error(
    (p: { by: string; limit: number }) => `A shift by ${p.by} is too far: a number without a width has at most ${p.limit} bits.`,
  ),
  'shift-of-integer': error(
    () => 'The amount by which a number without a width is shifted must be known when the program is compiled.',
    () => 'give the number a width, such as 8w1',
  ),
  'dont-care-type': error(() => '`_` is not a type: it stands for a type argument that is inferred.'),
  'p4-type-depth': error((p: { limit: number }) => `Types can be nested ${p.limit} deep at most.`),
  'p4-type-parts': error((p: { limit: number }) => `This type has more than ${p.limit} parts.`),
  'value-too-large': error((p: { what: string; limit: number }) => `This is too large: ${p.what} ${p.limit} at most.`),
  'p4-overloads': error((p: { name: string; limit: number }) => `There are more than ${p.limit} declarations of ${p.name}.`),
  'p4-overloaded-type': warning(
    (p: { name: string; kind: string }) => `There is a ${p.kind} ${p.name} already: P4-16 overloads functions and methods only.`,
  ),
  'p4-enum-base': error(
    (p: { type: string }) => `The members of an enum cannot be ${p.type}.`,
    () => 'give the enum a type bit<W> or int<W>',
  ),
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

  'p4-default-last': error(() => '`default` must be the last case.'),
  'p4-no-end': error((p: { name: string }) => `The parser ${p.name} never reaches accept or reject.`),
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
  'fix-macro': warning((p: { what: string; macro: string | undefined }) =>
    left(`${p.what} comes from ${p.macro === undefined ? 'a macro' : `the macro ${p.macro}`}`),
  ),
  'fix-result': warning(
    () => left('its result is part of an expression'),
    () => 'assign the result to a variable first',
  ),
  'fix-parameter': warning((p: { type: string }) => left(`the block has no parameter of type ${p.type}`)),
  'fix-use': warning((p: { name: string; param: string }) => left(`${p.name} is also used where there is no ${p.param}`)),
  'fix-file': warning((p: { file: string }) => left(`${p.file} is not among the files that may be changed`)),
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
      `${p.name} is ${p.version}, but p4ts has the versions ${p.first} to ${p.last}.`,
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
  'p4-own-extern': error(
    (p: { what: string }) => `${p.what} is declared by the program itself: p4ts has no code for it.`,
    () =>
      'write it as a function of P4, or as a control; on BMv2, p4c --emit-externs calls what a module in C++ registers (simple_switch --load-modules)',
  ),
  'p4-architecture': error(
    (p: { package: string | undefined; known: string }) =>
      p.package === undefined
        ? 'The program has no `main`, so nothing runs.'
        : `The package ${p.package} belongs to no architecture that p4ts can run or compile.`,
    (p: { package: string | undefined; known: string }) => `instantiate one of ${p.known} as \`main\``,
  ),
} as const;
