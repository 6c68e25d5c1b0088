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

/** RFC 3032 §2.1: one entry of the label stack. */
header mpls_t {
    bit<20> label;
    // RFC 5462; formerly EXP.
    bit<3> trafficClass;
    bit<1> bottomOfStack;
    bit<8> ttl;
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
    mpls_t[8] mpls;
    ipv4_t ipv4;
}

struct metadata_t {
    bit<16> nextHop;
    // As the packet came in, one less: what it leaves with.
    bit<8> ttl;
    // Not 0: egress recirculates the packet with that field list.
    bit<8> recirculated_fields;
    // Always 0: survives where nothing else does.
    @field_list(1) bit<8> nothing_kept;
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
            0x8847: mpls;
            default: accept;
        }
    }

    state mpls {
        packet.extract(hdr.mpls.next);
        transition select(hdr.mpls.last.bottomOfStack) {
            0: mpls;
            default: mplsPayload;
        }
    }

    state mplsPayload {
        transition select(packet.lookahead<bit<4>>()) {
            4: ipv4;
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
    /** Packets dropped, by reason: see dropReasons. */
    counter(8, CounterType.packets_and_bytes) drops;

    action swap(bit<20> label, bit<16> nextHop) {
        hdr.mpls[0].label = label;
        hdr.mpls[0].ttl = meta.ttl;
        meta.nextHop = nextHop;
    }

    /** Into a tunnel, such as a bypass around a link that failed (RFC 4090). */
    action swap_push(bit<20> label, bit<20> tunnel, bit<16> nextHop) {
        hdr.mpls[0].label = label;
        hdr.mpls[0].ttl = meta.ttl;
        hdr.mpls.push_front(1);
        hdr.mpls[0].setValid();
        hdr.mpls[0].label = tunnel;
        hdr.mpls[0].trafficClass = hdr.mpls[1].trafficClass;
        hdr.mpls[0].bottomOfStack = 0;
        hdr.mpls[0].ttl = meta.ttl;
        meta.nextHop = nextHop;
    }

    /** The next router is the last of the path: it need not see the label (penultimate hop popping). */
    action pop(bit<16> nextHop) {
        hdr.mpls.pop_front(1);
        meta.nextHop = nextHop;
    }

    /** The label ends here: what is under it says where the packet goes. */
    action pop_lookup() {
        hdr.mpls.pop_front(1);
    }

    action unknown() {}

    direct_counter(CounterType.packets_and_bytes) labels_counter;

    table labels {
        key = {
            hdr.mpls[0].label: exact @name("label");
        }
        actions = {
            swap;
            swap_push;
            pop;
            pop_lookup;
            unknown;
        }
        default_action = unknown();
        size = 65536;
        counters = labels_counter;
    }

    action push(bit<20> label, bit<16> nextHop) {
        hdr.mpls[0].setValid();
        hdr.mpls[0].label = label;
        hdr.mpls[0].trafficClass = hdr.ipv4.dscp[5:3];
        hdr.mpls[0].bottomOfStack = 1;
        hdr.mpls[0].ttl = meta.ttl;
        meta.nextHop = nextHop;
    }

    /** A service inside a tunnel: the service's label is read where the tunnel ends. */
    action push_push(bit<20> service, bit<20> tunnel, bit<16> nextHop) {
        hdr.mpls[0].setValid();
        hdr.mpls[1].setValid();
        hdr.mpls[0].label = tunnel;
        hdr.mpls[0].trafficClass = hdr.ipv4.dscp[5:3];
        hdr.mpls[0].bottomOfStack = 0;
        hdr.mpls[0].ttl = meta.ttl;
        hdr.mpls[1].label = service;
        hdr.mpls[1].trafficClass = hdr.ipv4.dscp[5:3];
        hdr.mpls[1].bottomOfStack = 1;
        hdr.mpls[1].ttl = meta.ttl;
        meta.nextHop = nextHop;
    }

    action route(bit<16> nextHop) {
        meta.nextHop = nextHop;
    }

    action no_route() {}

    direct_counter(CounterType.packets_and_bytes) classes_counter;

    table classes {
        key = {
            hdr.ipv4.dst: lpm @name("dst") @format(IPV4_ADDRESS);
        }
        actions = {
            push;
            push_push;
            route;
            no_route;
        }
        default_action = no_route();
        size = 16384;
        counters = classes_counter;
    }

    action forward(
        bit<9> port,
        @format(MAC_ADDRESS) bit<48> srcMac,
        @format(MAC_ADDRESS) bit<48> dstMac
    ) {
        hdr.ethernet.src = srcMac;
        hdr.ethernet.dst = dstMac;
        standard_metadata.egress_spec = port;
        meta.recirculated_fields = 0;
    }

    action unresolved() {}

    table next_hops {
        key = {
            meta.nextHop: exact @name("id");
        }
        actions = {
            forward;
            unresolved;
        }
        default_action = unresolved();
        size = 4096;
    }

    apply {
        mark_to_drop(standard_metadata);
        if (standard_metadata.parser_error == error.StackOutOfBounds) {
            drops.count(5);
            mark_to_drop(standard_metadata);
            meta.recirculated_fields = 0;
            exit;
        }
        if (standard_metadata.parser_error != error.NoError) {
            drops.count(0);
            mark_to_drop(standard_metadata);
            meta.recirculated_fields = 0;
            exit;
        }
        if (hdr.mpls[0].isValid()) {
            meta.ttl = hdr.mpls[0].ttl;
        } else {
            if (!hdr.ipv4.isValid()) {
                drops.count(2);
                mark_to_drop(standard_metadata);
                meta.recirculated_fields = 0;
                exit;
            }
            if (standard_metadata.checksum_error == 1) {
                drops.count(1);
                mark_to_drop(standard_metadata);
                meta.recirculated_fields = 0;
                exit;
            }
            meta.ttl = hdr.ipv4.ttl;
        }
        if (meta.ttl <= 1) {
            drops.count(3);
            mark_to_drop(standard_metadata);
            meta.recirculated_fields = 0;
            exit;
        }
        meta.ttl = meta.ttl - 1;
        if (hdr.mpls[0].isValid()) {
            if (hdr.mpls[7].isValid()) {
                drops.count(5);
                mark_to_drop(standard_metadata);
                meta.recirculated_fields = 0;
                exit;
            }
            switch (labels.apply().action_run) {
                unknown: {
                    drops.count(4);
                    mark_to_drop(standard_metadata);
                    meta.recirculated_fields = 0;
                    exit;
                }
                pop: {
                    if (hdr.mpls[0].isValid()) {
                        hdr.mpls[0].ttl = meta.ttl;
                    } else if (hdr.ipv4.isValid()) {
                        hdr.ipv4.ttl = meta.ttl;
                    }
                }
                pop_lookup: {
                    if (hdr.mpls[0].isValid()) {
                        hdr.mpls[0].ttl = meta.ttl;
                    } else if (hdr.ipv4.isValid()) {
                        hdr.ipv4.ttl = meta.ttl;
                    }
                    // Another label: the packet passes once more, and this router counts as one hop still.
                    if (hdr.mpls[0].isValid()) {
                        hdr.mpls[0].ttl = meta.ttl + 1;
                        standard_metadata.egress_spec = 0;
                        meta.recirculated_fields = 1;
                        exit;
                    }
                }
            }
        } else {
            hdr.ipv4.ttl = meta.ttl;
        }
        // Popped down to the packet, or never labelled: the next hop is still open.
        if (!hdr.mpls[0].isValid() && meta.nextHop == 0) {
            if (!hdr.ipv4.isValid()) {
                drops.count(2);
                mark_to_drop(standard_metadata);
                meta.recirculated_fields = 0;
                exit;
            }
            switch (classes.apply().action_run) {
                no_route: {
                    drops.count(6);
                    mark_to_drop(standard_metadata);
                    meta.recirculated_fields = 0;
                    exit;
                }
            }
        }
        if (hdr.mpls[0].isValid()) {
            hdr.ethernet.etherType = 0x8847;
        } else if (hdr.ipv4.isValid()) {
            hdr.ethernet.etherType = 0x0800;
        } else {
            drops.count(2);
            mark_to_drop(standard_metadata);
            meta.recirculated_fields = 0;
            exit;
        }
        switch (next_hops.apply().action_run) {
            unresolved: {
                drops.count(7);
                mark_to_drop(standard_metadata);
                meta.recirculated_fields = 0;
                exit;
            }
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {
        if (meta.recirculated_fields == 1) {
            recirculate_preserving_field_list(1);
            return;
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
        packet.emit(hdr.mpls);
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
