#include <core.p4>
#include <v1model.p4>

header flow_t {
    bit<32> src;
    bit<8> protocol;
    bit<16> dstPort;
    bit<12> vlan;
    bit<4> priority;
}

struct headers_t {
    flow_t flow;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.flow);
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
    action permit() {
        standard_metadata.egress_spec = 9;
    }

    action deny() {
        mark_to_drop(standard_metadata);
    }

    table acl {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            hdr.flow.src: ternary @name("src") @format(IPV4_ADDRESS);
            hdr.flow.dstPort: range @name("dstPort");
            hdr.flow.vlan: optional @name("vlan");
        }
        actions = {
            permit;
            deny;
        }
        default_action = deny();
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        acl.apply();
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
        packet.emit(hdr.flow);
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
