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

struct headers_t {
    // The tunnel's.
    ethernet_t ethernet;
    ipv4_t ipv4;
    udp_t udp;
    vxlan_t vxlan;
    // The frame of a host, in a tunnel or on an access port.
    ethernet_t inner;
    vlan_t vlan;
}

struct metadata_t {
    // 0 for untagged frames.
    bit<12> vid;
    bit<24> vni;
    // The gateway that the frame goes to; 0 for an access port.
    bit<16> tunnel;
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    value_set<bit<9>>(16) underlay;

    state start {
        transition select(standard_metadata.ingress_port) {
            underlay: ethernet;
            default: inner;
        }
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
            (0, 5, 17): udp;
            default: accept;
        }
    }

    state udp {
        packet.extract(hdr.udp);
        transition select(hdr.udp.dstPort) {
            0x12b5: vxlan;
            default: accept;
        }
    }

    state vxlan {
        packet.extract(hdr.vxlan);
        transition select(hdr.vxlan.flags) {
            0x08 &&& 0x08: inner;
            default: accept;
        }
    }

    state inner {
        packet.extract(hdr.inner);
        transition select(hdr.inner.etherType) {
            0x8100: vlan;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        meta.vid = hdr.vlan.vid;
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
    counter(4, CounterType.packets_and_bytes) drops;

    action segment(bit<24> vni) {
        meta.vni = vni;
    }

    direct_counter(CounterType.packets_and_bytes) access_counter;

    table access {
        key = {
            standard_metadata.ingress_port: exact @name("port");
            meta.vid: exact @name("vid");
        }
        actions = {
            segment;
        }
        size = 4096;
        counters = access_counter;
    }

    /** Who may send into a segment, and to which of this gateway's addresses. */
    action terminate() {
        meta.vni = hdr.vxlan.vni;
    }

    direct_counter(CounterType.packets_and_bytes) tunnels_counter;

    table tunnels {
        key = {
            hdr.ipv4.src: exact @name("src") @format(IPV4_ADDRESS);
            hdr.ipv4.dst: exact @name("dst") @format(IPV4_ADDRESS);
            hdr.vxlan.vni: exact @name("vni");
        }
        actions = {
            terminate;
        }
        size = 4096;
        counters = tunnels_counter;
    }

    action local(bit<9> port) {
        standard_metadata.egress_spec = port;
        standard_metadata.mcast_grp = 0;
    }

    action remote(bit<16> tunnel, bit<9> port) {
        meta.tunnel = tunnel;
        standard_metadata.egress_spec = port;
        standard_metadata.mcast_grp = 0;
    }

    table hosts {
        key = {
            meta.vni: exact @name("vni");
            hdr.inner.dst: exact @name("mac") @format(MAC_ADDRESS);
        }
        actions = {
            local;
            remote;
        }
        size = 65536;
    }

    action flood(bit<16> group) {
        mark_to_drop(standard_metadata);
        standard_metadata.mcast_grp = group;
    }

    table floods {
        key = {
            meta.vni: exact @name("vni");
        }
        actions = {
            flood;
        }
        size = 4096;
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.ethernet.isValid()) {
            if (!hdr.inner.isValid()) {
                drops.count(3);
                mark_to_drop(standard_metadata);
                exit;
            }
            if (standard_metadata.checksum_error == 1) {
                drops.count(0);
                mark_to_drop(standard_metadata);
                exit;
            }
            if (tunnels.apply().miss) {
                drops.count(2);
                mark_to_drop(standard_metadata);
                exit;
            }
        } else if (access.apply().miss) {
            drops.count(1);
            mark_to_drop(standard_metadata);
            exit;
        }
        if (hosts.apply().miss) {
            floods.apply();
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action encapsulate(
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac,
        @format(IPV4_ADDRESS) bit<32> src,
        @format(IPV4_ADDRESS) bit<32> dst
    ) {
        hdr.ethernet.setValid();
        hdr.ipv4.setValid();
        hdr.udp.setValid();
        hdr.vxlan.setValid();
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
        hdr.ethernet.etherType = 0x0800;
        hdr.ipv4.version = 4;
        hdr.ipv4.ihl = 5;
        // Don't fragment (RFC 7348 §4.3).
        hdr.ipv4.flags = 2;
        hdr.ipv4.ttl = 64;
        hdr.ipv4.protocol = 17;
        hdr.ipv4.src = src;
        hdr.ipv4.dst = dst;
        hdr.udp.dstPort = 0x12b5;
        hdr.vxlan.flags = 8;
        hdr.vxlan.vni = meta.vni;
    }

    table gateways {
        key = {
            meta.tunnel: exact @name("tunnel");
        }
        actions = {
            encapsulate;
        }
        size = 4096;
    }

    action untagged() {}

    action tagged(bit<12> vid) {
        hdr.vlan.setValid();
        hdr.vlan.vid = vid;
        hdr.vlan.etherType = hdr.inner.etherType;
        hdr.inner.etherType = 0x8100;
    }

    table tags {
        key = {
            standard_metadata.egress_port: exact @name("port");
            meta.vni: exact @name("vni");
        }
        actions = {
            untagged;
            tagged;
        }
        size = 4096;
    }

    apply {
        if (standard_metadata.egress_rid != 0) {
            meta.tunnel = standard_metadata.egress_rid;
        }
        bool tunnelled = hdr.ethernet.isValid();
        // Never from one gateway to another, nor back to where it came from.
        if (tunnelled && meta.tunnel != 0) {
            mark_to_drop(standard_metadata);
            exit;
        }
        if (standard_metadata.egress_port == standard_metadata.ingress_port) {
            mark_to_drop(standard_metadata);
            exit;
        }
        bit<16> length = (bit<16>)standard_metadata.packet_length;
        if (hdr.vlan.isValid()) {
            length = length - 4;
            hdr.inner.etherType = hdr.vlan.etherType;
            hdr.vlan.setInvalid();
        }
        if (meta.tunnel == 0) {
            hdr.ethernet.setInvalid();
            hdr.ipv4.setInvalid();
            hdr.udp.setInvalid();
            hdr.vxlan.setInvalid();
            if (tags.apply().miss) {
                mark_to_drop(standard_metadata);
                exit;
            }
        } else {
            if (gateways.apply().miss) {
                mark_to_drop(standard_metadata);
                exit;
            }
            // In front of the frame: 20 bytes of IPv4, 8 of UDP, 8 of VXLAN.
            hdr.ipv4.totalLength = length + 36;
            hdr.udp.length = length + 16;
            bit<16> hash_value;
            hash(
                hash_value,
                HashAlgorithm.crc16,
                16w0xc000,
                { hdr.inner.src, hdr.inner.dst, hdr.inner.etherType },
                17w16384
            );
            hdr.udp.srcPort = hash_value;
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
        packet.emit(hdr.udp);
        packet.emit(hdr.vxlan);
        packet.emit(hdr.inner);
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
