#include <core.p4>
#include <v1model.p4>

header ethernet_t {
    bit<48> dst;
    bit<48> src;
}

struct learn_t {
    bit<48> src;
    bit<9> port;
}

struct headers_t {
    ethernet_t ethernet;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
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
    action known() {}

    table sources {
        key = {
            hdr.ethernet.src: exact @name("src") @format(MAC_ADDRESS);
        }
        actions = {
            known;
        }
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        standard_metadata.egress_spec = 1;
        bool sources_hit;
        if (sources.apply().hit) {
            sources_hit = true;
        } else {
            sources_hit = false;
        }
        if (hdr.ethernet.isValid() && !sources_hit) {
            digest<learn_t>(1, { src = hdr.ethernet.src, port = standard_metadata.ingress_port });
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
        packet.emit(hdr.ethernet);
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
