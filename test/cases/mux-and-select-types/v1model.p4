#include <core.p4>
#include <v1model.p4>

type bit<8> zone_t;

enum bit<8> kind_t {
    small = 8w1,
    large = 8w2
}

header choice_t {
    bit<8> size;
    int<8> signed;
    zone_t zone;
    kind_t kind;
    bool flag;
    bit<7> way;
}

struct headers_t {
    choice_t choice;
    choice_t second;
}

struct metadata_t {
    bool isLarge;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.choice);
        transition select((bit<8>)hdr.choice.zone) {
            9: more;
            20 .. 29: more;
            default: accept;
        }
    }

    state more {
        packet.extract(hdr.second);
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
        meta.isLarge = hdr.choice.size > 100;
        hdr.choice.signed = meta.isLarge ? hdr.choice.signed : -5;
        hdr.choice.kind = meta.isLarge ? kind_t.large : kind_t.small;
        hdr.choice.flag = meta.isLarge ? hdr.choice.flag : true;
        meta.isLarge = hdr.choice.size == 0 ? true : false;
        if (meta.isLarge ? hdr.choice.size < 3 : hdr.choice.flag) {
            hdr.choice.zone = hdr.choice.flag ? hdr.choice.zone : (zone_t)8w7;
        }
        switch ((bit<8>)hdr.choice.zone) {
            1: 2: {
                hdr.choice.way = 1;
            }
            9: {
                hdr.choice.way = 2;
            }
            default: {
                hdr.choice.way = 3;
            }
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
        packet.emit(hdr.choice);
        packet.emit(hdr.second);
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
