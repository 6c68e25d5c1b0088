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

/** RFC 8200 §3. The traffic class is the codepoint of RFC 2474 and the congestion notification of RFC 3168. */
header ipv6_t {
    bit<4> version;
    bit<6> dscp;
    bit<2> ecn;
    bit<20> flowLabel;
    // Bytes after this header.
    bit<16> payloadLength;
    bit<8> nextHeader;
    bit<8> hopLimit;
    bit<128> src;
    bit<128> dst;
}

/**
 * RFC 8200 §4.3, §4.4 and §4.6: hop-by-hop options, a routing header, or destination options; 256 bytes at most, of the
 * 2048 that could be.
 */
header ipv6_extension_t {
    bit<8> nextHeader;
    // Units of 8 bytes, without the first 8.
    bit<8> extensionLength;
    varbit<2032> data;
}

/** RFC 8200 §4.5. */
header ipv6_fragment_t {
    bit<8> nextHeader;
    bit<8> reserved;
    // In units of 8 bytes.
    bit<13> fragmentOffset;
    bit<2> reserved2;
    bit<1> moreFragments;
    bit<32> identification;
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

/** RFC 4443 §2.1: what all messages begin with. The checksum covers the pseudo-header of RFC 8200 §8.1 too. */
header icmpv6_t {
    bit<8> type;
    bit<8> code;
    bit<16> checksum;
}

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
    ipv4_options_t ipv4Options;
    ipv6_t ipv6;
    ipv6_extension_t hopByHop;
    ipv6_extension_t routing;
    ipv6_fragment_t fragment;
    ipv6_extension_t destinationOptions;
    tcp_t tcp;
    udp_t udp;
    icmp_t icmp;
    icmpv6_t icmpv6;
}

struct metadata_t {
    // The list of the port.
    @name("list") bit<8> list_;
    // Behind the extension headers of IPv6.
    bit<8> protocol;
    // There is a header of TCP, UDP or ICMP: not so in fragments but the first. Without it, what follows is 0.
    bool transport;
    bit<16> srcPort;
    bit<16> dstPort;
    // Type and code.
    bit<16> icmp;
    // Of TCP: it answers, so that it does not begin a connection.
    bool established;
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
            0x86dd: ipv6;
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

    state ipv6 {
        packet.extract(hdr.ipv6);
        verify(hdr.ipv6.version == 6, error.MalformedHeader);
        transition select(hdr.ipv6.nextHeader) {
            0: hopByHop;
            6: tcp;
            17: udp;
            43: routing;
            44: fragment;
            58: icmpv6;
            60: destinationOptions;
            default: accept;
        }
    }

    state hopByHop {
        packet.extract(hdr.hopByHop, ((bit<32>)packet.lookahead<bit<16>>()[7:0] << 6) + 48);
        transition select(hdr.hopByHop.nextHeader) {
            6: tcp;
            17: udp;
            43: routing;
            44: fragment;
            58: icmpv6;
            60: destinationOptions;
            default: accept;
        }
    }

    state routing {
        packet.extract(hdr.routing, ((bit<32>)packet.lookahead<bit<16>>()[7:0] << 6) + 48);
        transition select(hdr.routing.nextHeader) {
            6: tcp;
            17: udp;
            44: fragment;
            58: icmpv6;
            60: destinationOptions;
            default: accept;
        }
    }

    state fragment {
        packet.extract(hdr.fragment);
        transition select(hdr.fragment.fragmentOffset, hdr.fragment.nextHeader) {
            (0, 6): tcp;
            (0, 17): udp;
            (0, 58): icmpv6;
            (0, 60): destinationOptions;
            default: accept;
        }
    }

