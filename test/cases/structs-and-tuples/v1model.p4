#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    bit<8> b;
}

struct inner_t {
    bit<8> x;
    bit<8> y;
}

struct outer_t {
    inner_t inner;
    bool valid;
}

struct headers_t {
    h_t h;
    h_t spare;
}

struct metadata_t {
    outer_t outer;
}

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
        meta.outer = { inner = { x = hdr.h.a, y = 9 }, valid = true };
        inner_t other = { x = 1, ... };
        other.y = 9;
        tuple<bit<8>, bool> pair = { hdr.h.b, meta.outer.inner == other };
        if (pair[1]) {
            hdr.h.b = pair[0] + 1;
        }
        hdr.spare = hdr.h;
        hdr.spare.a[7:4] = 12;
        if (hdr.spare != hdr.h) {
            hdr.h = { a = 170, b = hdr.h.b };
        }
        hdr.spare = {#};
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
