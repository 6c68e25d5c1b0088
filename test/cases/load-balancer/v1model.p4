#include <core.p4>
#include <v1model.p4>

error {
    MalformedHeader
}

/** IEEE 802.3: the addresses and the type of what follows. */
header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

/** RFC 791 §3.1, the 20 bytes that every packet has. */
header ipv4_t {
    bit<4> version;
    // Internet header length: 32-bit words, options included.
    bit<4> ihl;
    // Differentiated services codepoint (RFC 2474).
    bit<6> dscp;
    // Explicit congestion notification (RFC 3168).
    bit<2> ecn;
    // Bytes, this header included.
    bit<16> totalLength;
    bit<16> identification;
    // Reserved, don't fragment, more fragments.
    bit<3> flags;
    // In units of 8 bytes.
    bit<13> fragmentOffset;
    bit<8> ttl;
    bit<8> protocol;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

/** RFC 791 §3.1: the options, 40 bytes at most, as they are. */
header ipv4_options_t {
    varbit<320> options;
}

/** RFC 9293 §3.1, the 20 bytes that every segment has. */
header tcp_t {
    bit<16> srcPort;
    bit<16> dstPort;
    bit<32> sequenceNumber;
    bit<32> acknowledgmentNumber;
    // 32-bit words, options included.
    bit<4> dataOffset;
    bit<4> reserved;
    // Congestion window reduced (RFC 3168).
    bit<1> cwr;
    // Congestion was experienced (RFC 3168).
    bit<1> ece;
    bit<1> urg;
    bit<1> ack;
    bit<1> psh;
    bit<1> rst;
    bit<1> syn;
    bit<1> fin;
    bit<16> window;
    bit<16> checksum;
    bit<16> urgentPointer;
}

/** RFC 768. */
header udp_t {
    bit<16> srcPort;
    bit<16> dstPort;
    // Bytes, this header included.
    bit<16> length;
    // 0 where the sender computed none.
    bit<16> checksum;
}

/** RFC 792: what all messages begin with. */
header icmp_t {
    bit<8> type;
    bit<8> code;
    bit<16> checksum;
}

/** Between the ICMP header and the quoted packet. */
header icmp_error_t {
    bit<32> rest;
}

/** What TCP and UDP begin with. */
header quoted_ports_t {
    bit<16> src;
    bit<16> dst;
}

/** An echo request or reply, without its data. */
header quoted_echo_t {
    bit<8> type;
    bit<8> code;
    bit<16> checksum;
    bit<16> identifier;
    bit<16> sequenceNumber;
}

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
    ipv4_options_t ipv4Options;
    tcp_t tcp;
    udp_t udp;
    icmp_t icmp;
    icmp_error_t icmpError;
    ipv4_t quoted;
    quoted_ports_t quotedPorts;
    quoted_echo_t quotedEcho;
}

