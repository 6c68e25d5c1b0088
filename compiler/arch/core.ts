/** What core.p4 declares for every architecture (P4-16 §12.8, §13, §15). */

import { bitType, boolType, errorType, named, voidType } from '../ir/build.js';
import type { ActionDecl } from '../ir/decl.js';
import { nowhere } from '../support/location.js';
import type { ArchExtern, ArchMethod } from './spec.js';

const T = named('T');

export const coreExterns: readonly ArchExtern[] = [
  {
    name: 'packet_in',
    role: 'packet-in',
    constructors: [],
    methods: [
      { name: 'extract', role: 'extract', typeParams: ['T'], returns: voidType, params: [{ name: 'hdr', direction: 'out', type: T }] },
      {
        name: 'extract',
        role: 'extract',
        typeParams: ['T'],
        returns: voidType,
        params: [
          { name: 'variableSizeHeader', direction: 'out', type: T },
          { name: 'variableFieldSizeInBits', direction: 'in', type: bitType(32) },
        ],
      },
      { name: 'advance', role: 'advance', returns: voidType, params: [{ name: 'sizeInBits', direction: 'in', type: bitType(32) }] },
    ],
  },
  {
    name: 'packet_out',
    role: 'packet-out',
    constructors: [],
    methods: [{ name: 'emit', role: 'emit', typeParams: ['T'], returns: voidType, params: [{ name: 'hdr', direction: 'in', type: T }] }],
  },
];

/** Methods of packet_in that are expressions of the IR. */
export const packetExpressions: readonly ArchMethod[] = [
  { name: 'lookahead', typeParams: ['T'], returns: T, params: [] },
  { name: 'length', returns: bitType(32), params: [] },
];

/** What is computed while a program is compiled. */
export const compileTimeFunctions: readonly ArchMethod[] = [
  {
    name: 'static_assert',
    returns: boolType,
    params: [
      { name: 'check', type: boolType },
      { name: 'message', type: { kind: 'string' } },
    ],
  },
  { name: 'static_assert', returns: boolType, params: [{ name: 'check', type: boolType }] },
];

export const coreFunctions: readonly ArchMethod[] = [
  {
    name: 'verify',
    returns: voidType,
    blocks: ['parser'],
    params: [
      { name: 'check', direction: 'in', type: boolType },
      { name: 'toSignal', direction: 'in', type: errorType },
    ],
  },
];

/** The action that does nothing. */
export const noAction: ActionDecl = {
  kind: 'action',
  name: 'NoAction',
  params: [],
  body: [],
  annotations: [{ name: 'noWarn', body: '"unused"' }],
  loc: nowhere,
};

export const coreMatchKinds: readonly string[] = ['exact', 'ternary', 'lpm'];

/** What core.p4 declares beside these. */
export const coreOtherNames: readonly string[] = ['NoAction', 'static_assert', '_CORE_P4_'];
