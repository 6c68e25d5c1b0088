/** Values that P4Runtime translates, on BMv2: its server's answers are in the scenario "translations". */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { newtypes } from '../cases/newtype-translation/pipeline.js';
import { translatedValues } from '../interop/bmv2/scenarios/translations.js';

const warnings = (pipeline: unknown) =>
  compile((programOf(pipeline) as { ir: Program }).ir, bmv2).diagnostics.map((d) => [d.code, d.message.split(' is ')[0]]);

test("bmv2-translation: text, keys of another size, and controllers' headers of another width are warned about", () => {
  expect(warnings(translatedValues.pipeline)).toEqual([
    ['bmv2-translation', 'The parameter text'],
    ['bmv2-translation', 'The key wide'],
    ['bmv2-translation', 'The key text'],
  ]);
  expect(warnings(newtypes)).toEqual([
    ['bmv2-translation', 'The parameter vrf'],
    ['bmv2-translation', 'The key from'],
    ['bmv2-translation', 'The key vrf'],
    ['bmv2-translation', 'The field egressPort'],
    ['bmv2-translation', 'The field ingressPort'],
    ['bmv2-translation', 'The field vrf'],
  ]);
});
