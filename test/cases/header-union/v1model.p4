#include <core.p4>
#include <v1model.p4>

header kind_t {
    bit<8> kind;
}

header short_t {
    bit<8> value;
}

header long_t {
    bit<16> value;
}

header_union address_t {
    short_t short;
    long_t long;
}

struct headers_t {
    kind_t kind;
    address_t address;
}

struct metadata_t {}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.kind);
        transition select(hdr.kind.kind) {
            1: short;
            2: long;
            default: accept;
        }
    }

    state short {
        packet.extract(hdr.address.short);
        transition accept;
    }

    state long {
        packet.extract(hdr.address.long);
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
        std.egress_spec = 1;
        if (hdr.address.short.isValid()) {
            // The other one becomes invalid.
            hdr.address.long.setValid();
            hdr.address.long.value = 0xbeef;
        } else if (hdr.address.short.isValid() || hdr.address.long.isValid()) {
            hdr.address.long.setInvalid();
        }
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
        packet.emit(hdr.kind);
        packet.emit(hdr.address);
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
