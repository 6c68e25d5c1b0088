#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<8> class;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {}

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
    counter(4, CounterType.packets_and_bytes) ports;

    action known() {
        standard_metadata.egress_spec = 1;
    }

    direct_counter(CounterType.packets) classes_counter;

    table classes {
        key = {
            hdr.frame.class: exact @name("class");
        }
        actions = {
            known;
        }
        counters = classes_counter;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        ports.count((bit<32>)standard_metadata.ingress_port);
        classes.apply();
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
