#include <core.p4>
#include <v1model.p4>

const bit<9> CPU_PORT = 510;

/** Where a packet comes from or goes to. */
@p4runtime_translation("example.org/PortId", bit<32>)
type bit<9> port_id_t;

@controller_header("packet_out")
header packet_out_t {
    port_id_t egressPort;
    @padding bit<7> _padding;
}

/** A part of the network. */
@p4runtime_translation("example.org/Vrf", string)
@p4runtime_translation_mappings({ {"blue", 1}, {"red", 2}, {"", 0} })
type bit<10> vrf_t;

@controller_header("packet_in")
header packet_in_t {
    port_id_t ingressPort;
    vrf_t vrf;
    @padding bit<5> _padding;
}

header ethernet_t {
    bit<48> dst;
    bit<48> src;
    bit<16> etherType;
}

type bit<32> neighbour_t;

header tag_t {
    neighbour_t neighbour;
    vrf_t vrf;
    bit<6> rest;
}

struct learn_t {
    bit<10> vrf;
    bit<9> from;
}

struct seen_cell_t {
    vrf_t vrf;
    port_id_t from;
    neighbour_t neighbour;
    bit<7> packets;
}

struct headers_t {
    packet_out_t packet_out;
    packet_in_t packet_in;
    ethernet_t ethernet;
    tag_t tag;
}

struct metadata_t {
    vrf_t vrf;
    port_id_t from;
    neighbour_t neighbour;
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
        meta.from = (port_id_t)standard_metadata.ingress_port;
        packet.extract(hdr.ethernet);
        packet.extract(hdr.tag);
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
    register<vrf_t>(4) latest;
    register<port_id_t>(4) origins;
    register<bit<58>>(4) seen;

    action set_vrf(vrf_t vrf) {
        meta.vrf = vrf;
        hdr.tag.vrf = vrf;
    }

    action forward(port_id_t port, @format(IPV4_ADDRESS) neighbour_t neighbour) {
        standard_metadata.egress_spec = (bit<9>)port;
        hdr.packet_in.setInvalid();
        meta.neighbour = neighbour;
        hdr.tag.neighbour = neighbour;
    }

    action punt() {
        standard_metadata.egress_spec = CPU_PORT;
        hdr.packet_in.setValid();
        hdr.packet_in.ingressPort = meta.from;
        hdr.packet_in.vrf = meta.vrf;
        hdr.packet_in._padding = 0;
    }

    action drop() {
        mark_to_drop(standard_metadata);
        hdr.packet_in.setInvalid();
    }

    table vrfs {
        key = {
            meta.from: exact @name("from");
        }
        actions = {
            set_vrf;
            drop;
        }
        default_action = drop();
    }

    table routes {
        key = {
            meta.vrf: exact @name("vrf");
            hdr.tag.neighbour: optional @name("neighbour") @format(IPV4_ADDRESS);
            hdr.ethernet.etherType: ternary @name("type");
        }
        actions = {
            forward;
            punt;
        }
        default_action = punt();
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.packet_out.isValid()) {
            standard_metadata.egress_spec = (bit<9>)hdr.packet_out.egressPort;
            hdr.packet_in.setInvalid();
        } else {
            vrfs.apply();
            vrf_t red = (vrf_t)10w2;
            if (meta.vrf == red) {
                digest<learn_t>(1, { vrf = (bit<10>)meta.vrf, from = (bit<9>)meta.from });
            }
            vrf_t latest_result;
            @atomic {
                vrf_t latest_cell;
                latest.read(latest_cell, (bit<32>)hdr.ethernet.etherType);
                latest_cell = (bit<32>)hdr.ethernet.etherType < 4 ? latest_cell : (vrf_t)10w0;
                latest_result = latest_cell;
                latest_cell = meta.vrf;
                latest.write((bit<32>)hdr.ethernet.etherType, latest_cell);
            }
            if (latest_result == red) {
                hdr.tag.rest = 1;
            }
            @atomic {
                port_id_t origins_cell;
                origins.read(origins_cell, 1);
                origins_cell = meta.from;
                origins.write(1, origins_cell);
            }
            @atomic {
                bit<58> seen_raw;
                seen.read(seen_raw, (bit<32>)hdr.ethernet.etherType);
                seen_raw = (bit<32>)hdr.ethernet.etherType < 4 ? seen_raw : 0;
                seen_cell_t seen_cell = {
                    vrf = (vrf_t)seen_raw[57:48],
                    from = (port_id_t)seen_raw[47:39],
                    neighbour = (neighbour_t)seen_raw[38:7],
                    packets = seen_raw[6:0]
                };
                vrf_t next_vrf = meta.vrf;
                port_id_t next_from = meta.from;
                neighbour_t next_neighbour = hdr.tag.neighbour;
                bit<7> next_packets = seen_cell.packets + 1;
                seen_cell.vrf = next_vrf;
                seen_cell.from = next_from;
                seen_cell.neighbour = next_neighbour;
                seen_cell.packets = next_packets;
                seen.write(
                    (bit<32>)hdr.ethernet.etherType,
                    (bit<10>)seen_cell.vrf
                        ++ (bit<9>)seen_cell.from
                        ++ (bit<32>)seen_cell.neighbour
                        ++ seen_cell.packets
                );
            }
            if (meta.vrf != (vrf_t)10w0) {
                routes.apply();
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
        packet.emit(hdr.tag);
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
