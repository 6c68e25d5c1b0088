#include <core.p4>
#include <v1model.p4>

enum bit<2> MeterColor {
    green = 2w0,
    yellow = 2w1,
    red = 2w2
}

header frame_t {
    bit<8> customer;
    bit<8> color;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {
    bit<1> red;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.frame);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    bit<2> rate_color = 0;

    direct_meter<bit<2>>(MeterType.packets) rate;

    action serve(bit<9> port) {
        MeterColor color;
        rate.read(rate_color);
        color = (MeterColor)rate_color;
        if (color == MeterColor.red) {
            meta.red = 1;
        }
        if (color == MeterColor.yellow) {
            hdr.frame.color = 1;
        }
        standard_metadata.egress_spec = port;
    }

    direct_counter(CounterType.packets_and_bytes) customers_counter;

    table customers {
        key = {
            hdr.frame.customer: exact @name("customer");
        }
        actions = {
            serve;
        }
        counters = customers_counter;
        meters = rate;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        customers.apply();
        if (meta.red == 1) {
            mark_to_drop(standard_metadata);
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {}
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.frame);
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
