#include <core.p4>
#include <v1model.p4>

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

header option_end_t {
    bit<8> kind;
    varbit<312> padding;
}

header option_nop_t {
    bit<8> kind;
}

header option_mss_t {
    bit<8> kind;
    bit<8> length;
    bit<16> value;
}

header option_other_t {
    bit<8> kind;
    bit<8> length;
    varbit<304> data;
}

header_union option_t {
    option_end_t end;
    option_nop_t nop;
    option_mss_t mss;
    option_other_t other;
}

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
    tcp_t tcp;
    option_t[12] options;
}

struct metadata_t {
    bit<16> tcpLength;
    bit<16> limit;
    bit<1> verify_checked;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    bit<8> left = 0;

    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
            (0, 5, 6): tcp;
            default: accept;
        }
    }

    state tcp {
        packet.extract(hdr.tcp);
        verify(hdr.tcp.dataOffset >= 5, error.HeaderTooShort);
        meta.tcpLength = hdr.ipv4.totalLength - 20;
        left = ((bit<8>)hdr.tcp.dataOffset - 5) << 2;
        transition options;
    }

    state options {
        transition select(left) {
            0: checked;
            default: option;
        }
    }

    state option {
        transition select(packet.lookahead<bit<8>>()) {
            0: end;
            1: nop;
            2: mss;
            default: other;
        }
    }

    state end {
        packet.extract(hdr.options.next.end, (bit<32>)(left - 1) << 3);
        transition checked;
    }

    state nop {
        packet.extract(hdr.options.next.nop);
        left = left - 1;
        transition options;
    }

    state mss {
        verify(left >= 4, error.HeaderTooShort);
        packet.extract(hdr.options.next.mss);
        left = left - 4;
        transition options;
    }

    state other {
        bit<8> length = packet.lookahead<bit<16>>()[7:0];
        verify(length >= 2 && length <= left, error.HeaderTooShort);
        packet.extract(hdr.options.next.other, (bit<32>)(length - 2) << 3);
        left = left - length;
        transition options;
    }

    state checked {
        meta.verify_checked = 1;
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
        verify_checksum_with_payload(
            hdr.tcp.isValid() && meta.verify_checked == 1,
            {
                hdr.ipv4.src,
                hdr.ipv4.dst,
                8w0,
                hdr.ipv4.protocol,
                meta.tcpLength,
                hdr.tcp.srcPort,
                hdr.tcp.dstPort,
                hdr.tcp.sequenceNumber,
                hdr.tcp.acknowledgmentNumber,
                hdr.tcp.dataOffset,
                hdr.tcp.reserved,
                hdr.tcp.cwr,
                hdr.tcp.ece,
                hdr.tcp.urg,
                hdr.tcp.ack,
                hdr.tcp.psh,
                hdr.tcp.rst,
                hdr.tcp.syn,
                hdr.tcp.fin,
                hdr.tcp.window,
                hdr.tcp.urgentPointer,
                hdr.options[0].end,
                hdr.options[0].nop,
                hdr.options[0].mss,
                hdr.options[0].other,
                hdr.options[1].end,
                hdr.options[1].nop,
                hdr.options[1].mss,
                hdr.options[1].other,
                hdr.options[2].end,
                hdr.options[2].nop,
                hdr.options[2].mss,
                hdr.options[2].other,
                hdr.options[3].end,
                hdr.options[3].nop,
                hdr.options[3].mss,
                hdr.options[3].other,
                hdr.options[4].end,
                hdr.options[4].nop,
                hdr.options[4].mss,
                hdr.options[4].other,
                hdr.options[5].end,
                hdr.options[5].nop,
                hdr.options[5].mss,
                hdr.options[5].other,
                hdr.options[6].end,
                hdr.options[6].nop,
                hdr.options[6].mss,
                hdr.options[6].other,
                hdr.options[7].end,
                hdr.options[7].nop,
                hdr.options[7].mss,
                hdr.options[7].other,
                hdr.options[8].end,
                hdr.options[8].nop,
                hdr.options[8].mss,
                hdr.options[8].other,
                hdr.options[9].end,
                hdr.options[9].nop,
                hdr.options[9].mss,
                hdr.options[9].other,
                hdr.options[10].end,
                hdr.options[10].nop,
                hdr.options[10].mss,
                hdr.options[10].other,
                hdr.options[11].end,
                hdr.options[11].nop,
                hdr.options[11].mss,
                hdr.options[11].other
            },
            hdr.tcp.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    action forward(bit<9> port, bit<16> limit) {
        standard_metadata.egress_spec = port;
        meta.limit = limit;
    }

    table ports {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            forward;
        }
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (standard_metadata.checksum_error == 1) {
            mark_to_drop(standard_metadata);
            exit;
        }
        ports.apply();
        if (hdr.tcp.isValid() && hdr.tcp.syn == 1) {
            if (hdr.options[0].mss.isValid() && hdr.options[0].mss.value > meta.limit) {
                hdr.options[0].mss.value = meta.limit;
            }
            if (hdr.options[1].mss.isValid() && hdr.options[1].mss.value > meta.limit) {
                hdr.options[1].mss.value = meta.limit;
            }
            if (hdr.options[2].mss.isValid() && hdr.options[2].mss.value > meta.limit) {
                hdr.options[2].mss.value = meta.limit;
            }
            if (hdr.options[3].mss.isValid() && hdr.options[3].mss.value > meta.limit) {
                hdr.options[3].mss.value = meta.limit;
            }
            if (hdr.options[4].mss.isValid() && hdr.options[4].mss.value > meta.limit) {
                hdr.options[4].mss.value = meta.limit;
            }
            if (hdr.options[5].mss.isValid() && hdr.options[5].mss.value > meta.limit) {
                hdr.options[5].mss.value = meta.limit;
            }
            if (hdr.options[6].mss.isValid() && hdr.options[6].mss.value > meta.limit) {
                hdr.options[6].mss.value = meta.limit;
            }
            if (hdr.options[7].mss.isValid() && hdr.options[7].mss.value > meta.limit) {
                hdr.options[7].mss.value = meta.limit;
            }
            if (hdr.options[8].mss.isValid() && hdr.options[8].mss.value > meta.limit) {
                hdr.options[8].mss.value = meta.limit;
            }
            if (hdr.options[9].mss.isValid() && hdr.options[9].mss.value > meta.limit) {
                hdr.options[9].mss.value = meta.limit;
            }
            if (hdr.options[10].mss.isValid() && hdr.options[10].mss.value > meta.limit) {
                hdr.options[10].mss.value = meta.limit;
            }
            if (hdr.options[11].mss.isValid() && hdr.options[11].mss.value > meta.limit) {
                hdr.options[11].mss.value = meta.limit;
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
    apply {
        update_checksum_with_payload(
            hdr.tcp.isValid() && meta.tcpLength != 0,
            {
                hdr.ipv4.src,
                hdr.ipv4.dst,
                8w0,
                hdr.ipv4.protocol,
                meta.tcpLength,
                hdr.tcp.srcPort,
                hdr.tcp.dstPort,
                hdr.tcp.sequenceNumber,
                hdr.tcp.acknowledgmentNumber,
                hdr.tcp.dataOffset,
                hdr.tcp.reserved,
                hdr.tcp.cwr,
                hdr.tcp.ece,
                hdr.tcp.urg,
                hdr.tcp.ack,
                hdr.tcp.psh,
                hdr.tcp.rst,
                hdr.tcp.syn,
                hdr.tcp.fin,
                hdr.tcp.window,
                hdr.tcp.urgentPointer,
                hdr.options[0].end,
                hdr.options[0].nop,
                hdr.options[0].mss,
                hdr.options[0].other,
                hdr.options[1].end,
                hdr.options[1].nop,
                hdr.options[1].mss,
                hdr.options[1].other,
                hdr.options[2].end,
                hdr.options[2].nop,
                hdr.options[2].mss,
                hdr.options[2].other,
                hdr.options[3].end,
                hdr.options[3].nop,
                hdr.options[3].mss,
                hdr.options[3].other,
                hdr.options[4].end,
                hdr.options[4].nop,
                hdr.options[4].mss,
                hdr.options[4].other,
                hdr.options[5].end,
                hdr.options[5].nop,
                hdr.options[5].mss,
                hdr.options[5].other,
                hdr.options[6].end,
                hdr.options[6].nop,
                hdr.options[6].mss,
                hdr.options[6].other,
                hdr.options[7].end,
                hdr.options[7].nop,
                hdr.options[7].mss,
                hdr.options[7].other,
                hdr.options[8].end,
                hdr.options[8].nop,
                hdr.options[8].mss,
                hdr.options[8].other,
                hdr.options[9].end,
                hdr.options[9].nop,
                hdr.options[9].mss,
                hdr.options[9].other,
                hdr.options[10].end,
                hdr.options[10].nop,
                hdr.options[10].mss,
                hdr.options[10].other,
                hdr.options[11].end,
                hdr.options[11].nop,
                hdr.options[11].mss,
                hdr.options[11].other
            },
            hdr.tcp.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.ethernet);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.tcp);
        packet.emit(hdr.options);
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
