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

struct connections_cell_t {
    bit<32> connection;
    bit<16> backend;
}

struct sessions_cell_t {
    bit<32> session;
    bit<16> frontend;
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
    // The flow of the packet. An ICMP error goes against the flow that it quotes.
    bit<32> src;
    bit<32> dst;
    bit<8> protocol;
    // 0 where there are none, and in fragments.
    bit<16> srcPort;
    bit<16> dstPort;
    // The virtual address and port that the packet is for; 0 for none.
    bit<16> frontend;
    // What tells the flows of one client apart: 0 where all of them shall have one back end.
    bit<16> spread;
    bit<16> bucket;
    bit<16> backend;
    // What the packet's destination or source becomes.
    bit<32> newAddress;
    bit<16> newPort;
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
    counter(7, CounterType.packets_and_bytes) drops;

    action balance(bit<16> frontend) {
        meta.frontend = frontend;
        meta.spread = meta.srcPort;
    }

    /** Session affinity: a client's flows have one back end. */
    action stick(bit<16> frontend) {
        meta.frontend = frontend;
    }

    direct_counter(CounterType.packets_and_bytes) frontends_counter;

    table frontends {
        key = {
            meta.dst: exact @name("address") @format(IPV4_ADDRESS);
            meta.protocol: exact @name("protocol");
            meta.dstPort: exact @name("port");
        }
        actions = {
            balance;
            stick;
        }
        size = 4096;
        counters = frontends_counter;
    }

    action choose(bit<16> backend) {
        meta.backend = backend;
    }

    table buckets {
        key = {
            meta.frontend: exact @name("frontend");
            meta.bucket: exact @name("bucket");
        }
        actions = {
            choose;
        }
        size = 131072;
    }

    action translate(@format(IPV4_ADDRESS) bit<32> address, bit<16> port) {
        meta.newAddress = address;
        meta.newPort = port;
    }

    table backends {
        key = {
            meta.backend: exact @name("backend");
        }
        actions = {
            translate;
        }
        size = 65535;
    }

    /** The back end of each TCP connection, found by its number from one end to the other. */
    register<bit<48>>(65536) connections;

    /** The frontend that the flow between a client and a back end came through. */
    register<bit<48>>(65536) sessions;

