// A learning switch in PSA: unknown sources are told to the controller, unknown destinations are flooded.
#include <core.p4>
#include <psa.p4>

typedef bit<48> MacAddr;

header ethernet_t {
    MacAddr dst;
    MacAddr src;
    bit<16> type;
}

@controller_header("packet_in")
header packet_in_t {
    PortIdInHeader_t ingress_port;
}

@controller_header("packet_out")
header packet_out_t {
    PortIdInHeader_t egress_port;
}

struct headers_t {
    packet_in_t packet_in;
    packet_out_t packet_out;
    ethernet_t ethernet;
}

struct metadata_t {
    bool from_controller;
    bool learn;
    PortId_t port;
}

struct bridged_t {
    PortId_t port;
}

struct empty_t {}

struct learned_t {
    MacAddr src;
    PortId_t port;
}

parser FromPorts(packet_in packet, out headers_t hdr, inout metadata_t meta, in psa_ingress_parser_input_metadata_t istd,
                 in empty_t resubmit_meta, in empty_t recirculate_meta) {
    state start {
        meta.from_controller = istd.ingress_port == PSA_PORT_CPU;
        transition select((PortIdUint_t) istd.ingress_port) {
            (PortIdUint_t) PSA_PORT_CPU: controller;
            default: ethernet;
        }
    }
    state controller {
        packet.extract(hdr.packet_out);
        transition ethernet;
    }
    state ethernet {
        packet.extract(hdr.ethernet);
        transition accept;
    }
}

control Switching(inout headers_t hdr, inout metadata_t meta, in psa_ingress_input_metadata_t istd,
                  inout psa_ingress_output_metadata_t ostd) {
    Counter<bit<64>, PortId_t>(1024, PSA_CounterType_t.PACKETS_AND_BYTES) received;
    DirectCounter<bit<64>>(PSA_CounterType_t.PACKETS) hits;
    Register<bit<32>, PortId_t>(16) flooded;
    Register<learned_t, PortId_t>(4) latest;
    Register<PortId_t, PortId_t>(4) origins;

    action known() { hits.count(); }
    action unknown() { meta.learn = true; }
    table sources {
        key = { hdr.ethernet.src: exact; istd.ingress_port: exact; }
        actions = { known; unknown; }
        default_action = unknown;
        psa_direct_counter = hits;
        psa_idle_timeout = PSA_IdleTimeout_t.NOTIFY_CONTROL;
    }

    action forward(PortId_t port) { send_to_port(ostd, port); }
    action flood(MulticastGroup_t group, ClassOfService_t class) {
        multicast(ostd, group);
        ostd.class_of_service = class;
        flooded.write((PortId_t) 3, flooded.read((PortId_t) 3) + 1);
    }
    action punt() {
        ostd.clone = true;
        ostd.clone_session_id = PSA_CLONE_SESSION_TO_CPU;
    }
    table destinations {
        key = { hdr.ethernet.dst: ternary; }
        actions = { forward; flood; punt; ingress_drop(ostd); }
        default_action = ingress_drop(ostd);
    }

    apply {
        if (meta.from_controller) {
            send_to_port(ostd, psa_PortId_header_to_int(hdr.packet_out.egress_port));
            hdr.packet_out.setInvalid();
        } else {
            received.count(istd.ingress_port);
            meta.port = istd.ingress_port;
            latest.write((PortId_t) 1, { hdr.ethernet.src, istd.ingress_port });
            origins.write((PortId_t) 2, istd.ingress_port);
            sources.apply();
            destinations.apply();
        }
    }
}

control ToQueues(packet_out packet, out bridged_t clone_i2e_meta, out empty_t resubmit_meta, out empty_t normal_meta,
                 inout headers_t hdr, in metadata_t meta, in psa_ingress_output_metadata_t istd) {
    Digest<learned_t>() learned;
    apply {
        if (meta.learn) learned.pack({ hdr.ethernet.src, meta.port });
        if (psa_clone_i2e(istd)) clone_i2e_meta.port = meta.port;
        packet.emit(hdr.ethernet);
    }
}

parser FromQueues(packet_in packet, out headers_t hdr, inout metadata_t meta, in psa_egress_parser_input_metadata_t istd,
                  in empty_t normal_meta, in bridged_t clone_i2e_meta, in empty_t clone_e2e_meta) {
    state start {
        meta.port = clone_i2e_meta.port;
        packet.extract(hdr.ethernet);
        transition accept;
    }
}

control Leaving(inout headers_t hdr, inout metadata_t meta, in psa_egress_input_metadata_t istd,
                inout psa_egress_output_metadata_t ostd) {
    apply {
        if (istd.egress_port == PSA_PORT_CPU) {
            hdr.packet_in.setValid();
            hdr.packet_in.ingress_port = psa_PortId_int_to_header(meta.port);
        } else if (istd.packet_path == PSA_PacketPath_t.NORMAL_MULTICAST) {
            hdr.ethernet.type = (bit<8>) (ClassOfServiceUint_t) istd.class_of_service ++ ((EgressInstanceUint_t) istd.instance)[7:0];
        }
    }
}

control ToPorts(packet_out packet, out empty_t clone_e2e_meta, out empty_t recirculate_meta, inout headers_t hdr,
                in metadata_t meta, in psa_egress_output_metadata_t istd, in psa_egress_deparser_input_metadata_t edstd) {
    apply {
        packet.emit(hdr.packet_in);
        packet.emit(hdr.ethernet);
    }
}

PSA_Switch(
    IngressPipeline(FromPorts(), Switching(), ToQueues()),
    PacketReplicationEngine(),
    EgressPipeline(FromQueues(), Leaving(), ToPorts()),
    BufferingQueueingEngine()
) main;
