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
    bit<2> color;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.h);
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
    direct_counter(CounterType.packets_and_bytes) hits;
    direct_meter<bit<2>>(MeterType.bytes) rate;

    action send(bit<9> port) {
        std.egress_spec = port;
    }

    action metered(bit<9> port) {
        rate.read(meta.color);
        hits.count();
        std.egress_spec = port;
    }

    table always {
        actions = {
            send;
        }
        const default_action = send(7);
    }

    table timed {
        key = {
            hdr.h.a: exact @name("a");
        }
        actions = {
            @tableonly metered;
            @defaultonly NoAction;
        }
        const default_action = NoAction();
        size = 8;
        counters = hits;
        meters = rate;
        support_timeout = true;
    }

    apply {
        always.apply();
        timed.apply();
        hdr.h.b = (bit<8>)meta.color;
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
