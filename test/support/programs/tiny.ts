/** The smallest v1model program, with what a test adds to it. */
import { bitType, callMethod, name, named } from '../../../compiler/ir/build.js';
import type { Block, LocalDecl, Program, StateDecl } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

export interface Additions {
  readonly types?: Program['types'];
  readonly metadata?: Parameters<typeof struct>[1];
  readonly headers?: Parameters<typeof struct>[1];
  readonly functions?: Program['functions'];
  readonly constants?: Program['constants'];
  readonly parserLocals?: readonly LocalDecl[];
  readonly parserBody?: Block;
  readonly transition?: StateDecl['transition'];
  readonly locals?: readonly LocalDecl[];
  readonly body?: Block;
  readonly compute?: Block;
}

const h = at('hdr.h', named('h_t'));
/** Fields of the header `h`: `a` and `b` of 8 bits, `c` of 16. */
export const a = { kind: 'field', base: h, name: 'a', type: bitType(8), loc: nowhere } as const;
export const b = { ...a, name: 'b' } as const;
export const c = { ...a, name: 'c', type: bitType(16) } as const;

export function tiny(additions: Additions): Program {
  const packet = (type: string) => name('packet', named(type));
  return {
    irVersion,
    name: 'tiny',
    arch: 'v1model',
    types: [
      header('h_t', [bitField('a', 8), bitField('b', 8), bitField('c', 16)]),
      ...(additions.types ?? []),
      struct('headers_t', [{ name: 'h', type: named('h_t'), loc: nowhere }, ...(additions.headers ?? [])]),
      struct('metadata_t', [bitField('m', 8), ...(additions.metadata ?? [])]),
    ],
    errors: [],
    constants: additions.constants ?? [],
    functions: additions.functions ?? [],
    actions: [],
    instances: [],
    parsers: [
      parserBlock(
        'parse',
        [
          {
            kind: 'state',
            name: 'start',
            body: [callMethod(packet('packet_in'), 'extract', [h]), ...(additions.parserBody ?? [])],
            transition: additions.transition ?? { kind: 'goto', next: 'accept', loc: nowhere },
            loc: nowhere,
          },
        ],
        additions.parserLocals,
      ),
    ],
    controls: [
      block('verifyChecksums', 'checksum', [], []),
      block('ingress', 'pipeline', additions.locals ?? [], additions.body ?? []),
      block('egress', 'pipeline', [], []),
      block('computeChecksums', 'checksum', [], additions.compute ?? []),
      block('deparse', 'deparser', [], [callMethod(packet('packet_out'), 'emit', [h])]),
    ],
    main: { package: 'V1Switch', blocks: ['parse', 'verifyChecksums', 'ingress', 'egress', 'computeChecksums', 'deparse'] },
  };
}
