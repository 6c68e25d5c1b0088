#include <core.p4>
#include <v1model.p4>

header order_t {
    bit<8> order;
    bit<8> ingress;
    bit<8> egress;
}

struct headers_t {
    order_t order;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.order);
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
    action leave() {
        standard_metadata.egress_spec = 3;
        exit;
    }

    action stay() {
        hdr.order.ingress = 1;
    }

    table guard {
        key = {
            hdr.order.order: exact @name("order");
        }
        actions = {
            leave;
            stay;
        }
        default_action = stay();
        entries = {
            1: leave();
        }
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        guard.apply();
        hdr.order.ingress = hdr.order.ingress + 1;
        standard_metadata.egress_spec = 2;
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {
        hdr.order.egress = 238;
    }
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.order);
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
