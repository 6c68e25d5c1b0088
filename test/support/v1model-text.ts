/** Programs in P4 for v1model, of two bytes of header, for what the other programs of the tests do not have. */
import type { Program } from '../../compiler/ir/index.js';
import { load } from '../frontend/lower/load.js';

export interface Parts {
  /** Types that headers and metadata have. */
  readonly types?: string;
  /** Declarations before the blocks. */
  readonly top?: string;
  /** More headers, and fields of the metadata. */
  readonly headers?: string;
  readonly meta?: string;
  /** Declarations and states of the parser; without them it extracts `h`. */
  readonly parser?: string;
  /** Declarations of ingress, and its statements. */
  readonly locals?: string;
  readonly ingress?: string;
  /** Statements of the control that computes checksums. */
  readonly compute?: string;
  /** Before `main`. */
  readonly annotations?: string;
}

export const v1modelText = (parts: Parts): Promise<Program> => load(v1modelSource(parts));

export const v1modelSource = ({
  types = '',
  top = '',
  headers = '',
  meta = '',
  parser,
  locals = '',
  ingress = '',
  compute = '',
  annotations = '',
}: Parts): string => `
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; }
${types}
struct headers_t { h_t h; ${headers} }
struct meta_t { bit<16> x; varbit<32> v; bit<1> known; ${meta} }
${top}
parser P(packet_in p, out headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  ${parser ?? 'state start { p.extract(hdr.h); transition accept; }'}
}
control V(inout headers_t hdr, inout meta_t m) { apply {} }
control I(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { ${locals} apply { ${ingress} } }
control E(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { apply {} }
control C(inout headers_t hdr, inout meta_t m) { apply { ${compute} } }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr); } }
${annotations}
V1Switch(P(), V(), I(), E(), C(), D()) main;
`;
