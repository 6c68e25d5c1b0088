/**
 * Values that P4Runtime translates ("User-defined types"): BMv2's server does not. It takes numbers whose bytes are as many
 * as those of the switch's, and no text; in the headers of packets it goes by the controller's widths.
 */

import { programInfo } from '../../compiler/analysis/program-info.js';
import { translationOf } from '../../compiler/ir/annotations.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Type } from '../../compiler/ir/types.js';
import { byteLength } from '../../compiler/support/bits.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';

export function checkTranslations(program: Program, diagnostics: Diagnostics): void {
  const info = programInfo(program);
  /** `fits` says whether values of so many bits can stand where the switch has so many. */
  const check = (what: string, type: Type, loc: Loc, fits: (controller: number, own: number) => boolean): void => {
    const decl = info.declaration(type);
    const translation = decl?.kind === 'newtype' ? translationOf(decl) : undefined;
    if (decl?.kind !== 'newtype' || !translation) return;
    const { width } = translation;
    if (width !== undefined && 'width' in decl.type && fits(width, decl.type.width)) return;
    diagnostics.report('bmv2-translation', { what, type: decl.name, controller: width === undefined ? 'text' : `bit<${width}>` }, { loc });
  };
  for (const { locals } of program.controls) {
    for (const local of locals) {
      if (local.kind === 'table')
        for (const key of local.keys) check(`The key ${key.name}`, key.expr.type, key.loc, (a, b) => byteLength(a) === byteLength(b));
      if (local.kind !== 'action') continue;
      for (const param of local.params) if (!param.direction) check(`The parameter ${param.name}`, param.type, param.loc, () => true);
    }
  }
  for (const { decl } of info.controllerHeaders)
    for (const field of decl.fields) check(`The field ${field.name}`, field.type, field.loc, (a, b) => a === b);
}
