#include <core.p4>
#include <v1model.p4>

header tag_t {
    bit<8> more;
    bit<8> value;
}

struct headers_t {
    tag_t first;
    tag_t second;
}

struct metadata_t {
    bit<9> seen;
}

parser TagParser(packet_in packet,
                 out tag_t tag,
                 inout bit<9> seen)(bit<9> by) {
    state start {
        packet.extract(tag);
        seen = seen + by;
        transition accept;
    }
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    TagParser(1) outer;
    TagParser(4) inner;

    state start {
        outer.apply(packet, hdr.first, meta.seen);
        transition select(hdr.first.more) {
            0: accept;
            default: second;
        }
    }

    state second {
        inner.apply(packet, hdr.second, meta.seen);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t std) {
    apply {
        std.egress_spec = meta.seen;
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t std) {
    apply {}
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr);
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
