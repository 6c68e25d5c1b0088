#include <core.p4>
#include <v1model.p4>

header tag_t {
    bit<8> kind;
    bit<8> next;
}

struct headers_t {
    tag_t outer;
    tag_t inner;
    tag_t last;
}

struct metadata_t {}

parser tail(packet_in packet,
            inout headers_t hdr,
            inout metadata_t meta,
            inout standard_metadata_t standard_metadata) {
    value_set<bit<8>>(2) innerKinds;

    state start {
        packet.extract(hdr.inner);
        transition select(hdr.inner.kind) {
            innerKinds: last;
            default: accept;
        }
    }

    state last {
        packet.extract(hdr.last);
        transition accept;
    }
}

@noWarn("uninitialized-use")
parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    value_set<bit<8>>(4) outerKinds;

    tail() tail_parser;

    state start {
        transition outer;
    }

    state outer {
        packet.extract(hdr.outer);
        transition select(hdr.outer.kind) {
            outerKinds: tail_;
            default: accept;
        }
    }

    state tail_ {
        tail_parser.apply(packet, hdr, meta, standard_metadata);
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
        // What was not parsed is payload, and comes behind.
        hdr.outer.next = 170;
        hdr.inner.next = 187;
        hdr.last.next = 204;
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
        packet.emit(hdr.outer);
        packet.emit(hdr.inner);
        packet.emit(hdr.last);
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
