#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<16> group;
    bit<16> replica;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {
    bit<9> from;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.frame);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        meta.from = standard_metadata.ingress_port;
        mark_to_drop(standard_metadata);
        standard_metadata.mcast_grp = hdr.frame.group;
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {
        hdr.frame.replica = standard_metadata.egress_rid;
        if (standard_metadata.egress_port == meta.from) {
            mark_to_drop(standard_metadata);
        }
    }
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.frame);
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
