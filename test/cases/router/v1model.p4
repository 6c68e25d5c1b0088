#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

@controller_header("packet_out")
header packet_out_t {
    bit<9> egressPort;
    @padding bit<7> _padding;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<7> reason;
    bit<12> vlanId;
    @padding bit<4> _padding;
}

header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

/** 802.1Q: the tag after the addresses, with the EtherType of what follows. */
header vlan_t {
    bit<3> priority;
    bit<1> dropEligible;
    bit<12> id;
    bit<16> etherType;
}

header arp_t {
    bit<16> hardwareType;
    bit<16> protocolType;
    bit<8> hardwareLength;
    bit<8> protocolLength;
    bit<16> operation;
    bit<48> senderMac;
    bit<32> senderIp;
    bit<48> targetMac;
    bit<32> targetIp;
}

/** RFC 791, without options. */
header ipv4_t {
    bit<4> version;
    bit<4> headerLength;
    bit<6> dscp;
    bit<2> ecn;
    bit<16> totalLength;
    bit<16> identification;
    bit<3> flags;
    bit<13> fragmentOffset;
    bit<8> ttl;
    bit<8> protocol;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

/** RFC 8200. */
header ipv6_t {
    bit<4> version;
    bit<8> trafficClass;
    bit<20> flowLabel;
    bit<16> payloadLength;
    bit<8> nextHeader;
    bit<8> hopLimit;
    bit<128> src;
    bit<128> dst;
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    ethernet_t ethernet;
    vlan_t vlan;
    arp_t arp;
    ipv4_t ipv4;
    ipv6_t ipv6;
}

struct metadata_t {
    // 0 for untagged packets.
    bit<12> vlanId;
    bit<16> nextHop;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        transition select(standard_metadata.ingress_port) {
            CPU_PORT: parse_packet_out;
            default: start_of_packet;
        }
    }

    state parse_packet_out {
        packet.extract(hdr.packet_out);
        transition start_of_packet;
    }

    state start_of_packet {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x8100: vlan;
            0x0806: arp;
            0x0800: ipv4;
            0x86dd: ipv6;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        meta.vlanId = hdr.vlan.id;
        transition select(hdr.vlan.etherType) {
            0x0806: arp;
            0x0800: ipv4;
            0x86dd: ipv6;
            default: accept;
        }
    }

    state arp {
        packet.extract(hdr.arp);
        transition accept;
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        transition accept;
    }

    state ipv6 {
        packet.extract(hdr.ipv6);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {
        // With options the checksum covers more than what is parsed here; ingress drops such packets.
        verify_checksum(
            hdr.ipv4.isValid() && hdr.ipv4.headerLength == 5,
            {
                hdr.ipv4.version,
                hdr.ipv4.headerLength,
                hdr.ipv4.dscp,
                hdr.ipv4.ecn,
                hdr.ipv4.totalLength,
                hdr.ipv4.identification,
                hdr.ipv4.flags,
                hdr.ipv4.fragmentOffset,
                hdr.ipv4.ttl,
                hdr.ipv4.protocol,
                hdr.ipv4.src,
                hdr.ipv4.dst
            },
            hdr.ipv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    /** Packets dropped, by reason: see dropReasons. */
    counter(7, CounterType.packets_and_bytes) drops;

    action admit() {}

    action ignore() {
        drops.count(2);
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
    }

    /** The router's interfaces, with the MAC addresses that it listens to. */
    table interfaces {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            meta.vlanId: exact @name("vlan");
            hdr.ethernet.dst: ternary @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            admit;
            ignore;
        }
        default_action = ignore();
        size = 64;
    }

    action punt() {
        standard_metadata.egress_spec = CPU_PORT;
        hdr.packet_in.setValid();
        hdr.packet_in.ingressPort = standard_metadata.ingress_port;
        hdr.packet_in.reason = 2;
        hdr.packet_in.vlanId = meta.vlanId;
        hdr.packet_in._padding = 0;
    }

    table local4 {
        key = {
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            punt;
        }
        size = 64;
    }

    /** Masks take in the multicast groups that routers listen to. */
    table local6 {
        key = {
            hdr.ipv6.dst: ternary @name("dst") @format(IPV6_ADDRESS);
        }
        actions = {
            punt;
        }
        size = 64;
    }

    action via(bit<16> nextHop) {
        meta.nextHop = nextHop;
    }

    action no_route() {
        drops.count(3);
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
        exit;
    }

    direct_counter(CounterType.packets_and_bytes) routes4_counter;

    table routes4 {
        key = {
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            via;
            no_route;
        }
        default_action = no_route();
        size = 65536;
        counters = routes4_counter;
    }

    direct_counter(CounterType.packets_and_bytes) routes6_counter;

    table routes6 {
        key = {
            hdr.ipv6.dst: lpm @name("dst") @format(IPV6_ADDRESS);
        }
        actions = {
            via;
            no_route;
        }
        default_action = no_route();
        size = 16384;
        counters = routes6_counter;
    }

    action untagged(
        bit<9> port,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac
    ) {
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
        if (hdr.vlan.isValid()) {
            hdr.ethernet.etherType = hdr.vlan.etherType;
            hdr.vlan.setInvalid();
        }
    }

    action tagged(
        bit<9> port,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac,
        bit<12> vlan
    ) {
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
        if (!hdr.vlan.isValid()) {
            hdr.vlan.setValid();
            hdr.vlan.etherType = hdr.ethernet.etherType;
            hdr.ethernet.etherType = 0x8100;
        }
        hdr.vlan.id = vlan;
    }

    action unresolved() {
        drops.count(4);
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
    }

    table next_hops {
        key = {
            meta.nextHop: exact @name("id");
        }
        actions = {
            untagged;
            tagged;
            unresolved;
        }
        default_action = unresolved();
        size = 4096;
    }

    apply {
        mark_to_drop(standard_metadata);
        if (hdr.packet_out.isValid()) {
            standard_metadata.egress_spec = hdr.packet_out.egressPort;
            hdr.packet_in.setInvalid();
            exit;
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(0);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        switch (interfaces.apply().action_run) {
            ignore: {
                exit;
            }
        }
        if (hdr.arp.isValid()) {
            standard_metadata.egress_spec = CPU_PORT;
            hdr.packet_in.setValid();
            hdr.packet_in.ingressPort = standard_metadata.ingress_port;
            hdr.packet_in.reason = 1;
            hdr.packet_in.vlanId = meta.vlanId;
            hdr.packet_in._padding = 0;
        } else if (hdr.ipv4.isValid()) {
            if (hdr.ipv4.version != 4 || hdr.ipv4.headerLength != 5) {
                drops.count(5);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
            } else if (standard_metadata.checksum_error == 1) {
                drops.count(1);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
            } else if (local4.apply().miss) {
                if (hdr.ipv4.ttl <= 1) {
                    drops.count(6);
                    standard_metadata.egress_spec = CPU_PORT;
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingressPort = standard_metadata.ingress_port;
                    hdr.packet_in.reason = 3;
                    hdr.packet_in.vlanId = meta.vlanId;
                    hdr.packet_in._padding = 0;
                } else {
                    routes4.apply();
                    hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
                    next_hops.apply();
                }
            }
        } else if (hdr.ipv6.isValid()) {
            if (local6.apply().miss) {
                if (hdr.ipv6.hopLimit <= 1) {
                    drops.count(6);
                    standard_metadata.egress_spec = CPU_PORT;
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingressPort = standard_metadata.ingress_port;
                    hdr.packet_in.reason = 3;
                    hdr.packet_in.vlanId = meta.vlanId;
                    hdr.packet_in._padding = 0;
                } else {
                    routes6.apply();
                    hdr.ipv6.hopLimit = hdr.ipv6.hopLimit - 1;
                    next_hops.apply();
                }
            }
        } else {
            drops.count(5);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
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
    apply {
        update_checksum(
            hdr.ipv4.isValid(),
            {
                hdr.ipv4.version,
                hdr.ipv4.headerLength,
                hdr.ipv4.dscp,
                hdr.ipv4.ecn,
                hdr.ipv4.totalLength,
                hdr.ipv4.identification,
                hdr.ipv4.flags,
                hdr.ipv4.fragmentOffset,
                hdr.ipv4.ttl,
                hdr.ipv4.protocol,
                hdr.ipv4.src,
                hdr.ipv4.dst
            },
            hdr.ipv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.packet_in);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.vlan);
        packet.emit(hdr.arp);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv6);
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
