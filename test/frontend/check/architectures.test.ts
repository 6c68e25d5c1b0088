/** What architectures ask of a program: their versions, and that their own examples pass. */
import { describe, expect, test } from 'vitest';
import { isLibrary } from '../../../compiler/frontend/library.js';
import { accepts, check } from './check.js';

describe('versions of v1model', () => {
  accepts('that there are', ['#include <v1model.p4>', '#define V1MODEL_VERSION 20200408\n#include <v1model.p4>']);

  test.each([20000101, 20990101, -5])('that there are not: %s', async (version) => {
    const { diagnostics } = await check(`#define V1MODEL_VERSION ${version}\n#include <v1model.p4>`);
    expect(diagnostics.list.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([
      `V1MODEL_VERSION is ${version}, but p4ts has the versions 20180101 to 20200408.`,
    ]);
    expect(diagnostics.list.every((d) => isLibrary(d.loc.file))).toBe(true);
  });
});

describe('architectures', () => {
  accepts('their declarations', [
    '#include <core.p4>',
    '#include <psa.p4>',
    '#include <core.p4>\n#include <v1model.p4>\n#include <core.p4>',
  ]);
});
