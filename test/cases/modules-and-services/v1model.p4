#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

enum bit<2> MeterColor {
    green = 2w0,
    yellow = 2w1,
    red = 2w2
}

@controller_header("packet_out")
header packet_out_t {
    bit<9> egressPort;
    @padding bit<7> _padding;
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingressPort;
    bit<7> reason;
}

enum bit<16> EtherType {
    ipv4 = 16w0x0800,
    vlan = 16w0x8100,
    service = 16w0x88a8
}

header eth_t {
    bit<48> dst;
    bit<48> src;
    EtherType etherType;
}

header vlan_t {
    bit<3> pcp;
    bit<1> dei;
    bit<12> vid;
    bit<16> tpid;
}

header ipv4_t {
    bit<4> version;
    bit<4> ihl;
    bit<6> dscp;
    bit<2> ecn;
    bit<8> ttl;
    bit<8> protocol;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

struct flows_cell_t {
    bit<32> packets;
    bit<32> last;
}

struct learn_t {
    bit<48> src;
    bit<9> port;
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    eth_t eth;
    vlan_t vlan;
    ipv4_t ipv4;
}

struct metadata_t {
    bit<32> flow;
    bool marked;
    bit<1> parser_rejected;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    value_set<bit<16>>(4) tpids;

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

    state vlan {
        packet.extract(hdr.vlan);
        transition select(hdr.vlan.tpid) {
            0x0800: ip;
            default: accept;
        }
    }

    state start_of_packet {
        packet.extract(hdr.eth);
        transition select(hdr.eth.etherType) {
            EtherType.ipv4: ip;
            EtherType.vlan: vlan;
            EtherType.service: service;
            default: accept;
        }
    }

    state service {
        packet.extract(hdr.vlan);
        transition q;
    }

    state q {
        transition select(hdr.vlan.tpid) {
            tpids: q_in_set;
            default: q_more;
        }
    }

    state q_in_set {
        transition select(hdr.vlan.vid) {
            0x001 &&& 0x00f: ip;
            default: q_more;
        }
    }

    state q_more {
        transition select(hdr.vlan.tpid, hdr.vlan.vid) {
            (0x88a8, _): vlan;
            default: rejected;
        }
    }

    state ip {
        packet.extract(hdr.ipv4);
        transition accept;
    }

    state rejected {
        meta.parser_rejected = 1;
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
    @name("tenants.deny")
    action tenants_deny() {
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
    }

    @name("tenants.list")
    table tenants_list {
        key = {
            hdr.ipv4.src: exact @name("src") @format(IPV4_ADDRESS);
        }
        actions = {
            tenants_deny;
        }
        size = 64;
    }

    @name("everyone.deny")
    action everyone_deny() {
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
    }

    @name("everyone.list")
    table everyone_list {
        key = {
            hdr.ipv4.src: exact @name("src") @format(IPV4_ADDRESS);
        }
        actions = {
            everyone_deny;
        }
        size = 1024;
    }

    action set_next_hop(bit<9> port, @format(MAC_ADDRESS) bit<48> dmac) {
        standard_metadata.egress_spec = port;
        hdr.packet_in.setInvalid();
        hdr.eth.dst = dmac;
    }

    @max_group_size(16)
    action_selector(HashAlgorithm.crc16, 128, 16) ecmp;

    table next_hops {
        key = {
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
            hdr.vlan.isValid(): exact @name("tagged");
            hdr.ipv4.src: selector;
            hdr.ipv4.dst: selector;
        }
        actions = {
            set_next_hop;
        }
        implementation = ecmp;
    }

    register<bit<32>>(65536) seen;
    register<bit<64>>(1024) flows;
    meter(64, MeterType.bytes) tenant_rate;
    counter(64, CounterType.packets_and_bytes) denied;

    apply {
        if (standard_metadata.parser_error != error.NoError || meta.parser_rejected == 1) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.packet_out.isValid()) {
            standard_metadata.egress_spec = hdr.packet_out.egressPort;
            hdr.packet_in.setInvalid();
        } else {
            tenants_list.apply();
            everyone_list.apply();
            bit<32> now = (standard_metadata.ingress_global_timestamp * 1000)[47:16];
            bit<32> seen_result;
            @atomic {
                bit<32> seen_cell;
                seen.read(seen_cell, meta.flow);
                seen_cell = meta.flow < 65536 ? seen_cell : 0;
                seen_result = seen_cell;
                seen_cell = seen_cell + 1;
                seen.write(meta.flow, seen_cell);
            }
            @atomic {
                bit<64> flows_raw;
                flows.read(flows_raw, meta.flow);
                flows_raw = meta.flow < 1024 ? flows_raw : 0;
                flows_cell_t flows_cell = { packets = flows_raw[63:32], last = flows_raw[31:0] };
                bit<32> next_packets = flows_cell.packets > 99 ? 0 : flows_cell.packets + 1;
                bit<32> next_last = now;
                flows_cell.packets = next_packets;
                flows_cell.last = next_last;
                flows.write(meta.flow, flows_cell.packets ++ flows_cell.last);
            }
            if (seen_result == 0) {
                digest<learn_t>(1, { src = hdr.eth.src, port = standard_metadata.ingress_port });
            }
            MeterColor color;
            bit<2> tenant_rate_color;
            tenant_rate.execute_meter(meta.flow, tenant_rate_color);
            color = (MeterColor)(meta.flow < 64 ? tenant_rate_color : 2w0);
            if (color == MeterColor.red) {
                denied.count(meta.flow);
                mark_to_drop(standard_metadata);
                hdr.packet_in.setInvalid();
            }
            meta.marked = true;
            hdr.ipv4.dscp[1:0] = 1;
            hdr.vlan = hdr.vlan;
            if (next_hops.apply().miss) {
                standard_metadata.egress_spec = CPU_PORT;
                hdr.packet_in.setValid();
                hdr.packet_in.ingressPort = standard_metadata.ingress_port;
                hdr.packet_in.reason = 3;
            }
            truncate(128);
            meta.flow = hdr.ipv4.src[15:0] ++ hdr.ipv4.dst[15:0];
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    register<bit<32>>(512) depth;

    apply {
        if (standard_metadata.instance_type == 1 || standard_metadata.instance_type == 2) {
            mark_to_drop(standard_metadata);
        }
        @atomic {
            bit<32> depth_cell;
            depth.read(depth_cell, (bit<32>)standard_metadata.egress_port);
            depth_cell = (bit<32>)standard_metadata.enq_qdepth;
            depth.write((bit<32>)standard_metadata.egress_port, depth_cell);
        }
        if (standard_metadata.enq_qdepth > 100) {
            hdr.ipv4.ecn = 3;
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
        packet.emit(hdr.packet_in);
        packet.emit(hdr.eth);
        packet.emit(hdr.vlan);
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
