#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<48> dst;
    bit<8> tenant;
    bit<8> address;
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
    action hop(bit<9> port, @format(MAC_ADDRESS) bit<48> dst) {
        standard_metadata.egress_spec = port;
        hdr.frame.dst = dst;
    }

    action_profile(8) hops;

    table prefixes {
        key = {
            hdr.frame.address: lpm @name("address");
        }
        actions = {
            hop;
        }
        implementation = hops;
    }

    table tenants {
        key = {
            hdr.frame.tenant: exact @name("tenant");
        }
        actions = {
            hop;
        }
        implementation = hops;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (tenants.apply().miss) {
            prefixes.apply();
        }
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
