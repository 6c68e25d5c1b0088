#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

error {
    MalformedHeader
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<7> reason;
    bit<16> source;
    bit<16> destination;
}

/** IEEE 802.3: the addresses and the type of what follows. */
header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

/** Between two switches, after Ethernet: the workload that the packet comes from. */
header identity_t {
    // The workload's identity, as the switch that it is attached to has found it.
    bit<16> source;
    // Of what follows.
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

struct headers_t {
    packet_in_t packet_in;
    ethernet_t ethernet;
    identity_t identity;
    ipv4_t ipv4;
    tcp_t tcp;
    udp_t udp;
}

struct metadata_t {
    // 0 while nobody is known to have sent it.
    bit<16> source;
    bit<16> destination;
    // Where the destination is reached: on a port of this switch, or behind another one.
    bit<1> remote;
    bit<48> dstMac;
    bit<16> srcPort;
    bit<16> dstPort;
    // The packet asks for a new TCP connection.
    bit<1> opens;
    // Only a policy sets it.
    bit<1> allowed;
    // Of the denial.
    bit<7> reason;
    // 0 for a denied packet that goes to the controller.
    bit<16> sampled;
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
            0x88b5: identity;
            default: accept;
        }
    }

    state identity {
        packet.extract(hdr.identity);
        transition select(hdr.identity.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.MalformedHeader);
        transition select(hdr.ipv4.fragmentOffset, hdr.ipv4.ihl, hdr.ipv4.protocol) {
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
    /** Packets denied, by reason: see denialReasons. */
    counter(6, CounterType.packets_and_bytes) denials;

    action trust() {}

    /** Ports to other switches: identity headers are believed there, and nowhere else. */
    table fabric {
        key = {
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            trust;
        }
        size = 64;
    }

    action attest(bit<16> identity) {
        meta.source = identity;
    }

    action stranger() {
        meta.reason = 3;
    }

    table workloads {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            hdr.ethernet.src: exact @name("mac") @format(MAC_ADDRESS);
            hdr.ipv4.src: exact @name("address") @format(IPV4_ADDRESS);
        }
        actions = {
            attest;
            stranger;
        }
        default_action = stranger();
        size = 4096;
    }

    action deliver(bit<16> identity, bit<9> port, @format(MAC_ADDRESS) bit<48> mac) {
        meta.destination = identity;
        meta.dstMac = mac;
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
    }

    action carry(bit<16> identity, bit<9> port) {
        meta.destination = identity;
        meta.remote = 1;
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
    }

    action nowhere() {
        meta.reason = 4;
    }

    table destinations {
        key = {
            hdr.ipv4.dst: exact @name("address") @format(IPV4_ADDRESS);
        }
        actions = {
            deliver;
            carry;
            nowhere;
        }
        default_action = nowhere();
        size = 65536;
    }

    action allow() {
        meta.allowed = 1;
    }

    action deny() {
        meta.reason = 5;
    }

    direct_counter(CounterType.packets_and_bytes) policy_counter;

    table policy {
        key = {
            meta.source: exact @name("source");
            meta.destination: exact @name("destination");
            hdr.ipv4.protocol: exact @name("protocol");
            meta.srcPort: range @name("srcPort");
            meta.dstPort: range @name("dstPort");
            meta.opens: ternary @name("opens");
        }
        actions = {
            allow;
            deny;
        }
        default_action = deny();
        size = 4096;
        counters = policy_counter;
    }

    /**
     * A denied packet goes to the controller when the bits of `mask` are 0 in a random number: 0 for all of them, 0xff
     * for one of 256. Reasons without an entry are counted only.
     */
    action sample(bit<16> mask) {
        bit<16> random_value;
        random(random_value, 16w0, 16w0xffff);
        meta.sampled = random_value & mask;
    }

    table sampling {
        key = {
            meta.reason: exact @name("reason");
        }
        actions = {
            sample;
        }
        size = 6;
    }

    apply {
        mark_to_drop(standard_metadata);
        bool fabric_hit;
        if (fabric.apply().hit) {
            fabric_hit = true;
        } else {
            fabric_hit = false;
        }
        bool from_fabric = fabric_hit;
        if (standard_metadata.parser_error != error.NoError
            || standard_metadata.checksum_error == 1) {
            meta.reason = 0;
        } else if (hdr.identity.isValid() && !from_fabric) {
            meta.reason = 2;
        } else if (!hdr.ipv4.isValid()) {
            meta.reason = 1;
        } else {
            if (hdr.identity.isValid()) {
                meta.source = hdr.identity.source;
            } else if (!from_fabric) {
                workloads.apply();
            }
            if (meta.source == 0) {
                meta.reason = 3;
            }
            if (hdr.tcp.isValid()) {
                meta.srcPort = hdr.tcp.srcPort;
                meta.dstPort = hdr.tcp.dstPort;
                if (hdr.tcp.syn == 1 && hdr.tcp.ack == 0) {
                    meta.opens = 1;
                }
            } else if (hdr.udp.isValid()) {
                meta.srcPort = hdr.udp.srcPort;
                meta.dstPort = hdr.udp.dstPort;
            }
            if (meta.source != 0) {
                if (destinations.apply().hit) {
                    policy.apply();
                }
            }
        }
        if (meta.allowed == 0) {
            denials.count((bit<32>)meta.reason);
            mark_to_drop(standard_metadata);
            hdr.packet_in.setInvalid();
            bool sampling_hit;
            if (sampling.apply().hit) {
                sampling_hit = true;
            } else {
                sampling_hit = false;
            }
            if (sampling_hit && meta.sampled == 0) {
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = standard_metadata.ingress_port;
                hdr.packet_in.reason = meta.reason;
                hdr.packet_in.source = meta.source;
                hdr.packet_in.destination = meta.destination;
            }
        } else if (meta.remote == 1) {
            if (!hdr.identity.isValid()) {
                hdr.identity.setValid();
                hdr.identity.etherType = hdr.ethernet.etherType;
                hdr.ethernet.etherType = 0x88b5;
            }
            hdr.identity.source = meta.source;
        } else {
            hdr.ethernet.dst = meta.dstMac;
            if (hdr.identity.isValid()) {
                hdr.ethernet.etherType = hdr.identity.etherType;
                hdr.identity.setInvalid();
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
        packet.emit(hdr.packet_in);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.identity);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
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
