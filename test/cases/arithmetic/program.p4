// Numbers: wrapping and saturating, signed and unsigned, slices and concatenation.
#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    int<8> b;
    bit<16> c;
}

struct headers_t {
    h_t h;
}

struct metadata_t { }

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 1;
        switch (hdr.h.c) {
            1: { hdr.h.a = hdr.h.a + 200; hdr.h.b = hdr.h.b - 100; }
            2: { hdr.h.a = hdr.h.a |+| 200; hdr.h.b = hdr.h.b |-| 100; }
            3: { hdr.h.a = hdr.h.a >> 2; hdr.h.b = hdr.h.b >> 2; }
            4: { hdr.h.a = hdr.h.a << 9; hdr.h.b = -hdr.h.b; }
            5: { hdr.h.c = hdr.h.a ++ (bit<8>) hdr.h.b; }
            6: { hdr.h.a[6:3] = hdr.h.c[3:0]; hdr.h.c = (bit<16>) (int<16>) hdr.h.b; }
            7: { hdr.h.a = (hdr.h.b < 0 ? 8w1 : 0) + (hdr.h.a < 0x80 ? 8w2 : 0); }
            default: { hdr.h.a = ~hdr.h.a ^ (hdr.h.a & 0x0f | 3); }
        }
    }
}

control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) { apply { } }

control computeChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control deparse(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(parse(), verifyChecksums(), ingress(), egress(), computeChecksums(), deparse()) main;
