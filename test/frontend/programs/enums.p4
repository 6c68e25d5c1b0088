#include "frame.p4"

// Members of enums with an underlying type, and sizes of types, where the language has numbers.

enum bit<8> Kind { low = 1, high = 3, other = 0x80 }
enum int<8> Signed { minus = -2, plus = 2 }

header in_t {
    Kind   kind;
    bit<8> a;
    Signed s;
    bit<8> n;
}
struct pair_t { bit<8> a; bit<4> b; }
const int pairBits = pair_t.minSizeInBits();
typedef bit<(pairBits + 4)> wide_t;
const bit<8> table_size = (bit<8>) in_t.minSizeInBytes();
header out_t {
    bit<16> joined;
    bit<16> joinedRight;
    bit<8>  part;
    bit<8>  written;
    bit<8>  shifted;
    bit<8>  element;
    bit<8>  sum;
    bit<8>  kindBits;
    bit<8>  chosen;
    bit<8>  parsed;
    wide_t  sizes;
    bit<8>  wrapped;
    bit<8>  moved;
    bit<8>  ranged;
}
header byte_t { bit<8> v; }
struct headers_t { in_t i; out_t o; byte_t[byte_t.maxSizeInBytes() + 3] stack; }
struct meta_t { bit<8> parsed; }

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.i);
        transition select(hdr.i.kind, hdr.i.n) {
            (1, pair_t.maxSizeInBytes()): one;
            (8w3, _): three;
            (Kind.other, _): other;
            default: accept;
        }
    }
    state one { meta.parsed = 1; transition accept; }
    state three { meta.parsed = 3; transition accept; }
    state other { meta.parsed = 9; transition accept; }
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    action count(bit<8> by) { hdr.o.ranged = hdr.o.ranged + by; }
    table kinds {
        key = { hdr.i.kind: exact; }
        actions = { count; NoAction; }
        const default_action = NoAction();
        const entries = { Kind.low: count(Kind.high); Kind.other: count(pair_t.minSizeInBits()); }
        size = table_size;
    }
    apply {
        std.egress_spec = 1;
        hdr.o.setValid();
        hdr.o.ranged = 0;
        hdr.o.joined = hdr.i.kind ++ 8w7;
        hdr.o.joinedRight = 8w7 ++ Kind.high;
        hdr.o.part = (bit<8>) hdr.i.a[Kind.high:Kind.low];
        hdr.o.written = 0xff;
        hdr.o.written[Kind.high:0] = 4w5;
        hdr.o.shifted = hdr.i.kind << 1 | 8w1 << Kind.high;
        hdr.stack[2].setValid();
        hdr.stack[2].v = 0x42;
        hdr.stack[3].setValid();
        hdr.stack[3].v = 0x43;
        hdr.o.element = hdr.stack[Kind.high].v;
        hdr.stack.pop_front(hdr.stack.minSizeInBytes());
        hdr.o.sum = hdr.i.kind + Kind.low + (bit<8>) (Signed.minus + hdr.i.s);
        hdr.o.kindBits = (bit<8>) hdr.i.kind[7:4];
        kinds.apply();
        hdr.i.kind[3:0] = 4w3;
        switch ((bit<8>) hdr.i.kind) {
            3: { hdr.o.chosen = 3; }
            8w0x83: { hdr.o.chosen = 0x83; }
            Kind.low: { hdr.o.chosen = 1; }
            default: { hdr.o.chosen = 0; }
        }
        hdr.o.parsed = meta.parsed;
        hdr.o.sizes = (wide_t) (hdr.o.minSizeInBits() + hdr.i.maxSizeInBytes());
        int<8> two = (int<8>) 2s3;
        hdr.o.wrapped = (bit<8>) two + 8w257 + (bit<8>) 0x102 + (bit<8>) (bit<7>) 1s1[0:0];
        hdr.o.moved = (bit<8>) hdr.i.a[Kind.high+:Kind.low];
    }
}

FRAME(parse);
