#include "frame.p4"

header in_t { bit<8> n; }
header out_t {
    bit<16> sum;
    bit<8>  odd;
    bit<8>  first;
    bit<8>  listed;
    bit<8>  pairs;
    bit<8>  stacked;
}
header cell_t { bit<8> v; }
struct headers_t { in_t i; cell_t[3] cells; out_t o; }
struct meta_t {}

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.i);
        packet.extract(hdr.cells.next);
        packet.extract(hdr.cells.next);
        packet.extract(hdr.cells.next);
        transition accept;
    }
}

bit<8> firstAbove(in bit<8> limit) {
    for (bit<8> i in 1 .. 200) {
        if (i * i > limit) { return i; }
    }
    return 0;
}

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    action stack() {
        for (cell_t c in hdr.cells) {
            hdr.o.stacked = hdr.o.stacked + c.v;
        }
    }
    apply {
        hdr.o.setValid();
        for (bit<8> i = 1; i <= hdr.i.n; i = i + 1) {
            if (i == 4) continue;
            if (i == 9) break;
            hdr.o.sum = hdr.o.sum + (bit<16>)i;
        }
        for (bit<8> i = 0, bit<8> j = 10; i < j; i = i + 2, j = j - 1) {
            hdr.o.odd = hdr.o.odd * 2 + 1;
        }
        hdr.o.first = firstAbove(100);
        for (bit<8> v in (list<bit<8>>){ 1, 10, 100 }) {
            hdr.o.listed = hdr.o.listed + v;
        }
        for (bit<8> i in 0 .. 3) {
            for (bit<8> j in i .. 3) {
                if (j == 2) break;
                hdr.o.pairs = hdr.o.pairs + 1;
            }
        }
        stack();
    }
}
FRAME(parse);
