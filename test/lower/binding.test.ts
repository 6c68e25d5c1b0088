import { expect, test } from 'vitest';
import { identityBinding } from '../../compiler/binding.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { caseProgram } from '../support/cases.js';

const language = await caseProgram('expressions-and-calls');
const services = await caseProgram('externs');
const shared = await caseProgram('reserved-names');

test('names are those that P4Info has, within scopes and within controls in controls', () => {
  for (const program of [language, services, shared]) {
    const binding = identityBinding(program);
    const info = buildP4Info(program);
    const known = [...info.tables, ...info.counters, ...info.direct_counters, ...info.meters, ...info.direct_meters, ...info.registers];
    for (const { preamble } of [...known, ...info.action_profiles, ...info.value_sets])
      expect(binding.get(preamble.name)).toBe(preamble.name);
    for (const { preamble } of info.actions) if (preamble.name !== 'NoAction') expect(binding.get(preamble.name)).toBe(preamble.name);
  }
  expect(identityBinding(services).has('ingress.tenants.pick')).toBe(true);
  expect(identityBinding(language).has('ingress.marks.first.inner.hits')).toBe(true);
  expect(identityBinding(shared).has('ingress.zweite.list')).toBe(true);
});
