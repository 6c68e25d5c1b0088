#include <core.p4>
#include <v1model.p4>

header mark_t {
    bit<8> key;
    bit<8> value;
}

struct headers_t {
    mark_t first;
    mark_t second;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.first);
        packet.extract(hdr.second);
        transition accept;
    }
}

control Marker(inout mark_t mark)(bit<8> offset) {
    counter(2, CounterType.packets) marked;

    action add(bit<8> amount) {
        mark.value = mark.value + offset + amount;
        marked.count(1);
    }

    table marks {
        key = {
            mark.key: exact @name("key");
        }
        actions = {
            add;
            NoAction;
        }
        default_action = NoAction();
    }

    apply {
        marks.apply();
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t std) {
    Marker(16) outer;
    Marker(32) inner;
    Marker(32) last;

    apply {
        std.egress_spec = 1;
        outer.apply(hdr.first);
        inner.apply(hdr.second);
        last.apply(hdr.first);
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
