// The variable of a loop may be assigned, which the next turn does not see; functions of the top level use objects of it.
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; }
struct headers_t { h_t h; }
struct meta_t { }
counter(256, CounterType.packets) seen;
bit<8> counted(in bit<8> x) { seen.count((bit<32>) x); return x + 1; }
parser P(packet_in p, out headers_t hdr, inout meta_t m, inout standard_metadata_t s) { state start { p.extract(hdr.h); transition accept; } }
control V(inout headers_t hdr, inout meta_t m) { apply {} }
control I(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  apply {
    bit<8> n = 0;
    for (bit<8> i in 1 .. 5) { i = i * 2; n = n + i; }
    for (bit<8> j in (list<bit<8>>){ 3, 4 }) { j = j + 1; n = n + j; }
    hdr.h.a = n;
    hdr.h.b = counted(hdr.h.b);
    s.egress_spec = 1;
  }
}
control E(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { apply {} }
control C(inout headers_t hdr, inout meta_t m) { apply {} }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr.h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
