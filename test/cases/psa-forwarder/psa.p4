#include <core.p4>
#include <psa.p4>

header frame_t {
    bit<8> dst;
    bit<8> seen;
}

struct headers_t {
    frame_t frame;
}

struct metadata_t {}

struct empty_t {}

struct bridged_t {
    bit<8> class;
}

parser IngressParse(packet_in packet,
                    out headers_t hdr,
                    inout metadata_t meta,
                    in psa_ingress_parser_input_metadata_t istd,
                    in empty_t resubmitted,
                    in empty_t recirculated) {
    state start {
        packet.extract(hdr.frame);
        transition accept;
    }
}

parser EgressParse(packet_in packet,
                   out headers_t hdr,
                   inout bridged_t meta,
                   in psa_egress_parser_input_metadata_t istd,
                   in bridged_t normal,
                   in empty_t cloned_from_ingress,
                   in empty_t cloned_from_egress) {
    state start {
        meta = normal;
        packet.extract(hdr.frame);
        transition accept;
    }
}

control In(inout headers_t hdr,
           inout metadata_t meta,
           in psa_ingress_input_metadata_t istd,
           inout psa_ingress_output_metadata_t ostd) {
    Counter<bit<32>, PortId_t>(512, PSA_CounterType_t.PACKETS) received;
    Random<bit<8>>(3, 3) always_3;

    action forward(PortId_t port) {
        send_to_port(ostd, port);
    }

    action flood(MulticastGroup_t group) {
        multicast(ostd, group);
    }

    action drop() {
        ingress_drop(ostd);
    }

    table hosts {
        key = {
            hdr.frame.dst: exact @name("dst");
        }
        actions = {
            forward;
            flood;
            drop;
        }
        const default_action = drop();
    }

    apply {
        received.count(istd.ingress_port);
        hosts.apply();
        bit<8> tmp;
        tmp = always_3.read();
        ostd.class_of_service = (ClassOfService_t)tmp;
    }
}

control IngressDeparse(packet_out packet,
                       out empty_t cloned,
                       out empty_t resubmitted,
                       out bridged_t normal,
                       inout headers_t hdr,
                       in metadata_t meta,
                       in psa_ingress_output_metadata_t istd) {
    apply {
        normal.class = (bit<8>)istd.class_of_service;
        packet.emit(hdr);
    }
}

control Out(inout headers_t hdr,
            inout bridged_t meta,
            in psa_egress_input_metadata_t istd,
            inout psa_egress_output_metadata_t ostd) {
    apply {
        hdr.frame.seen = meta.class;
    }
}

control EgressDeparse(packet_out packet,
                      out empty_t cloned,
                      out empty_t recirculated,
                      inout headers_t hdr,
                      in bridged_t meta,
                      in psa_egress_output_metadata_t istd,
                      in psa_egress_deparser_input_metadata_t edstd) {
    apply {
        packet.emit(hdr);
    }
}

PSA_Switch(
    IngressPipeline(
        IngressParse(),
        In(),
        IngressDeparse()
    ),
    PacketReplicationEngine(),
    EgressPipeline(
        EgressParse(),
        Out(),
        EgressDeparse()
    ),
    BufferingQueueingEngine()
) main;
