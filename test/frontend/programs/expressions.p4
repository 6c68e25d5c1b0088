#include "frame.p4"

header in_t {
    bit<8> a;
    bit<8> b;
    int<8> s;
}
header out_t {
    bit<8>  sum;
    bit<8>  saturated;
    bit<16> joined;
    int<8>  shifted;
    bit<4>  high;
    bit<4>  low;
    bit<8>  picked;
    bit<8>  order;
    bit<8>  calls;
    bit<8>  compound;
    bit<8>  moved;
    bit<8>  folded;
}
struct headers_t { in_t i; out_t o; }
struct meta_t {}

const int big = 1 << 40;
const bit<8> seven = 7;

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.i);
        transition accept;
    }
}

// Gives what x was, and counts it up.
bit<8> next(inout bit<8> x) {
    bit<8> was = x;
    x += 1;
    return was;
}
bool yes(inout bit<8> calls) {
    calls = calls + 1;
    return true;
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    apply {
        bit<8> a = hdr.i.a;
        bit<8> calls = 0;
        hdr.o.setValid();
        hdr.o.sum = a + hdr.i.b + seven;
        hdr.o.saturated = a |+| hdr.i.b;
        hdr.o.joined = a ++ hdr.i.b;
        hdr.o.shifted = hdr.i.s >> 2;
        hdr.o.high = a[7:4];
        hdr.o.low = 0;
        hdr.o.low[2:1] = 3;
        hdr.o.picked = a > hdr.i.b ? 1 : (a == hdr.i.b ? 8w2 : 3);
        // Operands from left to right: 5, then 6, then 7.
        bit<8> x = 5;
        hdr.o.order = next(x) * 16 + next(x) - x;
        // The right side of || is not evaluated: one call here, two there.
        if (yes(calls) || yes(calls)) { hdr.o.calls = calls; }
        if (yes(calls) && yes(calls)) { hdr.o.calls = hdr.o.calls * 16 + calls; }
        hdr.o.compound = a;
        hdr.o.compound <<= 1;
        hdr.o.compound ^= 8w0xF0;
        hdr.o.compound[3:0] |= 1;
        bit<3> at = (bit<3>)hdr.i.b;
        hdr.o.moved = 0xFF;
        hdr.o.moved[at+:2] = 0;
        hdr.o.folded = (bit<8>)(big >> 38) + (bit<8>)a[at+:4];
    }
}
FRAME(parse);
