/** A pipeline of one header, for the rows of docs/portable.md: what it prints, and what it does. */
import {
  bit,
  bool,
  type Ctl,
  type EgressBody,
  type EgressStd,
  type Headers,
  header,
  type IngressBody,
  type IngressStd,
  type Meta,
  pipeline,
  port,
} from 'p4ts';
import { expect } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { SentPacket } from '../../runtime/client/simulate.js';
import { bmv2 } from '../../targets/bmv2/node.js';

export const H = header('h_t', { kind: bit(8), a: bit(8), b: bit(16) });
const headers = { h: H, other: H };
const metadata = { x: bit(32), y: bit(8), flag: bool };
const packetIn = { reason: bit(8) };
interface View<S> {
  readonly hdr: Headers<typeof headers>;
  readonly meta: Meta<typeof metadata>;
  readonly std: S;
}

/** `other` is extracted when kind is 2. */
export const make = <R, E = object>(
  ingress: (ctl: Ctl<IngressBody<typeof packetIn>>, v: View<IngressStd>) => R,
  egress?: (ctl: Ctl<EgressBody<typeof packetIn>>, v: View<EgressStd>) => E,
) =>
  pipeline('p', {
    headers,
    metadata,
    packetIn,
    packetOut: { egressPort: port },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.select(hdr.h.kind).when(2, 'other').otherwise('accept');
      },
      other(p, { hdr }) {
        p.extract(hdr.other);
        return p.accept();
      },
    },
    ingress: (ctl, v) => ingress(ctl as never, v as never),
    egress: (ctl, v) => (egress?.(ctl as never, v as never) ?? {}) as E,
    deparser: (d, { hdr }) => d.emit(hdr.h, hdr.other),
  });

/** The P4 for BMv2, of a pipeline without mistakes. */
export function printed(source: unknown): string {
  const recorded = programOf(source);
  expect(recorded?.diagnostics).toEqual([]);
  const { compiled, diagnostics } = compile(recorded?.ir as never, bmv2);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled?.files[0]?.contents as string;
}

/** A packet: kind, a and b of its header, and one byte of payload. */
export const packet = (kind: number, a = 0, b = 0): Uint8Array => Uint8Array.of(kind, a, b >> 8, b & 255, 0xee);
export const read = ({ port: at, packet: bytes }: SentPacket) =>
  ({ port: at, kind: bytes[0], a: bytes[1], b: ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), size: bytes.length }) as const;
