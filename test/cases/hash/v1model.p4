#include <core.p4>
#include <v1model.p4>

header flow_t {
    bit<32> src;
    bit<32> dst;
    bit<32> hash;
    bit<16> bucket;
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
    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        standard_metadata.egress_spec = 1;
        bit<32> hash_value;
        hash(hash_value, HashAlgorithm.crc32, 32w0, { hdr.flow.src, hdr.flow.dst }, 33w0x100000000);
        hdr.flow.hash = hash_value;
        bit<16> hash_value_2;
        hash(hash_value_2, HashAlgorithm.crc16, 16w100, { hdr.flow.src, hdr.flow.dst }, 17w8);
        hdr.flow.bucket = hash_value_2;
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
