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

/** IEEE 802.1Q: the part of the tag after its own EtherType, with the EtherType of what follows. */
header vlan_t {
    // Priority code point.
    bit<3> pcp;
    // Drop eligible indicator.
    bit<1> dei;
    // VLAN identifier; 0 for a tag that only gives a priority.
    bit<12> vid;
    bit<16> etherType;
}

/** RFC 3032 §2.1: one entry of the label stack. */
header mpls_t {
    bit<20> label;
    // RFC 5462; formerly EXP.
    bit<3> trafficClass;
    bit<1> bottomOfStack;
    bit<8> ttl;
}

/** RFC 826, with the address lengths of Ethernet and IPv4. */
header arp_t {
    // 1 for Ethernet.
    bit<16> hardwareType;
    // The EtherType of the protocol: 0x0800.
    bit<16> protocolType;
    // Bytes.
    bit<8> hardwareLength;
    // Bytes.
    bit<8> protocolLength;
    bit<16> operation;
    bit<48> senderMac;
    bit<32> senderIp;
    bit<48> targetMac;
    bit<32> targetIp;
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

/** RFC 9293 §3.1: the options, 40 bytes at most, as they are. */
header tcp_options_t {
    varbit<320> options;
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

/** RFC 7348 §5. */
header vxlan_t {
    // 0x08: there is a network identifier.
    bit<8> flags;
    bit<24> reserved;
    // VXLAN network identifier.
    bit<24> vni;
    bit<8> reserved2;
}

/** RFC 2784 §2 and RFC 2890 §2: the 4 bytes that every packet has. */
header gre_t {
    bit<1> checksumPresent;
    bit<1> reserved;
    bit<1> keyPresent;
    bit<1> sequencePresent;
    bit<9> reserved0;
    // 0; PPTP's is 1 (RFC 2637).
    bit<3> version;
    // The EtherType of what follows.
    bit<16> protocol;
}

/** RFC 2784 §2.5 and §2.6. */
header gre_checksum_t {
    bit<16> checksum;
    bit<16> reserved1;
}

/** RFC 2890 §2.1. */
header gre_key_t {
    bit<32> key;
}

/** RFC 2890 §2.2. */
header gre_sequence_t {
    bit<32> number;
}

/** TS 29.281 §5.1: the 8 bytes that every message has. */
header gtpu_t {
    // 1.
    bit<3> version;
    // 1 for GTP; 0 would be GTP′.
    bit<1> protocolType;
    bit<1> spare;
    bit<1> extensionFlag;
    bit<1> sequenceFlag;
    bit<1> npduFlag;
    bit<8> messageType;
    // Bytes after these 8.
    bit<16> length;
    // Tunnel endpoint identifier.
    bit<32> teid;
}

/** TS 29.281 §5.1: there when one of the three flags is set. */
header gtpu_optional_t {
    bit<16> sequenceNumber;
    bit<8> npduNumber;
    bit<8> nextExtension;
}

/** TS 29.281 §5.2.2.7 with TS 38.415 §5.5.2, of one unit of length: the quality of service of a packet. */
header gtpu_pdu_session_t {
    // Units of 4 bytes: 1.
    bit<8> length;
    // 0 downlink, 1 uplink.
    bit<4> pduType;
    bit<4> spare;
    // Downlink: a paging policy follows.
    bit<1> pagingPolicyPresence;
    // Downlink: reflective QoS.
    bit<1> reflectiveQos;
    // QoS flow identifier.
    bit<6> qfi;
    bit<8> nextExtension;
}

/** INT 2.1 §5.7.1: the shim between TCP or UDP and the INT header. */
header int_shim_t {
    bit<4> type;
    // Next protocol type: 0 what the port says, 1 another UDP payload, 2 another protocol of IP.
    bit<2> npt;
    bit<2> reserved;
    // 32-bit words of INT header and metadata, without this shim.
    bit<8> length;
    // By `npt`: reserved with the DSCP in its first six bits, the UDP port, or the protocol that was there before.
    bit<16> original;
}

/** INT 2.1 §5.8: the INT-MD header. */
header int_md_t {
    // 2.
    bit<4> version;
    // Discard at the sink.
    bit<1> discard;
    // Remaining hops were exceeded.
    bit<1> hopsExceeded;
    // The MTU was exceeded.
    bit<1> mtuExceeded;
    bit<12> reserved;
    // 32-bit words that each hop adds.
    bit<5> hopLength;
    bit<8> remainingHops;
    // From the most significant bit: node, level 1 interfaces, hop latency, queue, ingress time, egress time, …
    bit<16> instructions;
    bit<16> domainId;
    bit<16> domainInstructions;
    bit<16> domainFlags;
}

struct headers_t {
    ethernet_t ethernet;
    vlan_t serviceVlan;
    vlan_t vlan;
    mpls_t[3] mpls;
    arp_t arp;
    ipv4_t ipv4;
    ipv4_options_t ipv4Options;
    ipv6_t ipv6;
    ipv6_extension_t hopByHop;
    ipv6_extension_t routing;
    ipv6_fragment_t fragment;
    ipv6_extension_t destinationOptions;
    icmp_t icmp;
    icmpv6_t icmpv6;
    tcp_t tcp;
    tcp_options_t tcpOptions;
    udp_t udp;
    vxlan_t vxlan;
    ethernet_t innerEthernet;
    gre_t gre;
    gre_checksum_t greChecksum;
    gre_key_t greKey;
    gre_sequence_t greSequence;
    gtpu_t gtpu;
    gtpu_optional_t gtpuOptional;
    gtpu_pdu_session_t gtpuPduSession;
    int_shim_t intShim;
    int_md_t intMd;
    ipv4_t innerIpv4;
    ipv6_t innerIpv6;
}

struct metadata_t {}

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
            0x0806: arp;
            0x8100: vlan;
            0x86dd: ipv6;
            0x8847: mpls;
            0x88a8: serviceVlan;
            default: accept;
        }
    }

    state serviceVlan {
        packet.extract(hdr.serviceVlan);
        transition select(hdr.serviceVlan.etherType) {
            0x0800: ipv4;
            0x0806: arp;
            0x8100: vlan;
            0x86dd: ipv6;
            0x8847: mpls;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        transition select(hdr.vlan.etherType) {
            0x0800: ipv4;
            0x0806: arp;
            0x86dd: ipv6;
            0x8847: mpls;
            default: accept;
        }
    }

    state mpls {
        packet.extract(hdr.mpls.next);
        transition select(hdr.mpls.last.bottomOfStack) {
            0: mpls;
            default: mplsPayload;
        }
    }

    state mplsPayload {
        transition select(packet.lookahead<bit<4>>()) {
            4: ipv4;
            6: ipv6;
            default: accept;
        }
    }

    state arp {
        packet.extract(hdr.arp);
        transition accept;
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
            (0, 47): gre;
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

    state icmp {
        packet.extract(hdr.icmp);
        transition accept;
    }

    state icmpv6 {
        packet.extract(hdr.icmpv6);
        transition accept;
    }

    state tcp {
        packet.extract(hdr.tcp);
        verify(hdr.tcp.dataOffset >= 5, error.MalformedHeader);
        transition select(hdr.tcp.dataOffset) {
            5: accept;
            default: tcpOptions;
        }
    }

    state tcpOptions {
        packet.extract(hdr.tcpOptions, (bit<32>)(hdr.tcp.dataOffset - 5) << 5);
        transition accept;
    }

    state udp {
        packet.extract(hdr.udp);
        transition select(hdr.udp.dstPort) {
            0x0868: gtpu;
            0x12b5: vxlan;
            0x1388: intShim;
            default: accept;
        }
    }

    state vxlan {
        packet.extract(hdr.vxlan);
        transition select(hdr.vxlan.flags) {
            0x08 &&& 0x08: innerEthernet;
            default: accept;
        }
    }

    state innerEthernet {
        packet.extract(hdr.innerEthernet);
        transition select(hdr.innerEthernet.etherType) {
            0x0800: innerIpv4;
            default: accept;
        }
    }

    state gre {
        packet.extract(hdr.gre);
        transition select(
            hdr.gre.version,
            hdr.gre.checksumPresent,
            hdr.gre.keyPresent,
            hdr.gre.sequencePresent
        ) {
            (0, 1, _, _): greChecksum;
            (0, 0, 1, _): greKey;
            (0, 0, 0, 1): greSequence;
            (0, 0, 0, 0): greProtocol;
            default: accept;
        }
    }

    state greChecksum {
        packet.extract(hdr.greChecksum);
        transition select(hdr.gre.keyPresent, hdr.gre.sequencePresent) {
            (1, _): greKey;
            (0, 1): greSequence;
            default: greProtocol;
        }
    }

    state greKey {
        packet.extract(hdr.greKey);
        transition select(hdr.gre.sequencePresent) {
            1: greSequence;
            default: greProtocol;
        }
    }

    state greSequence {
        packet.extract(hdr.greSequence);
        transition greProtocol;
    }

    state greProtocol {
        transition select(hdr.gre.protocol) {
            0x0800: innerIpv4;
            0x86dd: innerIpv6;
            default: accept;
        }
    }

    state gtpu {
        packet.extract(hdr.gtpu);
        transition select(
            hdr.gtpu.version,
            hdr.gtpu.protocolType,
            hdr.gtpu.messageType,
            hdr.gtpu.extensionFlag,
            hdr.gtpu.sequenceFlag,
            hdr.gtpu.npduFlag
        ) {
            (1, 1, 0xff, 0, 0, 0): gtpuPayload;
            (1, 1, 0xff, _, _, _): gtpuOptional;
            default: accept;
        }
    }

    state gtpuOptional {
        packet.extract(hdr.gtpuOptional);
        transition select(hdr.gtpu.extensionFlag, hdr.gtpuOptional.nextExtension) {
            (0, _): gtpuPayload;
            (1, 0): gtpuPayload;
            (1, 133): gtpuPduSession;
            default: accept;
        }
    }

    state gtpuPduSession {
        packet.extract(hdr.gtpuPduSession);
        transition select(hdr.gtpuPduSession.length, hdr.gtpuPduSession.nextExtension) {
            (1, 0): gtpuPayload;
            default: accept;
        }
    }

    state gtpuPayload {
        transition select(packet.lookahead<bit<4>>()) {
            4: innerIpv4;
            6: innerIpv6;
            default: accept;
        }
    }

    state intShim {
        packet.extract(hdr.intShim);
        transition select(hdr.intShim.type) {
            1: intMd;
            default: accept;
        }
    }

    state intMd {
        packet.extract(hdr.intMd);
        transition accept;
    }

    state innerIpv4 {
        packet.extract(hdr.innerIpv4);
        verify(hdr.innerIpv4.version == 4 && hdr.innerIpv4.ihl >= 5, error.MalformedHeader);
        transition accept;
    }

    state innerIpv6 {
        packet.extract(hdr.innerIpv6);
        verify(hdr.innerIpv6.version == 6, error.MalformedHeader);
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
            hdr.innerIpv4.isValid() && hdr.innerIpv4.ihl == 5,
            {
                hdr.innerIpv4.version,
                hdr.innerIpv4.ihl,
                hdr.innerIpv4.dscp,
                hdr.innerIpv4.ecn,
                hdr.innerIpv4.totalLength,
                hdr.innerIpv4.identification,
                hdr.innerIpv4.flags,
                hdr.innerIpv4.fragmentOffset,
                hdr.innerIpv4.ttl,
                hdr.innerIpv4.protocol,
                hdr.innerIpv4.src,
                hdr.innerIpv4.dst
            },
            hdr.innerIpv4.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (standard_metadata.checksum_error == 1) {
            mark_to_drop(standard_metadata);
        } else {
            standard_metadata.egress_spec = 1;
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
        packet.emit(hdr.serviceVlan);
        packet.emit(hdr.vlan);
        packet.emit(hdr.mpls);
        packet.emit(hdr.arp);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv4Options);
        packet.emit(hdr.ipv6);
        packet.emit(hdr.hopByHop);
        packet.emit(hdr.routing);
        packet.emit(hdr.fragment);
        packet.emit(hdr.destinationOptions);
        packet.emit(hdr.icmp);
        packet.emit(hdr.icmpv6);
        packet.emit(hdr.tcp);
        packet.emit(hdr.tcpOptions);
        packet.emit(hdr.udp);
        packet.emit(hdr.vxlan);
        packet.emit(hdr.innerEthernet);
        packet.emit(hdr.gre);
        packet.emit(hdr.greChecksum);
        packet.emit(hdr.greKey);
        packet.emit(hdr.greSequence);
        packet.emit(hdr.gtpu);
        packet.emit(hdr.gtpuOptional);
        packet.emit(hdr.gtpuPduSession);
        packet.emit(hdr.intShim);
        packet.emit(hdr.intMd);
        packet.emit(hdr.innerIpv4);
        packet.emit(hdr.innerIpv6);
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
