#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<8> host;
    bit<8> note;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {
    @field_list(1) bit<8> reason;
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
    action watch(bit<10> session, bit<8> reason) {
        meta.reason = reason;
        meta.lost = reason;
        clone_preserving_field_list(CloneType.I2E, (bit<32>)session, 1);
    }

    table watched {
        key = {
            hdr.frame.host: exact @name("host");
        }
        actions = {
            watch;
        }
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        standard_metadata.egress_spec = 2;
        watched.apply();
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {
        if (standard_metadata.instance_type == 1 || standard_metadata.instance_type == 2) {
            hdr.frame.note = meta.reason + meta.lost;
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
