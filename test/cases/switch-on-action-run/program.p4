// What happens after a table depends on the action that ran, or on whether an entry matched.
#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    bit<8> b;
}

struct headers_t {
    h_t h;
}

struct metadata_t { }

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    action deny() { }
    action web() {
        hdr.h.b = 0x10;
    }
    action mail() {
        hdr.h.b = 0x20;
    }
    action other() { }
    table classify {
        key = { hdr.h.a: exact @name("kind"); }
        actions = { deny; web; mail; other; }
        default_action = other();
    }
    table bonus {
        key = { hdr.h.b: exact @name("class"); }
        actions = { NoAction; }
        default_action = NoAction();
    }

    apply {
        std.egress_spec = 1;
        switch (classify.apply().action_run) {
            deny: {
                mark_to_drop(std);
                return;
            }
            web:
            mail: {
                hdr.h.b = hdr.h.b + 1;
            }
            default: {
                hdr.h.b = 0xff;
            }
        }
        if (bonus.apply().hit) {
            std.egress_spec = 2;
        } else {
            std.egress_spec = 3;
        }
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
