/** The controls that verify and update checksums: BMv2 has no code there, only a list of checksums with their conditions. */
import { binaryOf, boolOf } from '../../../compiler/flat/exprs.js';
import type { FlatArg, FlatCall, FlatCode, FlatControl, FlatExpr } from '../../../compiler/flat/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import { bool, hex } from './expressions.js';
import type { Calculation, Checksum } from './format.js';
import { sourceInfo, type Writer } from './writer.js';

export function checksumsOf(control: FlatControl, w: Writer, checksums: Checksum[]): void {
  const add = (code: FlatCode, cond: FlatExpr): void => {
    for (const stmt of code) {
      if (stmt.kind === 'if') {
        invariant(stmt.else.length === 0, 'a checksum in an else');
        add(stmt.then, binaryOf('&&', cond, stmt.cond));
      } else {
        invariant(stmt.kind === 'call', `${stmt.kind} among checksums`);
        checksums.push({ ...checksumOf(stmt, cond, w, checksums.length), ...sourceInfo(stmt.loc, '') });
      }
    }
  };
  add(control.body, boolOf(true));
}

function checksumOf({ method, args }: FlatCall, around: FlatExpr, w: Writer, id: number): Checksum {
  const [condition, data, checksum, algorithm] = args;
  invariant(
    condition?.kind === 'value' && data && checksum?.kind === 'value' && algorithm?.kind === 'name',
    `the arguments of ${method.name}`,
  );
  const cond = binaryOf('&&', around, condition.value);
  const verify = method.name.startsWith('verify');
  const withPayload = method.name.endsWith('_with_payload');
  const calculation: Calculation = {
    name: w.name('calc'),
    id: w.calculations.length,
    algo: algorithm.name,
    input: [...inputs(data, w), ...(withPayload ? [{ type: 'payload', value: null } as const] : [])],
  };
  w.calculations.push(calculation);
  invariant(checksum.value.kind === 'slot', 'a checksum that is no field');
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

function inputs(arg: FlatArg, w: Writer): Calculation['input'] {
  switch (arg.kind) {
    case 'parts':
      return arg.parts.flatMap((part) => inputs(part.arg, w));
    case 'header':
      return [{ type: 'header', value: w.layout.nameOf(arg.header) }];
    case 'value': {
      const { value } = arg;
      if (value.kind === 'const') {
        const bitwidth = value.type.kind === 'bool' ? 1 : value.type.width;
        return [{ type: 'hexstr', value: hex(BigInt.asUintN(bitwidth, value.value), bitwidth), bitwidth }];
      }
      invariant(value.kind === 'slot', 'data of a checksum that is no field');
      return [{ type: 'field', value: w.layout.fieldOf(value.slot) }];
    }
    default:
      invariant(false, `a ${arg.kind} as data of a checksum`);
  }
}
