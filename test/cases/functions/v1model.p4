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

bit<8> divide_by_4(in bit<8> value, out bit<8> rest) {
    rest = value & 0x03;
    return value >> 2;
}

void swap(inout bit<8> x, inout bit<8> y) {
    bit<8> kept = x;
    x = y;
    y = kept;
}

bit<8> larger(in bit<8> x, in bit<8> y) {
    if (x > y) {
        return x;
    }
    return y;
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
    action bump(inout bit<8> x, in bit<8> by) {
        x = x |+| by;
    }

    apply {
        std.egress_spec = 1;
        bit<8> rest;
        bit<8> quotient;
        quotient = divide_by_4(hdr.h.a, rest);
        swap(quotient, rest);
        bump(quotient, rest);
        hdr.h.a = quotient;
        hdr.h.b = larger(rest, hdr.h.b);
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
