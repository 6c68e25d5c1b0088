#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<8> passes;
    bit<8> kept;
    bit<8> lost;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {
    @field_list(1) bit<8> kept;
    bit<8> lost;
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
        hdr.frame.passes = hdr.frame.passes + 1;
        if (standard_metadata.instance_type != 6) {
            meta.kept = 7;
            meta.lost = 8;
            resubmit_preserving_field_list(1);
            exit;
        }
        hdr.frame.kept = meta.kept;
        hdr.frame.lost = meta.lost;
        standard_metadata.egress_spec = 1;
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {}
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
