#include <core.p4>
#include <v1model.p4>

enum bit<2> MeterColor {
    green = 2w0,
    yellow = 2w1,
    red = 2w2
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

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
}

struct metadata_t {
    // 0 for traffic of nobody.
    bit<8> tenant;
    bit<3> class;
    bit<2> color;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
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
    action to(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    table links {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            to;
        }
        size = 64;
    }

    action tenant(bit<8> id, bit<3> class) {
        meta.tenant = id;
        meta.class = class;
    }

    table tenants {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            hdr.ipv4.src: lpm @name("src") @format(IPV4_ADDRESS);
        }
        actions = {
            tenant;
        }
        size = 1024;
    }

    /** Bytes per second of each tenant. */
    meter(256, MeterType.bytes) rates;

    /** What each tenant sent, by colour. */
    counter(1024, CounterType.packets_and_bytes) usage;

    /** The sender's own code point is not believed. */
    action remark(bit<6> dscp) {
        hdr.ipv4.dscp = dscp;
    }

    action slow_down(bit<6> dscp) {
        hdr.ipv4.dscp = dscp;
        if (hdr.ipv4.ecn != 0) {
            hdr.ipv4.ecn = 3;
        }
    }

    action discard() {
        mark_to_drop(standard_metadata);
    }

    table marking {
        key = {
            meta.class: exact @name("class");
            meta.color: exact @name("color");
        }
        actions = {
            remark;
            slow_down;
            discard;
        }
        default_action = remark(0);
        size = 32;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        links.apply();
        if (hdr.ipv4.isValid()) {
            if (standard_metadata.checksum_error == 1) {
                mark_to_drop(standard_metadata);
                exit;
            }
            tenants.apply();
            MeterColor color;
            bit<2> rates_color;
            rates.execute_meter((bit<32>)meta.tenant, rates_color);
            color = (MeterColor)rates_color;
            if (color == MeterColor.red) {
                meta.color = 2;
            } else if (color == MeterColor.yellow) {
                meta.color = 1;
            }
            usage.count(((bit<32>)meta.tenant << 2) | (bit<32>)meta.color);
            marking.apply();
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action mark_from(bit<19> depth) {
        if (standard_metadata.enq_qdepth >= depth) {
            hdr.ipv4.ecn = 3;
        }
    }

    /** Queues so deep that transports shall hear of it. */
    table queues {
        key = {
            standard_metadata.egress_port: exact @name("port");
        }
        actions = {
            mark_from;
        }
        size = 64;
    }

    apply {
        if (hdr.ipv4.isValid() && hdr.ipv4.ecn != 0) {
            queues.apply();
        }
    }
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
        packet.emit(hdr.ethernet);
        packet.emit(hdr.ipv4);
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
