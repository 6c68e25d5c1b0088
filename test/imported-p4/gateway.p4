// A gateway with a bit of everything that a control plane can have.
#include <core.p4>
#include <v1model.p4>

@p4runtime_translation("example.org/PortName", string)
@p4runtime_translation_mappings({ {"none", 0}, {"uplink", 3}, {"downlink", 7} })
type bit<9> PortName_t;

enum bit<16> EtherType {
    ipv4 = 0x0800,
    arp = 0x0806
}

header ethernet_t {
    bit<48> dst;
    bit<48> src;
    EtherType ether_type;
}

header ipv4_t {
    bit<4> version;
    bit<4> ihl;
    bit<8> dscp;
    bit<16> total_length;
    bit<32> skipped;
    bit<8> ttl;
    bit<8> protocol;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingress_port;
    @padding bit<7> pad;
    bit<48> asked_for;
}

@controller_header("packet_out")
header packet_out_t {
    bit<9> egress_port;
    @padding bit<7> pad;
}

struct headers_t {
    packet_in_t packet_in;
    packet_out_t packet_out;
    ethernet_t ethernet;
    ipv4_t ipv4;
}

struct learn_t {
    bit<48> address;
    bit<9> port;
    bool tagged;
}

struct metadata_t {
    bit<16> flow;
    bit<2> color;
    PortName_t out_port;
}

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    value_set<bit<16>>(4) routed_types;

    state start {
        transition select(std.ingress_port) {
            510: from_controller;
            default: ethernet;
        }
    }
    state from_controller {
        packet.extract(hdr.packet_out);
        transition ethernet;
    }
    state ethernet {
        packet.extract(hdr.ethernet);
        transition select((bit<16>) hdr.ethernet.ether_type) {
            0x0800: ipv4;
            routed_types: ipv4;
            default: accept;
        }
    }
    state ipv4 {
        packet.extract(hdr.ipv4);
        transition accept;
    }
}

control Verify(inout headers_t hdr, inout metadata_t meta) {
    apply { }
}

control Gate(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    counter(64, CounterType.packets_and_bytes) received;
    meter(16, MeterType.bytes) tenants;
    register<bit<48>>(8) last_seen;
    action_profile(32) next_hops;
    action_selector(HashAlgorithm.crc16, 64, 16) ways;
    direct_counter(CounterType.packets) route_hits;

    action drop() {
        mark_to_drop(std);
    }
    action forward(bit<48> dst, PortName_t out_port) {
        hdr.ethernet.dst = dst;
        meta.out_port = out_port;
        std.egress_spec = (bit<9>) out_port;
        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
    }
    action count_forward(bit<48> dst, PortName_t out_port) {
        route_hits.count();
        forward(dst, out_port);
    }
    action police(@format(IPV4_ADDRESS) bit<32> seen_as) {
        tenants.execute_meter<bit<2>>((bit<32>) meta.flow & 15, meta.color);
        hdr.ipv4.src = seen_as;
    }

    table routes {
        key = { hdr.ipv4.dst: lpm @name("destination"); }
        actions = { drop; count_forward; @defaultonly NoAction; }
        counters = route_hits;
        size = 1024;
    }
    table filter {
        key = {
            hdr.ipv4.src: ternary;
            hdr.ipv4.protocol: range;
            hdr.ethernet.ether_type: optional;
            hdr.ipv4.isValid(): exact;
        }
        actions = { drop; police; NoAction; }
        default_action = NoAction();
    }
    table neighbours {
        key = { hdr.ethernet.src: exact; }
        actions = { forward; drop; }
        implementation = next_hops;
    }
    table balanced {
        key = {
            meta.out_port: exact;
            hdr.ipv4.src: selector;
            hdr.ipv4.dst: selector;
        }
        actions = { forward; }
        implementation = ways;
    }

    apply {
        received.count((bit<32>) std.ingress_port);
        if (hdr.packet_out.isValid()) {
            std.egress_spec = hdr.packet_out.egress_port;
            hdr.packet_out.setInvalid();
            return;
        }
        last_seen.write(0, std.ingress_global_timestamp);
        digest<learn_t>(1, { hdr.ethernet.src, std.ingress_port, false });
        filter.apply();
        if (hdr.ipv4.isValid()) {
            if (!routes.apply().hit) {
                if (!neighbours.apply().hit) {
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingress_port = std.ingress_port;
                    hdr.packet_in.asked_for = hdr.ethernet.dst;
                    std.egress_spec = 510;
                }
            }
            balanced.apply();
        }
    }
}

control Out(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    apply { }
}

control Update(inout headers_t hdr, inout metadata_t meta) {
    apply { }
}

control Deparse(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(P(), Verify(), Gate(), Out(), Update(), Deparse()) main;
