// Arrays of what is no header: in metadata, in variables, and their elements in expressions.
#include <core.p4>
#include <v1model.p4>

header bytes_t {
    bit<8> first;
    bit<8> second;
    bit<8> pick;
    bit<8> result;
}

struct pair_t {
    bit<8> left;
    bool   even;
}

struct headers_t {
    bytes_t bytes;
}

struct metadata_t {
    bit<8>[3] seen;
    pair_t[2] pairs;
}

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t sm) {
    state start {
        packet.extract(hdr.bytes);
        transition accept;
    }
}

control check_sums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t sm) {
    apply {
        bit<8>[3] before = meta.seen;
        meta.seen[0] = hdr.bytes.first;
        meta.seen[1] = hdr.bytes.second;
        meta.seen[2] = meta.seen[0] + meta.seen[1];
        meta.pairs[1] = { left = 5, even = true };
        meta.pairs[0] = meta.pairs[1];
        meta.pairs[0].left = meta.pairs[0].left + before[1];
        hdr.bytes.result = meta.seen[hdr.bytes.pick[1:0]];
        if (meta.pairs[0].even) hdr.bytes.result = hdr.bytes.result + meta.pairs[0].left;
        sm.egress_spec = 2;
    }
}

control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t sm) { apply { } }

control compute(inout headers_t hdr, inout metadata_t meta) { apply { } }

control deparse(packet_out packet, in headers_t hdr) {
    apply { packet.emit(hdr.bytes); }
}

V1Switch(parse(), check_sums(), ingress(), egress(), compute(), deparse()) main;
