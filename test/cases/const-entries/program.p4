// Entries in the program: constant ones in their order, and others with priorities that the control plane may replace.
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
    action send(bit<9> port) {
        std.egress_spec = port;
    }
    action mark(bit<8> value) {
        hdr.h.b = value;
    }
    table ordered {
        key = { hdr.h.a: ternary; hdr.h.b: range; }
        actions = { send; }
        const default_action = send(1);
        const entries = {
            (0x10 &&& 0xf0, 1 .. 9): send(2);
            (0x11, _): send(3);
            (_, 200): send(4);
        }
    }
    table replaceable {
        key = { hdr.h.a: lpm; }
        actions = { mark; NoAction; }
        default_action = NoAction();
        size = 16;
        entries = {
            0x10 &&& 0xf0: mark(0xaa);
            const 0x11: mark(0xbb);
        }
    }

    apply {
        ordered.apply();
        replaceable.apply();
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
