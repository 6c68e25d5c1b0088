#include <core.p4>
#include <v1model.p4>

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

struct station_t {
    bit<12> vlan;
    bit<48> mac;
    bit<9> port;
}

struct headers_t {
    ethernet_t ethernet;
    vlan_t vlan;
}

struct metadata_t {
    // On the wire 0 for untagged packets; then the VLAN that the packet belongs to.
    bit<12> vlan;
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
            0x8100: vlan;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
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
    /** Packets dropped, by reason: see dropReasons. */
    counter(3, CounterType.packets) drops;

    /** What came in, by VLAN. */
    counter(4096, CounterType.packets_and_bytes) traffic;

    action admit(bit<12> vlan) {
        meta.vlan = vlan;
    }

    action refuse() {
        drops.count(0);
        mark_to_drop(standard_metadata);
    }

    /** The VLANs that a port takes; without a tag, the one that it gives to the packet. */
    table memberships {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            meta.vlan: exact @name("tag");
        }
        actions = {
            admit;
            refuse;
        }
        default_action = refuse();
        size = 4096;
    }

    action keep() {
        drops.count(1);
        mark_to_drop(standard_metadata);
    }

    table reserved {
        key = {
            hdr.ethernet.dst: ternary @name("dst") @format(MAC_ADDRESS);
        }
        actions = {
            keep;
        }
        const entries = {
            0x0180c2000000 &&& 0xfffffffffff0: keep();
        }
    }

    action known() {}

    action learn() {
        digest<station_t>(
            1,
            { vlan = meta.vlan, mac = hdr.ethernet.src, port = standard_metadata.ingress_port }
        );
    }

    /** A station at another port is a new one: it has moved. */
    table sources {
        key = {
            meta.vlan: exact @name("vlan");
            hdr.ethernet.src: exact @name("mac") @format(MAC_ADDRESS);
            standard_metadata.ingress_port: exact @name("port");
        }
        actions = {
            known;
            learn;
        }
        default_action = learn();
        size = 4096;
        support_timeout = true;
    }

    action forward(bit<9> port) {
        standard_metadata.egress_spec = port;
        standard_metadata.mcast_grp = 0;
    }

    /** The multicast group of a VLAN has the number of the VLAN. */
    action flood() {
        mark_to_drop(standard_metadata);
        standard_metadata.mcast_grp = (bit<16>)meta.vlan;
    }

    direct_counter(CounterType.packets_and_bytes) stations_counter;

    table stations {
        key = {
            meta.vlan: exact @name("vlan");
            hdr.ethernet.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            forward;
            flood;
        }
        default_action = flood();
        size = 4096;
        counters = stations_counter;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.vlan.isValid()) {
            meta.vlan = hdr.vlan.vid;
        }
        switch (memberships.apply().action_run) {
            refuse: {
                exit;
            }
        }
        traffic.count((bit<32>)meta.vlan);
        if (reserved.apply().hit) {
            exit;
        }
        if (hdr.ethernet.src[40:40] == 1) {
            drops.count(2);
            mark_to_drop(standard_metadata);
            exit;
        }
        sources.apply();
        stations.apply();
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action untagged() {
        if (hdr.vlan.isValid()) {
            hdr.ethernet.etherType = hdr.vlan.etherType;
            hdr.vlan.setInvalid();
        }
    }

    /** A tag that is there keeps its priority. */
    action tagged() {
        if (!hdr.vlan.isValid()) {
            hdr.vlan.setValid();
            hdr.vlan.pcp = 0;
            hdr.vlan.dei = 0;
            hdr.vlan.etherType = hdr.ethernet.etherType;
            hdr.ethernet.etherType = 0x8100;
        }
        hdr.vlan.vid = meta.vlan;
    }

    action refuse() {
        mark_to_drop(standard_metadata);
    }

    table tags {
        key = {
            standard_metadata.egress_port: exact @name("port");
            meta.vlan: exact @name("vlan");
        }
        actions = {
            untagged;
            tagged;
            refuse;
        }
        default_action = refuse();
        size = 4096;
    }

    apply {
        // What is flooded does not go back, nor does what is for a station at the port where it came from.
        if (standard_metadata.egress_port == standard_metadata.ingress_port) {
            mark_to_drop(standard_metadata);
        } else {
            tags.apply();
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
        packet.emit(hdr.vlan);
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
