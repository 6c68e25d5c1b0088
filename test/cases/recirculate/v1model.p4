#include <core.p4>
#include <v1model.p4>

header label_t {
    bit<7> value;
    bit<1> more;
}

struct headers_t {
    label_t[2] labels;
}

struct metadata_t {
    // Always 0: survives where nothing else does.
    @field_list(1) bit<8> nothing_kept;
    // Not 0: egress recirculates the packet with that field list.
    bit<8> recirculated_fields;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.labels.next);
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
        if (hdr.labels[0].more == 1) {
            standard_metadata.egress_spec = 0;
            meta.recirculated_fields = 1;
        } else {
            standard_metadata.egress_spec = 1;
            meta.recirculated_fields = 0;
        }
        hdr.labels.pop_front(1);
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {
        if (meta.recirculated_fields == 1) {
            recirculate_preserving_field_list(1);
            return;
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
        packet.emit(hdr.labels);
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
