#include "frame.p4"

// Stacks of unions: `next` and `last` with a member, push and pop, elements assigned and compared (P4-16 §8.18, §8.21).
header kind_t { bit<8> n; bit<8> flags; }
header a_t { bit<8> tag; bit<8> v; }
header b_t { bit<8> tag; bit<16> v; }
header c_t { bit<8> tag; bit<24> v; }
header_union o_t { a_t a; b_t b; c_t c; }
struct headers_t { kind_t k; o_t[3] o; }
struct meta_t { bit<8> x; }
parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start { packet.extract(hdr.k); transition select(hdr.k.n) { 0: accept; default: option; } }
    state option {
        transition select(packet.lookahead<bit<8>>()) { 1: a; 2: b; 3: c; default: accept; }
    }
    state a { packet.extract(hdr.o.next.a); transition select(hdr.o.last.a.v) { 0xff: accept; default: option; } }
    state b { packet.extract(hdr.o.next.b); transition select(hdr.o.last.b.isValid(), hdr.o.last.b.v) { (true, 0xffff): accept; default: option; } }
    state c { packet.extract(hdr.o.next.c); meta.x = (bit<8>)hdr.o.lastIndex; transition option; }
}
control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 2;
        hdr.k.flags = 0;
        if (std.parser_error == error.StackOutOfBounds) { hdr.k.flags = 0xee; }
        else if (hdr.k.n == 1) { hdr.k.flags = meta.x; }
        else if (hdr.k.n == 2) { hdr.o.pop_front(1); hdr.k.flags[0:0] = (bit<1>)hdr.o[0].isValid(); hdr.k.flags[1:1] = (bit<1>)hdr.o[0].b.isValid(); hdr.k.flags[2:2] = (bit<1>)hdr.o[2].isValid(); }
        else if (hdr.k.n == 3) { hdr.o.push_front(1); hdr.o[0].a.setValid(); hdr.o[0].a.tag = 1; hdr.o[0].a.v = 0x77; }
        else if (hdr.k.n == 4) { hdr.o[0] = hdr.o[1]; }
        else if (hdr.k.n == 5) { hdr.o[1].c = { 3, 0x010203 }; }
        else if (hdr.k.n == 6) { o_t t = hdr.o[0]; hdr.o[0] = hdr.o[1]; hdr.o[1] = t; }
        else if (hdr.k.n == 7) { hdr.o.push_front(2); }
        else if (hdr.k.n == 8) { if (hdr.o[0] == hdr.o[1]) hdr.k.flags = 1; if (hdr.o[0] != hdr.o[2]) hdr.k.flags = hdr.k.flags | 2; }
    }
}
FRAME(parse);
