// Value sets: what the parser goes on with is up to the control plane.
#include <core.p4>
#include <v1model.p4>

header frame_t {
    bit<16> type;
}

header tag_t {
    bit<8> kind;
    bit<8> value;
}

struct pair_t {
    bit<8> kind;
    bit<8> value;
}

struct headers_t {
    frame_t frame;
    tag_t tag;
    tag_t more;
}

struct metadata_t { }

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    value_set<bit<16>>(4) tagged;
    value_set<pair_t>(2) double;

    state start {
        packet.extract(hdr.frame);
        transition select(hdr.frame.type) {
            tagged: tag;
            default: accept;
        }
    }
    state tag {
        packet.extract(hdr.tag);
        transition select(hdr.tag.kind, hdr.tag.value) {
            double: more;
            default: accept;
        }
    }
    state more {
        packet.extract(hdr.more);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = hdr.more.isValid() ? 9w3 : (hdr.tag.isValid() ? 9w2 : 1);
    }
}

control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) { apply { } }

control computeChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control deparse(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(parse(), verifyChecksums(), ingress(), egress(), computeChecksums(), deparse()) main;
