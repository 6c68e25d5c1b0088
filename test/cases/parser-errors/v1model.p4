#include <core.p4>
#include <v1model.p4>

error {
    BadLength
}

header h_t {
    bit<8> length;
    bit<8> kind;
}

header why_t {
    bit<8> why;
}

struct headers_t {
    why_t why;
    h_t h;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
        verify(hdr.h.length != 0, error.BadLength);
        transition select(hdr.h.kind) {
            1: accept;
            3 .. 9: accept;
        }
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
        hdr.why.setValid();
        if (std.parser_error == error.PacketTooShort) {
            hdr.why.why = 1;
        } else if (std.parser_error == error.BadLength) {
            hdr.why.why = 2;
        } else if (std.parser_error == error.NoMatch) {
            hdr.why.why = 3;
        } else if (std.parser_error != error.NoError) {
            hdr.why.why = 9;
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
