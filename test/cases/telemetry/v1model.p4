#include <core.p4>
#include <v1model.p4>

/** IEEE 802.3: the addresses and the type of what follows. */
header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

header telemetry_t {
    bit<8> hops;
    // Of what follows the hops.
    bit<16> etherType;
}

header hop_t {
    bit<32> switchId;
    // Nanoseconds of the switch's own clock.
    bit<48> ingressTime;
    bit<48> egressTime;
    // Packets that waited when this one came.
    bit<24> queueDepth;
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

struct metrics_cell_t {
    bit<32> packets;
    bit<32> opened;
    bit<32> reset;
    bit<32> closed;
}

struct headers_t {
    ethernet_t ethernet;
    telemetry_t telemetry;
    hop_t[8] hops;
    ipv4_t ipv4;
    tcp_t tcp;
}

struct metadata_t {
    // Hops that are not taken yet.
    bit<8> left;
    @field_list(1) bit<48> arrived;
    // 1 where the way through the network ends.
    bit<1> leaves;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType) {
            0x88b6: telemetry;
            0x0800: ipv4;
            default: accept;
        }
    }

    state telemetry {
        packet.extract(hdr.telemetry);
        meta.left = hdr.telemetry.hops;
        transition select(hdr.telemetry.hops) {
            0: behind;
            default: hop;
        }
    }

    state hop {
        packet.extract(hdr.hops.next);
        meta.left = meta.left - 1;
        transition select(meta.left) {
            0: behind;
            default: hop;
        }
    }

    state behind {
        transition select(hdr.telemetry.etherType) {
            0x0800: ipv4;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        transition select(hdr.ipv4.ihl, hdr.ipv4.fragmentOffset, hdr.ipv4.protocol) {
            (5, 0, 6): tcp;
            default: accept;
        }
    }

    state tcp {
        packet.extract(hdr.tcp);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    action to_switch(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    action to_host(bit<9> port) {
        standard_metadata.egress_spec = port;
        meta.leaves = 1;
    }

    table hosts {
        key = {
            hdr.ethernet.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            to_switch;
            to_host;
        }
        size = 256;
    }

    /** Of each watched flow: packets, connections asked for, refused or broken off, and closed. */
    register<bit<128>>(256) metrics;

    action watch(bit<8> id) {
        @atomic {
            bit<128> metrics_raw;
            metrics.read(metrics_raw, (bit<32>)id);
            metrics_cell_t metrics_cell = {
                packets = metrics_raw[127:96],
                opened = metrics_raw[95:64],
                reset = metrics_raw[63:32],
                closed = metrics_raw[31:0]
            };
            bit<32> next_packets = metrics_cell.packets + 1;
            bit<32> next_opened = metrics_cell.opened + (bit<32>)(hdr.tcp.syn & ~hdr.tcp.ack);
            bit<32> next_reset = metrics_cell.reset + (bit<32>)hdr.tcp.rst;
            bit<32> next_closed = metrics_cell.closed + (bit<32>)hdr.tcp.fin;
            metrics_cell.packets = next_packets;
            metrics_cell.opened = next_opened;
            metrics_cell.reset = next_reset;
            metrics_cell.closed = next_closed;
            metrics.write(
                (bit<32>)id,
                metrics_cell.packets
                    ++ metrics_cell.opened
                    ++ metrics_cell.reset
                    ++ metrics_cell.closed
            );
        }
    }

    table flows {
        key = {
            hdr.ipv4.src: exact @name("src") @format(IPV4_ADDRESS);
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            watch;
        }
        size = 256;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        meta.arrived = standard_metadata.ingress_global_timestamp * 1000;
        hosts.apply();
        if (hdr.tcp.isValid()) {
            bool flows_hit;
            if (flows.apply().hit) {
                flows_hit = true;
            } else {
                flows_hit = false;
            }
            if (flows_hit && !hdr.telemetry.isValid() && meta.leaves == 0) {
                hdr.telemetry.setValid();
                hdr.telemetry.hops = 0;
                hdr.telemetry.etherType = hdr.ethernet.etherType;
                hdr.ethernet.etherType = 0x88b6;
            }
        }
        if (hdr.telemetry.isValid() && meta.leaves == 1) {
            clone_preserving_field_list(CloneType.I2E, 1, 1);
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action identify(bit<32> switchId) {
        hdr.hops.push_front(1);
        hdr.hops[0].setValid();
        hdr.hops[0].switchId = switchId;
        hdr.hops[0].ingressTime = meta.arrived;
        hdr.hops[0].egressTime = standard_metadata.egress_global_timestamp * 1000;
        hdr.hops[0].queueDepth = (bit<24>)standard_metadata.enq_qdepth;
        hdr.telemetry.hops = hdr.telemetry.hops + 1;
    }

    /** Who this switch is: the default action says it. */
    table self {
        actions = {
            identify;
        }
        size = 1;
    }

    apply {
        if (hdr.telemetry.isValid()) {
            if (standard_metadata.instance_type == 0 && meta.leaves == 1) {
                hdr.ethernet.etherType = hdr.telemetry.etherType;
                hdr.telemetry.setInvalid();
                hdr.hops.pop_front(8);
            } else if (hdr.telemetry.hops < 8) {
                self.apply();
            }
        }
    }
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.ethernet);
        packet.emit(hdr.telemetry);
        packet.emit(hdr.hops);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.tcp);
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
