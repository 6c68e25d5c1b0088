/** The place of a field in the source, which diagnostics point at and whose comment P4 has. */
import { bit, header, pipeline } from 'p4ts';
import { expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import type { TypeDecl } from '../../compiler/ir/types.js';
import { sourceAt } from '../support/diagnostics.js';

const make = (metadata: Record<string, ReturnType<typeof bit>>) =>
  pipeline('p', {
    headers: { h: header('h_t', { a: bit(8) }) },
    metadata,
    parser: { start: (p) => p.accept() },
    ingress(ctl) {
      // An action has a parameter of the same name, with a comment of its own.
      ctl.action('use', { /** Not the field. */ level: bit(8) }, (c) => c.forward(1));
      ctl.apply((c) => c.forward(1));
    },
    deparser() {},
  });

/** From the place of each field to the end of its line, with the field's comment. */
function fieldsOf(program: unknown, type: string): string[] {
  const declared = programOf(program)?.ir.types.find(({ name }) => name === type) as Extract<TypeDecl, { kind: 'struct' | 'header' }>;
  return declared.fields.map((field) => `${sourceAt(field)}${field.doc ?? ''}`);
}

test('fields of a literal are where they are written', () => {
  const within = pipeline('q', {
    headers: {},
    metadata: {
      text: bit(1), // ') }', "]", `}`
      /** How high. */
      level: bit(8),
    },
    parser: { start: (p) => p.accept() },
    ingress: (ctl) => ctl.apply((c) => c.forward(1)),
    deparser() {},
  });
  expect(fieldsOf(within, 'metadata_t')).toEqual(['text: bit(1), // \') }\', "]", `}`', 'level: bit(8),How high.']);
});

test('fields that are declared elsewhere are at the option that has them', () => {
  expect(fieldsOf(make({ level: bit(8) }), 'metadata_t')).toEqual(['metadata,']);
});
