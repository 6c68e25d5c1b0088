// Enumerations with and without values, in fields, keys, entries and switch.
#include <core.p4>
#include <v1model.p4>

enum bit<8> Kind {
    hello = 1,
    data = 2,
    ack = 0x80
}

header h_t {
    Kind kind;
    bit<8> mode;
}

enum Mode {
    none,
    slow,
    fast
}

struct headers_t {
    h_t h;
}

struct metadata_t {
    Mode mode;
}

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    action reply(Kind kind) {
        hdr.h.kind = kind;
    }
    table kinds {
        key = { hdr.h.kind: exact @name("kind"); }
        actions = { reply; NoAction; }
        const entries = {
            Kind.data: reply(Kind.ack);
        }
    }

    apply {
        std.egress_spec = 1;
        switch (hdr.h.kind) {
            Kind.hello: { meta.mode = Mode.slow; }
            Kind.data:
            Kind.ack: { meta.mode = Mode.fast; }
            default: { hdr.h.kind = Kind.hello; }
        }
        kinds.apply();
        if (meta.mode == Mode.fast) {
            hdr.h.mode = 1;
        } else if (meta.mode == Mode.slow) {
            hdr.h.mode = 2;
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
