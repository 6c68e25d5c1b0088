/**
 * What v1model.p4 still declares for programs written long ago, each with what is written today. The checker warns of it,
 * the lowering translates it, and `p4ts fix` rewrites it, all three as this says.
 *
 * | long ago                         | today                                                                   |
 * |----------------------------------|-------------------------------------------------------------------------|
 * | mark_to_drop()                   | mark_to_drop(standard_metadata)                                         |
 * | clone3(type, session, data)      | clone_preserving_field_list(type, session, n), @field_list(n) on fields |
 * | clone3(type, session, {})        | clone(type, session)                                                    |
 * | resubmit(data)                   | resubmit_preserving_field_list(n), @field_list(n) on fields             |
 * | recirculate(data)                | recirculate_preserving_field_list(n), @field_list(n) on fields          |
 * | x = checksum16.get(data)         | update_checksum(true, data, x, csum16) where checksums are computed,    |
 * |                                  | hash(x, csum16, 0, data, 65536) elsewhere                               |
 */

import { bits, bitType, bool, member, named, voidType } from '../../ir/build.js';
import type { Annotation } from '../../ir/types.js';
import { input } from '../build.js';
import type { ArchExtern, ArchMethod, ArchParam, Today, TodayArg } from '../spec.js';

const old = (param: string): TodayArg => ({ kind: 'old', param });
const listOf = (param: string): TodayArg => ({ kind: 'list', param });

const deprecated = (instead: string): readonly Annotation[] => [{ name: 'deprecated', body: `"Please use ${instead} instead."` }];

const oldFunction = (name: string, params: readonly ArchParam[], today: Today, instead = today.name): ArchMethod => ({
  name,
  ...(params.length > 0 ? { typeParams: ['T'] } : {}),
  returns: voidType,
  params,
  annotations: deprecated(instead),
  today,
});

const data = input('data', named('T'));
const clone = [input('type', named('CloneType')), input('session', bitType(32))];

export const oldFunctions: readonly ArchMethod[] = [
  oldFunction(
    'mark_to_drop',
    [],
    { name: 'mark_to_drop', args: [{ kind: 'own', type: 'standard_metadata_t' }] },
    'mark_to_drop(standard_metadata)',
  ),
  oldFunction('resubmit', [data], { name: 'resubmit_preserving_field_list', args: [listOf('data')] }),
  oldFunction('recirculate', [data], { name: 'recirculate_preserving_field_list', args: [listOf('data')] }),
  oldFunction('clone3', [...clone, data], {
    name: 'clone_preserving_field_list',
    args: [old('type'), old('session'), listOf('data')],
    keepingNothing: { name: 'clone', args: [old('type'), old('session')] },
  }),
];

const number = (value: number, width: number): TodayArg => ({ kind: 'constant', value: bits(value, width) });
const csum16: TodayArg = { kind: 'constant', value: member('HashAlgorithm', 'csum16') };
const result: TodayArg = { kind: 'result' };

export const oldExterns: readonly ArchExtern[] = [
  {
    name: 'Checksum16',
    constructors: [[]],
    annotations: deprecated('verify_checksum/update_checksum'),
    methods: [
      {
        name: 'get',
        typeParams: ['D'],
        returns: bitType(16),
        params: [input('data', named('D'))],
        today: {
          name: 'hash',
          args: [result, csum16, number(0, 16), old('data'), number(65536, 32)],
          within: { ck: { name: 'update_checksum', args: [{ kind: 'constant', value: bool(true) }, old('data'), result, csum16] } },
        },
      },
    ],
  },
];
