// Names, ids, documentation and annotations of one's own, as the control plane gets them.
#include <core.p4>
#include <v1model.p4>

header h_t {
    bit<8> a;
    bit<32> address;
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

@name("gate") control ingress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    /**
     * Sends a packet on.
     * The port counts from 1.
     */
    @id(0x01000042)
    action forward(@id(5) @brief("Where to.") bit<9> port, @format(IPV4_ADDRESS) bit<32> source) {
        std.egress_spec = port;
        hdr.h.address = source;
    }
    @hidden
    action nothing() { }
    /// Where packets go.
    @name("to.routes")
    @brief("Routes.")
    @description("By the address.")
    @owner("team-1", 7)
    @limits[soft=10, hard=20]
    table routes {
        key = { hdr.h.address: exact @name("dst") @format(IPV4_ADDRESS); }
        actions = { forward; @defaultonly nothing; }
        default_action = nothing();
        size = 32;
    }

    apply {
        routes.apply();
    }
}

control egress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) { apply { } }

control computeChecksums(inout headers_t hdr, inout metadata_t meta) { apply { } }

control deparse(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

@pkginfo(name="annotated", version="1.2")
V1Switch(parse(), verifyChecksums(), ingress(), egress(), computeChecksums(), deparse()) main;
