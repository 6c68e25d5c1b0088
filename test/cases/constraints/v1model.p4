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

struct headers_t {
    ethernet_t ethernet;
    ipv4_t ipv4;
}

struct metadata_t {
    bit<16> hop;
    bit<8> rif;
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
    action drop() {
        mark_to_drop(standard_metadata);
    }

    @action_restriction("src != mac('00:00:00:00:00:00')")
    action send(bit<9> port, @format(MAC_ADDRESS) bit<48> src) {
        standard_metadata.egress_spec = port;
        standard_metadata.mcast_grp = 0;
        hdr.ethernet.src = src;
    }

    table rifs {
        key = {
            meta.rif: exact @name("id");
        }
        actions = {
            send;
        }
    }

    action via(@refers_to(rifs, id) bit<8> rif) {
        meta.rif = rif;
    }

    table hops {
        key = {
            meta.hop: exact @name("id");
        }
        actions = {
            via;
        }
    }

    action toHop(@refers_to(hops, id) bit<16> hop) {
        meta.hop = hop;
    }

    @action_restriction("
    group != 0;
    group < 0x3e8;
  ")
    action flood(@refers_to(builtin::multicast_group_table, multicast_group_id) bit<16> group) {
        mark_to_drop(standard_metadata);
        standard_metadata.mcast_grp = group;
    }

    @entry_restriction("dst::prefix_length <= 24")
    table routes {
        key = {
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            toHop;
            flood;
            drop;
        }
    }

    @entry_restriction("
    src::mask != 0 -> isIpv4 == 1;
    ttl::high < 255 || ttl::low == 0;
    ::priority < 1000;
  ")
    table acl {
        key = {
            hdr.ipv4.isValid(): optional @name("isIpv4");
            hdr.ipv4.src: ternary @name("src") @format(IPV4_ADDRESS);
            hdr.ipv4.ttl: range @name("ttl");
            meta.hop: optional @name("hop") @refers_to(hops, id);
        }
        actions = {
            drop;
        }
    }

    apply {
        if (standard_metadata.parser_error != error.NoError) {
            mark_to_drop(standard_metadata);
            return;
        }
        mark_to_drop(standard_metadata);
        if (hdr.ipv4.isValid()) {
            routes.apply();
            acl.apply();
            hops.apply();
            rifs.apply();
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action rewrite(@format(MAC_ADDRESS) bit<48> src) {
        hdr.ethernet.src = src;
    }

    table outlets {
        key = {
            standard_metadata.egress_port: exact @name("port") @referenced_by(builtin::multicast_group_table, replica.port);
            standard_metadata.egress_rid: exact @name("instance") @referenced_by(builtin::multicast_group_table, replica.instance);
        }
        actions = {
            rewrite;
        }
    }

    apply {
        outlets.apply();
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
