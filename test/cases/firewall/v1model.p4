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

struct denied_t {
    bit<9> port;
    bit<32> src;
    bit<32> dst;
    bit<8> protocol;
    bit<16> dstPort;
}

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
    tcp_t tcp;
    udp_t udp;
    icmp_t icmp;
    icmp_echo_t echo;
    icmp_error_t icmpError;
    ipv4_t quoted;
    quoted_ports_t quotedPorts;
    quoted_echo_t quotedEcho;
}

struct metadata_t {
    // The port on the other side.
    @name("out") bit<9> out_;
    bool fromInside;
    // The connection, the same in both directions.
    bit<32> inside;
    bit<32> outside;
    bit<16> insidePort;
    bit<16> outsidePort;
    bit<8> protocol;
    bit<18> timeout;
    // The packet may begin a connection.
    bool opens;
    // The policy lets it.
    bool allowed;
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
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
            (0, 5, 1): icmp;
            (0, 5, 6): tcp;
            (0, 5, 17): udp;
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
            0: echo;
            3: icmpError;
            8: echo;
            11: icmpError;
            12: icmpError;
            default: accept;
        }
    }

    state echo {
        packet.extract(hdr.echo);
        transition accept;
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
    counter(7, CounterType.packets_and_bytes) drops;

    action inside(@name("out") bit<9> out_) {
        meta.fromInside = true;
        meta.out_ = out_;
    }

    action outside(@name("out") bit<9> out_) {
        meta.out_ = out_;
    }

    action unknown() {
        drops.count(0);
        mark_to_drop(standard_metadata);
    }

    table sides {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            inside;
            outside;
            unknown;
        }
        default_action = unknown();
        size = 64;
    }

    action allow() {
        meta.allowed = true;
    }

    action deny() {}

    direct_counter(CounterType.packets) policy_counter;

    table policy {
        key = {
            meta.fromInside: exact @name("fromInside");
            hdr.ipv4.src: ternary @name("src") @format(IPV4_ADDRESS);
            hdr.ipv4.dst: ternary @name("dst") @format(IPV4_ADDRESS);
            hdr.ipv4.protocol: optional @name("protocol");
            meta.fromInside ? meta.outsidePort : meta.insidePort: range @name("dstPort");
        }
        actions = {
            allow;
            deny;
        }
        default_action = deny();
        size = 1024;
        counters = policy_counter;
    }

    register<bit<19>>(16384) first;
    register<bit<19>>(16384) second;

    apply {
        mark_to_drop(standard_metadata);
        switch (sides.apply().action_run) {
            unknown: {
                exit;
            }
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            exit;
        }
        standard_metadata.egress_spec = meta.out_;
        if (hdr.ethernet.etherType == 0x0806) {
            exit;
        }
        if (!hdr.ipv4.isValid()) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            exit;
        }
        if (standard_metadata.checksum_error == 1) {
            drops.count(4);
            mark_to_drop(standard_metadata);
            exit;
        }
        // Only the first fragment of a packet says which connection it is of.
        if (hdr.ipv4.fragmentOffset != 0 || hdr.ipv4.flags[0:0] == 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
            exit;
        }
        meta.protocol = hdr.ipv4.protocol;
        if (hdr.tcp.isValid()) {
            meta.inside = meta.fromInside ? hdr.ipv4.src : hdr.ipv4.dst;
            meta.outside = meta.fromInside ? hdr.ipv4.dst : hdr.ipv4.src;
            meta.insidePort = meta.fromInside ? hdr.tcp.srcPort : hdr.tcp.dstPort;
            meta.outsidePort = meta.fromInside ? hdr.tcp.dstPort : hdr.tcp.srcPort;
            meta.timeout = 6930;
            meta.opens = hdr.tcp.syn == 1 && hdr.tcp.ack == 0;
        } else if (hdr.udp.isValid()) {
            meta.inside = meta.fromInside ? hdr.ipv4.src : hdr.ipv4.dst;
            meta.outside = meta.fromInside ? hdr.ipv4.dst : hdr.ipv4.src;
            meta.insidePort = meta.fromInside ? hdr.udp.srcPort : hdr.udp.dstPort;
            meta.outsidePort = meta.fromInside ? hdr.udp.dstPort : hdr.udp.srcPort;
            meta.timeout = 280;
            meta.opens = true;
        } else if (hdr.echo.isValid()) {
            meta.inside = meta.fromInside ? hdr.ipv4.src : hdr.ipv4.dst;
            meta.outside = meta.fromInside ? hdr.ipv4.dst : hdr.ipv4.src;
            meta.insidePort = meta.fromInside ? hdr.echo.identifier : hdr.echo.identifier;
            meta.outsidePort = meta.fromInside ? hdr.echo.identifier : hdr.echo.identifier;
            meta.timeout = 56;
            meta.opens = hdr.icmp.type == 8;
        } else if (hdr.quotedPorts.isValid()) {
            meta.inside = !meta.fromInside ? hdr.quoted.src : hdr.quoted.dst;
            meta.outside = !meta.fromInside ? hdr.quoted.dst : hdr.quoted.src;
            meta.insidePort = !meta.fromInside ? hdr.quotedPorts.src : hdr.quotedPorts.dst;
            meta.outsidePort = !meta.fromInside ? hdr.quotedPorts.dst : hdr.quotedPorts.src;
            meta.protocol = hdr.quoted.protocol;
            meta.timeout = 280;
            if (hdr.quoted.protocol == 6) {
                meta.timeout = 6930;
            }
        } else if (hdr.quotedEcho.isValid()) {
            meta.inside = !meta.fromInside ? hdr.quoted.src : hdr.quoted.dst;
            meta.outside = !meta.fromInside ? hdr.quoted.dst : hdr.quoted.src;
            meta.insidePort =
                !meta.fromInside ? hdr.quotedEcho.identifier : hdr.quotedEcho.identifier;
            meta.outsidePort =
                !meta.fromInside ? hdr.quotedEcho.identifier : hdr.quotedEcho.identifier;
            meta.timeout = 56;
        } else {
            drops.count(2);
            mark_to_drop(standard_metadata);
            exit;
        }
        if (meta.opens) {
            policy.apply();
        }
        bit<19> now = (bit<19>)(standard_metadata.ingress_global_timestamp * 1000)[47:30] | 0x40000;
        // A packet of a connection keeps it alive; an error about one does not.
        bool keeps = !hdr.icmpError.isValid();
        bit<32> hash_value;
        hash(
            hash_value,
            HashAlgorithm.crc32,
            32w0,
            { meta.inside, meta.outside, meta.insidePort, meta.outsidePort, meta.protocol },
            33w16384
        );
        bit<1> first_result;
        @atomic {
            bit<19> first_cell;
            first.read(first_cell, hash_value);
            first_cell = hash_value < 16384 ? first_cell : 0;
            first_result = (bit<1>)(first_cell != 0 && (now - first_cell)[17:0] <= meta.timeout);
            first_cell = meta.allowed
                    || (first_cell != 0 && (now - first_cell)[17:0] <= meta.timeout && keeps)
                ? now
                : first_cell;
            first.write(hash_value, first_cell);
        }
        bit<32> hash_value_2;
        hash(
            hash_value_2,
            HashAlgorithm.crc16,
            32w0,
            { meta.inside, meta.outside, meta.insidePort, meta.outsidePort, meta.protocol },
            33w16384
        );
        bit<1> second_result;
        @atomic {
            bit<19> second_cell;
            second.read(second_cell, hash_value_2);
            second_cell = hash_value_2 < 16384 ? second_cell : 0;
            second_result = (bit<1>)(second_cell != 0 && (now - second_cell)[17:0] <= meta.timeout);
            second_cell = meta.allowed
                    || (second_cell != 0 && (now - second_cell)[17:0] <= meta.timeout && keeps)
                ? now
                : second_cell;
            second.write(hash_value_2, second_cell);
        }
        if ((first_result == 1 && second_result == 1) || meta.allowed) {
            exit;
        }
        if (meta.opens) {
            digest<denied_t>(
                1,
                {
                    port = standard_metadata.ingress_port,
                    src = hdr.ipv4.src,
                    dst = hdr.ipv4.dst,
                    protocol = meta.protocol,
                    dstPort = meta.fromInside ? meta.outsidePort : meta.insidePort
                }
            );
            drops.count(6);
            mark_to_drop(standard_metadata);
            exit;
        } else {
            drops.count(5);
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
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
        packet.emit(hdr.icmp);
        packet.emit(hdr.echo);
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
