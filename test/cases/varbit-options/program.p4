// A field of variable length: options, whose length a field of the header says.
#include <core.p4>
#include <v1model.p4>

header base_t {
    bit<4> words;
    bit<4> kind;
}

header options_t {
    varbit<24> bytes;
}

header note_t {
    bit<8> value;
}

struct headers_t {
    note_t note;
    base_t base;
    options_t options;
    options_t copy;
}

struct metadata_t { }

parser parse(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.base);
        verify(hdr.base.words <= 3, error.HeaderTooShort);
        transition select(hdr.base.words) {
            0: accept;
            default: options;
        }
    }
    state options {
        packet.extract(hdr.options, (bit<32>) hdr.base.words * 8);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    apply {
        std.egress_spec = 1;
        hdr.note.setValid();
        hdr.note.value = hdr.options.isValid() ? 8w1 : 0;
        if (hdr.base.kind == 7) {
            hdr.copy = hdr.options;
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