    table addresses {
        key = {
            meta.frontend: exact @name("frontend");
        }
        actions = {
            translate;
        }
        size = 4096;
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

    /** Of a virtual address: what is not for one of its ports. */
    action no_service() {
        drops.count(5);
        mark_to_drop(standard_metadata);
    }

    table routes {
        key = {
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            via;
            no_service;
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
            exit;
        }
        if (!hdr.ipv4.isValid()) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            exit;
        }
        if (standard_metadata.checksum_error == 1) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            exit;
        }
        if (hdr.ipv4.ttl <= 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
            exit;
        }
        bit<8> ttl = hdr.ipv4.ttl - 1;
        bit<32> sum = (bit<32>)~hdr.ipv4.checksum
            + (bit<32>)~(hdr.ipv4.ttl ++ hdr.ipv4.protocol)[15:0]
            + (bit<32>)(ttl ++ hdr.ipv4.protocol)[15:0];
        bit<32> sum_2 = (bit<32>)sum[15:0] + (bit<32>)sum[31:16];
        hdr.ipv4.checksum = ~(sum_2[15:0] + sum_2[31:16]);
        hdr.ipv4.ttl = ttl;
        meta.src = hdr.ipv4.src;
        meta.dst = hdr.ipv4.dst;
        meta.protocol = hdr.ipv4.protocol;
        if (hdr.ipv4.fragmentOffset == 0 && hdr.ipv4.flags[0:0] == 0 && hdr.tcp.isValid()) {
            meta.srcPort = hdr.tcp.srcPort;
            meta.dstPort = hdr.tcp.dstPort;
        } else if (hdr.ipv4.fragmentOffset == 0 && hdr.ipv4.flags[0:0] == 0 && hdr.udp.isValid()) {
            meta.srcPort = hdr.udp.srcPort;
            meta.dstPort = hdr.udp.dstPort;
        } else if (hdr.ipv4.fragmentOffset == 0
            && hdr.ipv4.flags[0:0] == 0
            && hdr.quotedPorts.isValid()) {
            meta.src = hdr.quoted.dst;
            meta.dst = hdr.quoted.src;
            meta.protocol = hdr.quoted.protocol;
            meta.srcPort = hdr.quotedPorts.dst;
            meta.dstPort = hdr.quotedPorts.src;
        }
        // To a service: find the back end, and translate.
        if (frontends.apply().hit) {
            bit<16> hash_value;
            hash(
                hash_value,
                HashAlgorithm.crc16,
                16w0,
                { meta.src, meta.frontend, meta.spread },
                17w32
            );
            meta.bucket = hash_value;
            buckets.apply();
            if (meta.protocol == 6) {
                bit<32> hash_value_2;
                hash(
                    hash_value_2,
                    HashAlgorithm.crc16,
                    32w0,
                    { meta.src, meta.srcPort, meta.frontend },
                    33w65536
                );
                bit<32> hash_value_3;
                hash(
                    hash_value_3,
                    HashAlgorithm.crc32,
                    32w0,
                    { meta.src, meta.srcPort, meta.frontend },
                    33w0x100000000
                );
                bit<16> connections_result;
                @atomic {
                    bit<48> connections_raw;
                    connections.read(connections_raw, hash_value_2);
                    connections_raw = hash_value_2 < 65536 ? connections_raw : 0;
                    connections_cell_t connections_cell =
                        { connection = connections_raw[47:16], backend = connections_raw[15:0] };
                    connections_result = !(hdr.tcp.isValid()
                                && hdr.tcp.syn == 1
                                && hdr.tcp.ack == 0)
                            && connections_cell.connection == hash_value_3
                        ? connections_cell.backend
                        : meta.backend;
                    bit<32> next_connection = hash_value_3;
                    bit<16> next_backend = !(hdr.tcp.isValid()
                                && hdr.tcp.syn == 1
                                && hdr.tcp.ack == 0)
                            && connections_cell.connection == hash_value_3
                        ? connections_cell.backend
                        : meta.backend;
                    connections_cell.connection = next_connection;
                    connections_cell.backend = next_backend;
                    connections.write(
                        hash_value_2,
                        connections_cell.connection ++ connections_cell.backend
                    );
                }
                meta.backend = connections_result;
            }
            if (backends.apply().miss) {
                drops.count(6);
                mark_to_drop(standard_metadata);
                exit;
            }
            if (hdr.tcp.isValid()) {
                bit<32> sum_3 = (bit<32>)~hdr.tcp.checksum
                    + (bit<32>)~hdr.ipv4.dst[15:0]
                    + (bit<32>)meta.newAddress[15:0]
                    + (bit<32>)~hdr.ipv4.dst[31:16]
                    + (bit<32>)meta.newAddress[31:16]
                    + (bit<32>)~hdr.tcp.dstPort[15:0]
                    + (bit<32>)meta.newPort[15:0];
                bit<32> sum_4 = (bit<32>)sum_3[15:0] + (bit<32>)sum_3[31:16];
                hdr.tcp.checksum = ~(sum_4[15:0] + sum_4[31:16]);
                hdr.tcp.dstPort = meta.newPort;
            } else if (hdr.udp.isValid()) {
                // RFC 768: 0 says that there is no checksum; a checksum of 0 is sent as its other zero.
                if (hdr.udp.checksum != 0) {
                    bit<32> sum_5 = (bit<32>)~hdr.udp.checksum
                        + (bit<32>)~hdr.ipv4.dst[15:0]
                        + (bit<32>)meta.newAddress[15:0]
                        + (bit<32>)~hdr.ipv4.dst[31:16]
                        + (bit<32>)meta.newAddress[31:16]
                        + (bit<32>)~hdr.udp.dstPort[15:0]
                        + (bit<32>)meta.newPort[15:0];
                    bit<32> sum_6 = (bit<32>)sum_5[15:0] + (bit<32>)sum_5[31:16];
                    hdr.udp.checksum = ~(sum_6[15:0] + sum_6[31:16]);
                    if (hdr.udp.checksum == 0) {
                        hdr.udp.checksum = 0xffff;
                    }
                }
                hdr.udp.dstPort = meta.newPort;
            } else {
                // The checksum of the quoted header makes up for its address, so that of ICMP sees only the port.
                bit<32> sum_7 = (bit<32>)~hdr.icmp.checksum
                    + (bit<32>)~hdr.quotedPorts.src[15:0]
                    + (bit<32>)meta.newPort[15:0];
                bit<32> sum_8 = (bit<32>)sum_7[15:0] + (bit<32>)sum_7[31:16];
                hdr.icmp.checksum = ~(sum_8[15:0] + sum_8[31:16]);
                hdr.quotedPorts.src = meta.newPort;
                bit<32> sum_9 = (bit<32>)~hdr.quoted.checksum
                    + (bit<32>)~hdr.quoted.src[15:0]
                    + (bit<32>)meta.newAddress[15:0]
                    + (bit<32>)~hdr.quoted.src[31:16]
                    + (bit<32>)meta.newAddress[31:16];
                bit<32> sum_10 = (bit<32>)sum_9[15:0] + (bit<32>)sum_9[31:16];
                hdr.quoted.checksum = ~(sum_10[15:0] + sum_10[31:16]);
                hdr.quoted.src = meta.newAddress;
            }
            bit<32> sum_11 = (bit<32>)~hdr.ipv4.checksum
                + (bit<32>)~hdr.ipv4.dst[15:0]
                + (bit<32>)meta.newAddress[15:0]
                + (bit<32>)~hdr.ipv4.dst[31:16]
                + (bit<32>)meta.newAddress[31:16];
            bit<32> sum_12 = (bit<32>)sum_11[15:0] + (bit<32>)sum_11[31:16];
            hdr.ipv4.checksum = ~(sum_12[15:0] + sum_12[31:16]);
            hdr.ipv4.dst = meta.newAddress;
            meta.dst = meta.newAddress;
            meta.dstPort = meta.newPort;
        }
        // Both directions meet here: the one to the service leaves a note, the one back finds it.
        if (meta.dstPort != 0) {
            bool forth = meta.frontend != 0;
            bit<48> near = meta.src ++ meta.srcPort;
            bit<48> far = meta.dst ++ meta.dstPort;
            bit<32> hash_value_4;
            hash(
                hash_value_4,
                HashAlgorithm.crc16,
                32w0,
                { forth ? near : far, forth ? far : near, meta.protocol },
                33w65536
            );
            bit<32> hash_value_5;
            hash(
                hash_value_5,
                HashAlgorithm.crc32,
                32w0,
                { forth ? near : far, forth ? far : near, meta.protocol },
                33w0x100000000
            );
            bit<16> sessions_result;
            @atomic {
                bit<48> sessions_raw;
                sessions.read(sessions_raw, hash_value_4);
                sessions_raw = hash_value_4 < 65536 ? sessions_raw : 0;
                sessions_cell_t sessions_cell =
                    { session = sessions_raw[47:16], frontend = sessions_raw[15:0] };
                sessions_result =
                    sessions_cell.session == hash_value_5 ? sessions_cell.frontend : 0;
                bit<32> next_session = forth ? hash_value_5 : sessions_cell.session;
                bit<16> next_frontend = forth ? meta.frontend : sessions_cell.frontend;
                sessions_cell.session = next_session;
                sessions_cell.frontend = next_frontend;
                sessions.write(hash_value_4, sessions_cell.session ++ sessions_cell.frontend);
            }
            if (!forth && sessions_result != 0) {
                meta.frontend = sessions_result;
                if (addresses.apply().hit) {
                    if (hdr.tcp.isValid()) {
                        bit<32> sum_13 = (bit<32>)~hdr.tcp.checksum
                            + (bit<32>)~hdr.ipv4.src[15:0]
                            + (bit<32>)meta.newAddress[15:0]
                            + (bit<32>)~hdr.ipv4.src[31:16]
                            + (bit<32>)meta.newAddress[31:16]
                            + (bit<32>)~hdr.tcp.srcPort[15:0]
                            + (bit<32>)meta.newPort[15:0];
                        bit<32> sum_14 = (bit<32>)sum_13[15:0] + (bit<32>)sum_13[31:16];
                        hdr.tcp.checksum = ~(sum_14[15:0] + sum_14[31:16]);
                        hdr.tcp.srcPort = meta.newPort;
                    } else if (hdr.udp.isValid()) {
                        if (hdr.udp.checksum != 0) {
                            bit<32> sum_15 = (bit<32>)~hdr.udp.checksum
                                + (bit<32>)~hdr.ipv4.src[15:0]
                                + (bit<32>)meta.newAddress[15:0]
                                + (bit<32>)~hdr.ipv4.src[31:16]
                                + (bit<32>)meta.newAddress[31:16]
                                + (bit<32>)~hdr.udp.srcPort[15:0]
                                + (bit<32>)meta.newPort[15:0];
                            bit<32> sum_16 = (bit<32>)sum_15[15:0] + (bit<32>)sum_15[31:16];
                            hdr.udp.checksum = ~(sum_16[15:0] + sum_16[31:16]);
                            if (hdr.udp.checksum == 0) {
                                hdr.udp.checksum = 0xffff;
                            }
                        }
                        hdr.udp.srcPort = meta.newPort;
                    } else {
                        bit<32> sum_17 = (bit<32>)~hdr.icmp.checksum
                            + (bit<32>)~hdr.quotedPorts.dst[15:0]
                            + (bit<32>)meta.newPort[15:0];
                        bit<32> sum_18 = (bit<32>)sum_17[15:0] + (bit<32>)sum_17[31:16];
                        hdr.icmp.checksum = ~(sum_18[15:0] + sum_18[31:16]);
                        hdr.quotedPorts.dst = meta.newPort;
                        bit<32> sum_19 = (bit<32>)~hdr.quoted.checksum
                            + (bit<32>)~hdr.quoted.dst[15:0]
                            + (bit<32>)meta.newAddress[15:0]
                            + (bit<32>)~hdr.quoted.dst[31:16]
                            + (bit<32>)meta.newAddress[31:16];
                        bit<32> sum_20 = (bit<32>)sum_19[15:0] + (bit<32>)sum_19[31:16];
                        hdr.quoted.checksum = ~(sum_20[15:0] + sum_20[31:16]);
                        hdr.quoted.dst = meta.newAddress;
                    }
                    bit<32> sum_21 = (bit<32>)~hdr.ipv4.checksum
                        + (bit<32>)~hdr.ipv4.src[15:0]
                        + (bit<32>)meta.newAddress[15:0]
                        + (bit<32>)~hdr.ipv4.src[31:16]
                        + (bit<32>)meta.newAddress[31:16];
                    bit<32> sum_22 = (bit<32>)sum_21[15:0] + (bit<32>)sum_21[31:16];
                    hdr.ipv4.checksum = ~(sum_22[15:0] + sum_22[31:16]);
                    hdr.ipv4.src = meta.newAddress;
                }
            }
        }
        routes.apply();
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
