#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

error {
    MalformedHeader
}

@controller_header("packet_out")
header packet_out_t {
    bit<9> port;
    bit<1> again;
    @padding bit<6> _padding;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<7> reason;
    bit<8> protocol;
    bit<32> src;
    bit<16> srcPort;
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

/** RFC 792 and RFC 4443 §4: the rest of an echo request or reply, before its data. */
header icmp_echo_t {
    bit<16> identifier;
    bit<16> sequenceNumber;
}

/** What is between the checksum of an error and the packet that it quotes. */
header icmp_error_t {
    bit<32> rest;
}

/** What an error quotes of TCP at least: 8 bytes. */
header tcp_start_t {
    bit<16> srcPort;
    bit<16> dstPort;
    bit<32> sequenceNumber;
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    ethernet_t ethernet;
    ipv4_t ipv4;
    tcp_t tcp;
    udp_t udp;
    icmp_t icmp;
    icmp_echo_t echo;
    icmp_error_t icmpError;
    ipv4_t quoted;
    tcp_start_t quotedTcp;
    udp_t quotedUdp;
    icmp_t quotedIcmp;
    icmp_echo_t quotedEcho;
}

struct metadata_t {
    bit<9> from;
    bool fromInside;
    bool toOutside;
    bit<16> nextHop;
    // There are ports, or an identifier, to translate.
    bool translatable;
    // Both ends as the packet will leave, the one that it comes from first. An ICMP error has those of the packet that it
    // quotes, which went the other way; the identifier of an echo is the port of the end that asked.
    bit<8> protocol;
    bit<32> src;
    bit<16> srcPort;
    bit<32> dst;
    bit<16> dstPort;
    // The source address, which of an ICMP error may be that of a router.
    bit<32> sender;
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
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
            (0, 5, 1): icmp;
            (0, 5, 6): tcp;
            (0, 5, 17): udp;
            default: accept;
        }
    }

    state tcp {
        packet.extract(hdr.tcp);
        meta.srcPort = hdr.tcp.srcPort;
        meta.dstPort = hdr.tcp.dstPort;
        transition translatable;
    }

    state udp {
        packet.extract(hdr.udp);
        meta.srcPort = hdr.udp.srcPort;
        meta.dstPort = hdr.udp.dstPort;
        transition translatable;
    }

    state icmp {
        packet.extract(hdr.icmp);
        transition select(hdr.icmp.type) {
            0: echoReply;
            3: icmpError;
            8: echoRequest;
            11: icmpError;
            12: icmpError;
            default: accept;
        }
    }

    state echoRequest {
        packet.extract(hdr.echo);
        meta.srcPort = hdr.echo.identifier;
        transition translatable;
    }

    state echoReply {
        packet.extract(hdr.echo);
        meta.dstPort = hdr.echo.identifier;
        transition translatable;
    }

    state icmpError {
        packet.extract(hdr.icmpError);
        transition quoted;
    }

    state quoted {
        packet.extract(hdr.quoted);
        verify(hdr.quoted.version == 4 && hdr.quoted.ihl >= 5, error.MalformedHeader);
        transition select(hdr.quoted.fragmentOffset, hdr.quoted.ihl, hdr.quoted.protocol) {
            (0, 5, 1): quotedIcmp;
            (0, 5, 6): quotedTcp;
            (0, 5, 17): quotedUdp;
            default: accept;
        }
    }

    state quotedTcp {
        packet.extract(hdr.quotedTcp);
        meta.srcPort = hdr.quotedTcp.dstPort;
        meta.dstPort = hdr.quotedTcp.srcPort;
        transition translatable;
    }

    state quotedUdp {
        packet.extract(hdr.quotedUdp);
        meta.srcPort = hdr.quotedUdp.dstPort;
        meta.dstPort = hdr.quotedUdp.srcPort;
        transition translatable;
    }

    state quotedIcmp {
        packet.extract(hdr.quotedIcmp);
        transition select(hdr.quotedIcmp.type) {
            8: quotedEcho;
            default: accept;
        }
    }

    state quotedEcho {
        packet.extract(hdr.quotedEcho);
        meta.dstPort = hdr.quotedEcho.identifier;
        transition translatable;
    }

    state translatable {
        meta.translatable = true;
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
        verify_checksum(
            hdr.quoted.isValid() && hdr.quoted.ihl == 5,
            {
                hdr.quoted.version,
                hdr.quoted.ihl,
                hdr.quoted.dscp,
                hdr.quoted.ecn,
                hdr.quoted.totalLength,
                hdr.quoted.identification,
                hdr.quoted.flags,
                hdr.quoted.fragmentOffset,
                hdr.quoted.ttl,
                hdr.quoted.protocol,
                hdr.quoted.src,
                hdr.quoted.dst
            },
            hdr.quoted.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    /** Packets dropped, by reason: see dropReasons. */
    counter(8, CounterType.packets_and_bytes) drops;

    action inside() {
        meta.fromInside = true;
    }

    action outside() {}

    table interfaces {
        key = {
            meta.from: exact @name("port");
            hdr.ethernet.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            inside;
            outside;
        }
        size = 64;
    }

    action to_host(@format(IPV4_ADDRESS) bit<32> address, bit<16> port) {
        meta.dst = address;
        meta.dstPort = port;
    }

    direct_counter(CounterType.packets_and_bytes) inbound_counter;

    table inbound {
        key = {
            meta.protocol: exact @name("protocol");
            meta.dst: exact @name("dst") @format(IPV4_ADDRESS);
            meta.dstPort: exact @name("dstPort");
        }
        actions = {
            to_host;
        }
        size = 65536;
        counters = inbound_counter;
    }

    action from_public(@format(IPV4_ADDRESS) bit<32> address, bit<16> port) {
        meta.sender = address;
        meta.src = address;
        meta.srcPort = port;
    }

    direct_counter(CounterType.packets_and_bytes) outbound_counter;

    /** Only packets from inside keep a mapping alive (RFC 4787 REQ-6). */
    table outbound {
        key = {
            meta.protocol: exact @name("protocol");
            meta.src: exact @name("src") @format(IPV4_ADDRESS);
            meta.srcPort: exact @name("srcPort");
        }
        actions = {
            from_public;
        }
        size = 65536;
        counters = outbound_counter;
        support_timeout = true;
    }

    action own() {}

    action to_inside(bit<16> nextHop) {
        meta.nextHop = nextHop;
    }

    action to_outside(bit<16> nextHop) {
        meta.nextHop = nextHop;
        meta.toOutside = true;
    }

    table routes {
        key = {
            meta.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            own;
            to_inside;
            to_outside;
        }
        size = 4096;
    }

    action via(
        bit<9> port,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac
    ) {
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
    }

    table next_hops {
        key = {
            meta.nextHop: exact @name("id");
        }
        actions = {
            via;
        }
        size = 4096;
    }

    apply {
        mark_to_drop(standard_metadata);
        meta.from = standard_metadata.ingress_port;
        if (hdr.packet_out.isValid()) {
            meta.from = hdr.packet_out.port;
            if (hdr.packet_out.again == 0) {
                standard_metadata.egress_spec = hdr.packet_out.port;
                hdr.packet_in.setInvalid();
                exit;
            }
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(0);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (hdr.ethernet.etherType == 0x0806) {
            standard_metadata.egress_spec = CPU_PORT;
            hdr.packet_in.setValid();
            hdr.packet_in.ingressPort = meta.from;
            hdr.packet_in.reason = 1;
            hdr.packet_in.protocol = meta.protocol;
            hdr.packet_in.src = meta.src;
            hdr.packet_in.srcPort = meta.srcPort;
            exit;
        }
        if (interfaces.apply().miss) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (!hdr.ipv4.isValid()) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (standard_metadata.checksum_error == 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        // More fragments, or not the first one: only the first has ports.
        if (hdr.ipv4.flags[0:0] == 1 || hdr.ipv4.fragmentOffset != 0) {
            drops.count(4);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (!meta.translatable) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        bool is_error = hdr.icmpError.isValid();
        bool asks = hdr.echo.isValid() && hdr.icmp.type == 8;
        bool answers = hdr.echo.isValid() && hdr.icmp.type == 0;
        meta.protocol = hdr.ipv4.protocol;
        meta.sender = hdr.ipv4.src;
        meta.src = hdr.ipv4.src;
        meta.dst = hdr.ipv4.dst;
        if (is_error) {
            if (hdr.quoted.src != hdr.ipv4.dst) {
                drops.count(0);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            meta.protocol = hdr.quoted.protocol;
            meta.src = hdr.quoted.dst;
        }
        bool inbound_hit;
        if (inbound.apply().hit) {
            inbound_hit = true;
        } else {
            inbound_hit = false;
        }
        bool mapped = inbound_hit;
        switch (routes.apply().action_run) {
            own: {
                if (asks) {
                    standard_metadata.egress_spec = CPU_PORT;
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingressPort = meta.from;
                    hdr.packet_in.reason = 2;
                    hdr.packet_in.protocol = meta.protocol;
                    hdr.packet_in.src = meta.src;
                    hdr.packet_in.srcPort = meta.srcPort;
                    exit;
                }
                drops.count(6);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            to_inside: {}
            to_outside: {}
            default: {
                drops.count(5);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
        }
        if (!meta.fromInside && !mapped) {
            drops.count(6);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            exit;
        }
        if (hdr.ipv4.ttl <= 1) {
            drops.count(7);
            standard_metadata.egress_spec = CPU_PORT;
            hdr.packet_in.setValid();
            hdr.packet_in.ingressPort = meta.from;
            hdr.packet_in.reason = 3;
            hdr.packet_in.protocol = meta.protocol;
            hdr.packet_in.src = meta.src;
            hdr.packet_in.srcPort = meta.srcPort;
            exit;
        }
        // To outside, or back inside (hairpinning, RFC 4787 REQ-9).
        if (meta.fromInside && (meta.toOutside || mapped)) {
            // An answer has no port of its own: nothing from outside asks a host inside.
            if (answers) {
                drops.count(6);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
            if (outbound.apply().miss) {
                if ((hdr.tcp.isValid() && hdr.tcp.syn == 1 && hdr.tcp.ack == 0)
                    || hdr.udp.isValid()
                    || asks) {
                    standard_metadata.egress_spec = CPU_PORT;
                    hdr.packet_in.setValid();
                    hdr.packet_in.ingressPort = meta.from;
                    hdr.packet_in.reason = 4;
                    hdr.packet_in.protocol = meta.protocol;
                    hdr.packet_in.src = meta.src;
                    hdr.packet_in.srcPort = meta.srcPort;
                    exit;
                }
                drops.count(6);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
                exit;
            }
        }
        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
        if (hdr.tcp.isValid()) {
            bit<32> sum = (bit<32>)~hdr.tcp.checksum
                + (bit<32>)~hdr.ipv4.src[15:0]
                + (bit<32>)meta.sender[15:0]
                + (bit<32>)~hdr.ipv4.src[31:16]
                + (bit<32>)meta.sender[31:16]
                + (bit<32>)~hdr.ipv4.dst[15:0]
                + (bit<32>)meta.dst[15:0]
                + (bit<32>)~hdr.ipv4.dst[31:16]
                + (bit<32>)meta.dst[31:16]
                + (bit<32>)~hdr.tcp.srcPort[15:0]
                + (bit<32>)meta.srcPort[15:0]
                + (bit<32>)~hdr.tcp.dstPort[15:0]
                + (bit<32>)meta.dstPort[15:0];
            bit<32> sum_2 = (bit<32>)sum[15:0] + (bit<32>)sum[31:16];
            hdr.tcp.checksum = ~(sum_2[15:0] + sum_2[31:16]);
            hdr.tcp.srcPort = meta.srcPort;
            hdr.tcp.dstPort = meta.dstPort;
        } else if (hdr.udp.isValid()) {
            if (hdr.udp.checksum != 0) {
                bit<32> sum_3 = (bit<32>)~hdr.udp.checksum
                    + (bit<32>)~hdr.ipv4.src[15:0]
                    + (bit<32>)meta.sender[15:0]
                    + (bit<32>)~hdr.ipv4.src[31:16]
                    + (bit<32>)meta.sender[31:16]
                    + (bit<32>)~hdr.ipv4.dst[15:0]
                    + (bit<32>)meta.dst[15:0]
                    + (bit<32>)~hdr.ipv4.dst[31:16]
                    + (bit<32>)meta.dst[31:16]
                    + (bit<32>)~hdr.udp.srcPort[15:0]
                    + (bit<32>)meta.srcPort[15:0]
                    + (bit<32>)~hdr.udp.dstPort[15:0]
                    + (bit<32>)meta.dstPort[15:0];
                bit<32> sum_4 = (bit<32>)sum_3[15:0] + (bit<32>)sum_3[31:16];
                hdr.udp.checksum = ~(sum_4[15:0] + sum_4[31:16]);
                if (hdr.udp.checksum == 0) {
                    hdr.udp.checksum = 0xffff;
                }
            }
            hdr.udp.srcPort = meta.srcPort;
            hdr.udp.dstPort = meta.dstPort;
        } else if (hdr.echo.isValid()) {
            bit<16> identifier = answers ? meta.dstPort : meta.srcPort;
            bit<32> sum_5 = (bit<32>)~hdr.icmp.checksum
                + (bit<32>)~hdr.echo.identifier[15:0]
                + (bit<32>)identifier[15:0];
            bit<32> sum_6 = (bit<32>)sum_5[15:0] + (bit<32>)sum_5[31:16];
            hdr.icmp.checksum = ~(sum_6[15:0] + sum_6[31:16]);
            hdr.echo.identifier = identifier;
        } else {
            if (hdr.quotedTcp.isValid()) {
                bit<32> sum_7 = (bit<32>)~hdr.icmp.checksum
                    + (bit<32>)~hdr.quotedTcp.srcPort[15:0]
                    + (bit<32>)meta.dstPort[15:0]
                    + (bit<32>)~hdr.quotedTcp.dstPort[15:0]
                    + (bit<32>)meta.srcPort[15:0];
                bit<32> sum_8 = (bit<32>)sum_7[15:0] + (bit<32>)sum_7[31:16];
                hdr.icmp.checksum = ~(sum_8[15:0] + sum_8[31:16]);
                hdr.quotedTcp.srcPort = meta.dstPort;
                hdr.quotedTcp.dstPort = meta.srcPort;
            } else if (hdr.quotedUdp.isValid()) {
                bit<16> before = hdr.quotedUdp.checksum;
                if (hdr.quotedUdp.checksum != 0) {
                    bit<32> sum_9 = (bit<32>)~hdr.quotedUdp.checksum
                        + (bit<32>)~hdr.quoted.src[15:0]
                        + (bit<32>)meta.dst[15:0]
                        + (bit<32>)~hdr.quoted.src[31:16]
                        + (bit<32>)meta.dst[31:16]
                        + (bit<32>)~hdr.quoted.dst[15:0]
                        + (bit<32>)meta.src[15:0]
                        + (bit<32>)~hdr.quoted.dst[31:16]
                        + (bit<32>)meta.src[31:16]
                        + (bit<32>)~hdr.quotedUdp.srcPort[15:0]
                        + (bit<32>)meta.dstPort[15:0]
                        + (bit<32>)~hdr.quotedUdp.dstPort[15:0]
                        + (bit<32>)meta.srcPort[15:0];
                    bit<32> sum_10 = (bit<32>)sum_9[15:0] + (bit<32>)sum_9[31:16];
                    hdr.quotedUdp.checksum = ~(sum_10[15:0] + sum_10[31:16]);
                    if (hdr.quotedUdp.checksum == 0) {
                        hdr.quotedUdp.checksum = 0xffff;
                    }
                }
                bit<32> sum_11 = (bit<32>)~hdr.icmp.checksum
                    + (bit<32>)~hdr.quotedUdp.srcPort[15:0]
                    + (bit<32>)meta.dstPort[15:0]
                    + (bit<32>)~hdr.quotedUdp.dstPort[15:0]
                    + (bit<32>)meta.srcPort[15:0]
                    + (bit<32>)~before[15:0]
                    + (bit<32>)hdr.quotedUdp.checksum[15:0];
                bit<32> sum_12 = (bit<32>)sum_11[15:0] + (bit<32>)sum_11[31:16];
                hdr.icmp.checksum = ~(sum_12[15:0] + sum_12[31:16]);
                hdr.quotedUdp.srcPort = meta.dstPort;
                hdr.quotedUdp.dstPort = meta.srcPort;
            } else {
                bit<32> sum_13 = (bit<32>)~hdr.quotedIcmp.checksum
                    + (bit<32>)~hdr.quotedEcho.identifier[15:0]
                    + (bit<32>)meta.dstPort[15:0];
                bit<32> sum_14 = (bit<32>)sum_13[15:0] + (bit<32>)sum_13[31:16];
                hdr.quotedIcmp.checksum = ~(sum_14[15:0] + sum_14[31:16]);
                hdr.quotedEcho.identifier = meta.dstPort;
            }
            bit<32> sum_15 = (bit<32>)~hdr.quoted.checksum
                + (bit<32>)~hdr.quoted.src[15:0]
                + (bit<32>)meta.dst[15:0]
                + (bit<32>)~hdr.quoted.src[31:16]
                + (bit<32>)meta.dst[31:16]
                + (bit<32>)~hdr.quoted.dst[15:0]
                + (bit<32>)meta.src[15:0]
                + (bit<32>)~hdr.quoted.dst[31:16]
                + (bit<32>)meta.src[31:16];
            bit<32> sum_16 = (bit<32>)sum_15[15:0] + (bit<32>)sum_15[31:16];
            hdr.quoted.checksum = ~(sum_16[15:0] + sum_16[31:16]);
            hdr.quoted.src = meta.dst;
            hdr.quoted.dst = meta.src;
        }
        hdr.ipv4.src = meta.sender;
        hdr.ipv4.dst = meta.dst;
        next_hops.apply();
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

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.packet_in);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
        packet.emit(hdr.icmp);
        packet.emit(hdr.echo);
        packet.emit(hdr.icmpError);
        packet.emit(hdr.quoted);
        packet.emit(hdr.quotedTcp);
        packet.emit(hdr.quotedUdp);
        packet.emit(hdr.quotedIcmp);
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