struct metadata_t {
    // The flow from client to service.
    bit<32> client;
    bit<32> service;
    bit<8> protocol;
    // 0 where there are none, and in fragments.
    bit<16> srcPort;
    bit<16> dstPort;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        transition ethernet;
    }

    state ethernet {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.ipv4.ihl) {
            5: ipv4Protocol;
            default: ipv4Options;
        }
    }

    state ipv4Options {
        packet.extract(hdr.ipv4Options, (bit<32>)(hdr.ipv4.ihl - 5) << 5);
        transition ipv4Protocol;
    }

    state ipv4Protocol {
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.protocol) {
            (0, 1): icmp;
            (0, 6): tcp;
            (0, 17): udp;
            default: accept;
        }
    }

    state tcp {
        packet.extract(hdr.tcp);
        verify(hdr.tcp.dataOffset >= 5, error.MalformedHeader);
        transition accept;
    }

    state udp {
        packet.extract(hdr.udp);
        transition accept;
    }

    state icmp {
        packet.extract(hdr.icmp);
        transition select(hdr.icmp.type) {
            3: icmpError;
            11: icmpError;
            12: icmpError;
            default: accept;
        }
    }

    state icmpError {
        packet.extract(hdr.icmpError);
        packet.extract(hdr.quoted);
        transition select(hdr.quoted.fragmentOffset, hdr.quoted.ihl, hdr.quoted.protocol) {
            (0, 5, 6): quotedPorts;
            (0, 5, 17): quotedPorts;
            (0, 5, 1): quotedEcho;
            default: accept;
        }
    }

    state quotedPorts {
        packet.extract(hdr.quotedPorts);
        transition accept;
    }

    state quotedEcho {
        packet.extract(hdr.quotedEcho);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {
        verify_checksum(
            hdr.ipv4.isValid() && hdr.ipv4.ihl == 5,
            {
                hdr.ipv4.version,
                hdr.ipv4.ihl,
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
    counter(6, CounterType.packets_and_bytes) drops;

    /** What each server was given. */
    counter(64, CounterType.packets_and_bytes) given;

    /**
     * The hash decides which member of a group a flow has, and it stays with it for as long as the group does not
     * change. Members may change: this is how the controller replaces a server that failed.
     */
    @max_group_size(256)
    action_selector(HashAlgorithm.crc16, 1024, 16) servers;

    action to_server(bit<6> server, bit<9> port, @format(MAC_ADDRESS) bit<48> dstMac) {
        given.count((bit<32>)server);
        standard_metadata.egress_spec = port;
        hdr.ethernet.src = hdr.ethernet.dst;
        hdr.ethernet.dst = dstMac;
    }

    action no_server() {
        drops.count(5);
        mark_to_drop(standard_metadata);
    }

    table services {
        key = {
            hdr.ipv4.dst: exact @name("address") @format(IPV4_ADDRESS);
            meta.client: selector;
            meta.service: selector;
            meta.protocol: selector;
            meta.srcPort: selector;
            meta.dstPort: selector;
        }
        actions = {
            to_server;
            no_server;
        }
        size = 256;
        implementation = servers;
    }

    action via(bit<9> port, @format(MAC_ADDRESS) bit<48> dstMac) {
        standard_metadata.egress_spec = port;
        hdr.ethernet.src = hdr.ethernet.dst;
        hdr.ethernet.dst = dstMac;
    }

    action no_route() {
        drops.count(4);
        mark_to_drop(standard_metadata);
    }

    table routes {
        key = {
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            via;
            no_route;
        }
        default_action = no_route();
        size = 1024;
    }

    apply {
        mark_to_drop(standard_metadata);
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(0);
            mark_to_drop(standard_metadata);
        } else if (!hdr.ipv4.isValid()) {
            drops.count(1);
            mark_to_drop(standard_metadata);
        } else if (standard_metadata.checksum_error == 1) {
            drops.count(2);
            mark_to_drop(standard_metadata);
        } else if (hdr.ipv4.ttl <= 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
        } else {
            meta.client = hdr.ipv4.src;
            meta.service = hdr.ipv4.dst;
            meta.protocol = hdr.ipv4.protocol;
            if (hdr.ipv4.fragmentOffset == 0 && hdr.ipv4.flags[0:0] == 0 && hdr.tcp.isValid()) {
                meta.srcPort = hdr.tcp.srcPort;
                meta.dstPort = hdr.tcp.dstPort;
            } else if (hdr.ipv4.fragmentOffset == 0
                && hdr.ipv4.flags[0:0] == 0
                && hdr.udp.isValid()) {
                meta.srcPort = hdr.udp.srcPort;
                meta.dstPort = hdr.udp.dstPort;
            } else if (hdr.ipv4.fragmentOffset == 0
                && hdr.ipv4.flags[0:0] == 0
                && hdr.quotedPorts.isValid()) {
                meta.client = hdr.quoted.dst;
                meta.service = hdr.quoted.src;
                meta.protocol = hdr.quoted.protocol;
                meta.srcPort = hdr.quotedPorts.dst;
                meta.dstPort = hdr.quotedPorts.src;
            }
            // With the checksum, whether there are options or not.
            bit<8> ttl = hdr.ipv4.ttl - 1;
            bit<32> sum = (bit<32>)~hdr.ipv4.checksum
                + (bit<32>)~(hdr.ipv4.ttl ++ hdr.ipv4.protocol)[15:0]
                + (bit<32>)(ttl ++ hdr.ipv4.protocol)[15:0];
            bit<32> sum_2 = (bit<32>)sum[15:0] + (bit<32>)sum[31:16];
            hdr.ipv4.checksum = ~(sum_2[15:0] + sum_2[31:16]);
            hdr.ipv4.ttl = ttl;
            if (services.apply().miss) {
                routes.apply();
            }
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
        packet.emit(hdr.ethernet);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv4Options);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
        packet.emit(hdr.icmp);
        packet.emit(hdr.icmpError);
        packet.emit(hdr.quoted);
        packet.emit(hdr.quotedPorts);
        packet.emit(hdr.quotedEcho);
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
