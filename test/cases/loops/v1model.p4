#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    bit<8> b;
}

struct headers_t {
    h_t h;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t std) {
    apply {
        std.egress_spec = 1;
        bit<8> sum = 0;
        for (bit<8> i in 1 .. hdr.h.a) {
            if (i == 3) {
                continue;
            }
            if (i > 5) {
                break;
            }
            sum = sum + i;
        }
        hdr.h.a = sum;
        for (bit<8> bit_number =
            0, bit<8> one = 1; bit_number < 8; bit_number = bit_number + 1, one = one << 1) {
            if ((hdr.h.b & one) != 0) {
                hdr.h.b = bit_number;
                break;
            }
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t std) {
    apply {}
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(
    parse(),
    verifyChecksums(),
    ingress(),
    egress(),
    computeChecksums(),
    deparse()
) main;
