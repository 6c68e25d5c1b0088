#include "frame.p4"

// Unions and their members as arguments of sub-parsers.
header kind_t { bit<8> n; bit<8> flags; }
header a_t { bit<8> v; }
header b_t { bit<16> v; }
header_union o_t { a_t a; b_t b; a_t a2; }
struct headers_t { kind_t k; o_t o; o_t p; o_t[2] s; }
struct meta_t { bit<8> m; }
parser one(packet_in packet, in bit<8> what, out o_t o) {
    state start { transition select(what) { 1: a; 2: b; 3: both; 4: nothing; default: a2; } }
    state a { packet.extract(o.a); transition accept; }
    state b { packet.extract(o.b); transition accept; }
    state a2 { packet.extract(o.a2); transition accept; }
    state both { packet.extract(o.a); packet.extract(o.b); transition accept; }
    state nothing { transition accept; }
}
parser keep(packet_in packet, in bit<8> what, inout o_t o) {
    state start { transition select(what) { 1: a; 2: b; default: accept; } }
    state a { packet.extract(o.a); transition accept; }
    state b { packet.extract(o.b); transition accept; }
}
parser member(packet_in packet, out b_t b) {
    state start { transition select(packet.lookahead<bit<8>>()) { 0: none; default: some; } }
    state none { transition accept; }
    state some { packet.extract(b); transition accept; }
}
parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    one() o1;
    one() o2;
    keep() k1;
    member() m1;
    state start { packet.extract(hdr.k); transition select(hdr.k.n[7:4]) { 0: s0; 1: s1; 2: s2; 3: s3; default: accept; } }
    state s0 { o1.apply(packet, hdr.k.n & 15, hdr.o); transition accept; }
    state s1 { packet.extract(hdr.o.a); k1.apply(packet, hdr.k.n & 15, hdr.o); transition accept; }
    state s2 { packet.extract(hdr.o.a); m1.apply(packet, hdr.o.b); transition accept; }
    state s3 { o2.apply(packet, hdr.k.n & 15, hdr.s[1]); transition accept; }
}
control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 2;
        hdr.k.flags = 3w0 ++ (bit<1>)hdr.s[1].isValid() ++ (bit<1>)hdr.o.a2.isValid() ++ (bit<1>)hdr.o.b.isValid() ++ (bit<1>)hdr.o.a.isValid() ++ (bit<1>)hdr.o.isValid();
    }
}
FRAME(parse);
