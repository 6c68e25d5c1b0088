/** The controls that verify and update checksums: BMv2 has no code there, only a list of checksums with their conditions. */
import { binaryOf, boolOf } from '../../../compiler/flat/exprs.js';
import type { FlatArg, FlatCall, FlatCode, FlatControl, FlatExpr } from '../../../compiler/flat/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import type { Loc } from '../../../compiler/support/location.js';
import { bool, hex } from './expressions.js';
import { headerInputs } from './externs.js';
import type { Calculation, Checksum } from './format.js';
import { sourceInfo, type Writer } from './writer.js';

export function checksumsOf(control: FlatControl, w: Writer, checksums: Checksum[]): void {
  const refuse = (what: string, loc: Loc): void => void w.diagnostics.report('bmv2-checksum-code', { what }, { loc });
  const add = (code: FlatCode, cond: FlatExpr): void => {
    for (const stmt of code) {
      if (stmt.kind === 'if') {
        if (stmt.else.length > 0) refuse('a condition has no `else` there', stmt.loc);
        add(stmt.then, binaryOf('&&', cond, stmt.cond));
      } else if (stmt.kind !== 'call') refuse('nothing is assigned there', stmt.loc);
      else {
        const made = checksumOf(stmt, cond, w, checksums.length);
        if (made) checksums.push({ ...made, ...sourceInfo(stmt.loc) });
        else refuse('its data are fields, headers and constants', stmt.loc);
      }
    }
  };
  add(control.body, boolOf(true));
}

/** Undefined where something in it is computed. */
function checksumOf({ method, args }: FlatCall, around: FlatExpr, w: Writer, id: number): Checksum | undefined {
  const [condition, data, checksum, algorithm] = args;
  invariant(
    condition?.kind === 'value' && data && checksum?.kind === 'value' && algorithm?.kind === 'name',
    `the arguments of ${method.name}`,
  );
  const fields = inputs(data, w);
  if (!fields || checksum.value.kind !== 'slot') return undefined;
  const cond = binaryOf('&&', around, condition.value);
  const verify = method.name.startsWith('verify');
  const payload = method.name.endsWith('_with_payload') ? [{ type: 'payload', value: null } as const] : [];
  const calculation: Calculation = {
    name: w.name('calc'),
    id: w.calculations.length,
    algo: algorithm.name,
    input: [...fields, ...payload],
  };
  w.calculations.push(calculation);
  return {
    name: w.name('cksum'),
    id,
    type: 'generic',
    target: w.layout.fieldOf(checksum.value.slot),
    calculation: calculation.name,
    verify,
    update: !verify,
    if_cond: cond.kind === 'const' && cond.value === 1n ? null : bool(cond, w.layout),
  };
}

function inputs(arg: FlatArg, w: Writer): Calculation['input'] | undefined {
  switch (arg.kind) {
    case 'parts': {
      const parts = arg.parts.map((part) => inputs(part.arg, w));
      return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
    }
    case 'header':
    case 'stack':
      return headerInputs(arg, w);
    case 'value': {
      const { value } = arg;
      if (value.kind === 'slot') return [{ type: 'field', value: w.layout.fieldOf(value.slot) }];
      if (value.kind !== 'const') return undefined;
      const bitwidth = value.type.kind === 'bool' ? 1 : value.type.width;
      return [{ type: 'hexstr', value: hex(BigInt.asUintN(bitwidth, value.value), bitwidth), bitwidth }];
    }
    default:
      return undefined;
  }
}
