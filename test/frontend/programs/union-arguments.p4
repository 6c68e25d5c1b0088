#include "frame.p4"

// Unions and their members as arguments and results of actions, functions and controls.
header kind_t { bit<8> n; bit<8> flags; }
header a_t { bit<8> v; }
header b_t { bit<16> v; }
header_union o_t { a_t a; b_t b; }
struct pair_t { o_t x; o_t y; }
struct headers_t { kind_t k; o_t o; o_t p; }
struct meta_t { pair_t pair; }
bit<8> value(in o_t o) { if (o.a.isValid()) return o.a.v; if (o.b.isValid()) return o.b.v[7:0]; return 0xff; }
void widen(inout o_t o) { if (o.a.isValid()) { bit<8> v = o.a.v; o.b.setValid(); o.b.v = (bit<16>)v; } }
o_t make(in bit<16> v) { o_t o; o.b = { v }; return o; }
o_t nothing() { o_t o; return o; }
void outp(out o_t o) { }
void swap(inout pair_t p) { o_t t = p.x; p.x = p.y; p.y = t; }
a_t getA(in o_t o) { return o.a; }
control sub(inout o_t o, in o_t from, out o_t left) {
    apply { if (from.isValid()) { o = from; } else { o.a.setInvalid(); } left.a = { 0x99 }; }
}
parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start { packet.extract(hdr.k); transition select(hdr.k.n[7:6]) { 0: a; 1: b; 2: accept; 3: ab; } }
    state a { packet.extract(hdr.o.a); transition accept; }
    state b { packet.extract(hdr.o.b); transition accept; }
    state ab { packet.extract(hdr.o.a); packet.extract(hdr.p.b); transition accept; }
}
control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    sub() s;
    action actOut(out o_t o) { o.b = { 0x0707 }; }
    action actInout(inout o_t o, in bit<8> x) { o.a = { x }; }
    action actNoWrite(inout o_t o) { o_t l; o = l; }
    action both(inout a_t a, inout b_t b) { a.setValid(); a.v = 1; b.setValid(); b.v = 2; }
    apply {
        std.egress_spec = 2;
        o_t l;
        switch (hdr.k.n & 0x3f) {
            1: { hdr.k.flags = value(hdr.o); }
            2: { widen(hdr.o); }
            3: { hdr.o = make(0x1234); }
            4: { hdr.o = nothing(); }
            5: { outp(hdr.o); }
            6: { pair_t p; p.x = hdr.o; p.y = hdr.p; swap(p); hdr.o = p.x; hdr.p = p.y; }
            7: { meta.pair = { hdr.o, hdr.p }; swap(meta.pair); hdr.o = meta.pair.x; hdr.p = meta.pair.y; }
            8: { s.apply(hdr.o, hdr.p, l); hdr.p = l; }
            9: { actOut(hdr.o); }
            10: { actInout(hdr.o, 0x55); }
            11: { actNoWrite(hdr.o); }
            12: { both(hdr.o.a, hdr.o.b); }
            13: { hdr.o.a = getA(hdr.o); }
            14: { hdr.o.a = getA(make(3)); }
            15: { hdr.k.flags = value(make(0x1144)); }
            16: { hdr.k.flags = value((o_t){#}); }
            17: { hdr.o = hdr.k.flags == 0 ? hdr.p : make(0x0909); }
            18: { s.apply(hdr.o, hdr.o, hdr.p); }
            19: { l = hdr.o; l.a.setInvalid(); hdr.k.flags = (bit<8>)(bit<1>)hdr.o.isValid(); hdr.p = l; }
        }
    }
}
FRAME(parse);
