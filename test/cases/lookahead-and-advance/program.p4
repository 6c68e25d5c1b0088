// A look at bits that are not extracted, and bits that are skipped.
#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    bit<8> b;
}

struct headers_t {
    h_t h;
}

struct metadata_t {
    bit<8> next;
}

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    state start {
        transition select(packet.lookahead<bit<4>>()) {
            0xf: skip;
            default: frame;
        }
    }
    state skip {
        packet.advance((bit<32>) packet.lookahead<bit<8>>()[3:0] * 8);
        transition frame;
    }
    state frame {
        meta.next = packet.lookahead<bit<16>>()[7:0];
        packet.extract(hdr.h);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 1;
        hdr.h.b = meta.next;
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