    state destinationOptions {
        packet.extract(
            hdr.destinationOptions,
            ((bit<32>)packet.lookahead<bit<16>>()[7:0] << 6) + 48
        );
        transition select(hdr.destinationOptions.nextHeader) {
            6: tcp;
            17: udp;
            58: icmpv6;
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
        transition accept;
    }

    state icmpv6 {
        packet.extract(hdr.icmpv6);
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
    /** Packets dropped before a list, or after its last entry: see dropReasons. */
    counter(4, CounterType.packets_and_bytes) drops;

    action attach(@name("list") bit<8> list_, @name("out") bit<9> out_) {
        meta.list_ = list_;
        standard_metadata.egress_spec = out_;
    }

    action detached() {
        drops.count(0);
        mark_to_drop(standard_metadata);
    }

    table ports {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            attach;
            detached;
        }
        default_action = detached();
        size = 64;
    }

    action permit() {}

    action permit_log() {
        clone(CloneType.I2E, 1);
    }

    action deny() {
        mark_to_drop(standard_metadata);
    }

    action deny_log() {
        clone(CloneType.I2E, 1);
        mark_to_drop(standard_metadata);
    }

    action end() {
        drops.count(3);
        mark_to_drop(standard_metadata);
    }

    direct_counter(CounterType.packets_and_bytes) list4_counter;

    table list4 {
        key = {
            meta.list_: exact @name("list");
            hdr.ipv4.protocol: optional @name("protocol");
            hdr.ipv4.src: ternary @name("src") @format(IPV4_ADDRESS);
            hdr.ipv4.dst: ternary @name("dst") @format(IPV4_ADDRESS);
            meta.transport: optional @name("transport");
            meta.srcPort: range @name("srcPort");
            meta.dstPort: range @name("dstPort");
            meta.icmp: ternary @name("icmp");
            meta.established: optional @name("established");
        }
        actions = {
            permit;
            permit_log;
            deny;
            deny_log;
            end;
        }
        default_action = end();
        size = 4096;
        counters = list4_counter;
    }

    direct_counter(CounterType.packets_and_bytes) list6_counter;

    table list6 {
        key = {
            meta.list_: exact @name("list");
            meta.protocol: optional @name("protocol");
            hdr.ipv6.src: ternary @name("src") @format(IPV6_ADDRESS);
            hdr.ipv6.dst: ternary @name("dst") @format(IPV6_ADDRESS);
            meta.transport: optional @name("transport");
            meta.srcPort: range @name("srcPort");
            meta.dstPort: range @name("dstPort");
            meta.icmp: ternary @name("icmp");
            meta.established: optional @name("established");
        }
        actions = {
            permit;
            permit_log;
            deny;
            deny_log;
            end;
        }
        default_action = end();
        size = 2048;
        counters = list6_counter;
    }

    apply {
        mark_to_drop(standard_metadata);
        switch (ports.apply().action_run) {
            detached: {
                exit;
            }
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            exit;
        }
        meta.transport =
            hdr.tcp.isValid() || hdr.udp.isValid() || hdr.icmp.isValid() || hdr.icmpv6.isValid();
        if (hdr.tcp.isValid()) {
            meta.srcPort = hdr.tcp.srcPort;
            meta.dstPort = hdr.tcp.dstPort;
            meta.established = (hdr.tcp.ack | hdr.tcp.rst) == 1;
        } else if (hdr.udp.isValid()) {
            meta.srcPort = hdr.udp.srcPort;
            meta.dstPort = hdr.udp.dstPort;
        } else if (hdr.icmp.isValid()) {
            meta.icmp[15:8] = hdr.icmp.type;
            meta.icmp[7:0] = hdr.icmp.code;
        } else if (hdr.icmpv6.isValid()) {
            meta.icmp[15:8] = hdr.icmpv6.type;
            meta.icmp[7:0] = hdr.icmpv6.code;
        }
        if (hdr.ipv4.isValid()) {
            // RFC 3128: the second fragment could write over the flags that the first one was judged by.
            if (hdr.ipv4.fragmentOffset == 1 && hdr.ipv4.protocol == 6) {
                drops.count(1);
                mark_to_drop(standard_metadata);
                exit;
            }
            list4.apply();
        } else if (hdr.ipv6.isValid()) {
            // The last of the chain says what follows.
            meta.protocol = hdr.ipv6.nextHeader;
            if (hdr.hopByHop.isValid()) {
                meta.protocol = hdr.hopByHop.nextHeader;
            }
            if (hdr.routing.isValid()) {
                meta.protocol = hdr.routing.nextHeader;
            }
            if (hdr.fragment.isValid()) {
                meta.protocol = hdr.fragment.nextHeader;
            }
            if (hdr.destinationOptions.isValid()) {
                meta.protocol = hdr.destinationOptions.nextHeader;
            }
            if ((meta.protocol == 0
                    || meta.protocol == 43
                    || meta.protocol == 44
                    || meta.protocol == 60)
                && (!hdr.fragment.isValid() || hdr.fragment.fragmentOffset == 0)) {
                drops.count(1);
                mark_to_drop(standard_metadata);
                exit;
            }
            list6.apply();
        } else if (hdr.ethernet.etherType != 0x0806) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            exit;
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
        packet.emit(hdr.ipv6);
        packet.emit(hdr.hopByHop);
        packet.emit(hdr.routing);
        packet.emit(hdr.fragment);
        packet.emit(hdr.destinationOptions);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
        packet.emit(hdr.icmp);
        packet.emit(hdr.icmpv6);
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
