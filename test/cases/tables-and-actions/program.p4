#include <core.p4>
#include <v1model.p4>

/** Where the controller is. */
const bit<9> CPU_PORT = 510;

error {
    BadVersion
}

@controller_header("packet_in")
header packet_in_t {
    bit<9> ingress_port;
    bit<5> reason;
    @padding bit<2> _pad;
}

@controller_header("packet_out")
header packet_out_t {
    bit<9> egress_port;
    @padding bit<7> _pad;
}

enum bit<16> EtherType {
    ipv4 = 16w0x0800,
    vlan = 16w0x8100,
    mpls = 16w0x8847
}

header ethernet_t {
    bit<48> dst;
    bit<48> src;
    // What follows.
    EtherType etherType;
}

header vlan_t {
    bit<3> pcp;
    bit<1> dei;
    bit<12> vid;
    EtherType type;
}

header label_t {
    bit<20> label;
    bit<3> tc;
    bit<1> bottom;
    bit<8> ttl;
}

header ip_t {
    bit<8> protocol;
    bit<8> ttl;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
    bit<16> action_;
}

struct headers_t {
    packet_in_t packet_in;
    packet_out_t packet_out;
    ethernet_t ethernet;
    vlan_t vlan;
    label_t[4] labels;
    ip_t ip;
}

struct metadata_t {
    bit<8> mark;
    // By the parser.
    bool seen;
}

@p4runtime_translation("example.net/port", bit<32>)
type bit<9> Port;

parser Ingress_(packet_in packet,
                out headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    state start {
        transition select(standard_metadata.ingress_port) {
            CPU_PORT: state_;
            default: ethernet;
        }
    }

    state state_ {
        packet.extract(hdr.packet_out);
        transition ethernet;
    }

    /** Every packet has one. */
    state ethernet {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.etherType, packet.lookahead<bit<4>>()) {
            (EtherType.ipv4, 4): ip;
            (EtherType.vlan, _): vlan;
            (EtherType.mpls, _): label;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        transition select(hdr.vlan.vid) {
            0x100 &&& 0xf00: ip;
            1 .. 9: ip;
            default: accept;
        }
    }

    state label {
        packet.extract(hdr.labels.next);
        transition select(hdr.labels.last.bottom, (bit<2>)hdr.labels.lastIndex) {
            (0, 0 &&& 2): label;
            default: ip;
        }
    }

    state ip {
        packet.extract(hdr.ip);
        meta.seen = true;
        transition accept;
    }
}

control verify_(inout headers_t hdr,
                inout metadata_t meta) {
    apply {}
}

control Egress_(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    const bit<8> limit = 64;

    bit<128> big = 0x20010db8000000000000000000000001;
    int<8> low = -128;

    /** By reason. */
    @name(".Egress.drops")
    counter(16, CounterType.packets) drops;

    @name(".Egress.ports")
    counter(512, CounterType.packets_and_bytes) ports;

    @name(".Egress.acl_counter")
    direct_counter(CounterType.bytes) acl_counter;

    @name(".Egress.drop")
    action drop(bit<4> reason) {
        mark_to_drop(standard_metadata);
        drops.count((bit<32>)reason);
    }

    /**
     * Sends the packet on.
     * The source becomes ours.
     */
    @name(".Egress.forward")
    action forward(
        Port port,
        @format(MAC_ADDRESS) bit<48> dst,
        @name("acl") bit<1> acl_,
        EtherType kind
    ) {
        standard_metadata.egress_spec = (bit<9>)port;
        hdr.ethernet.dst = dst;
        if (acl_ == 1) {
            hdr.ethernet.etherType = kind;
        }
    }

    @name(".Egress.tally")
    action count(inout bit<8> n, bit<8> by) {
        n = n |+| by;
    }

    @name(".Egress.mark")
    action mark(bit<8> m) {
        meta.mark = m;
    }

    @name(".Egress.inner")
    action inner() {
        meta.mark = 7;
    }

    @name(".Egress.outer")
    action outer() {
        inner();
    }

    /** Who may pass. */
    @name(".Egress.acl")
    table acl {
        key = {
            hdr.ip.src: ternary @name("src") @format(IPV4_ADDRESS);
            hdr.ip.protocol: range @name("protocol");
            standard_metadata.ingress_port: optional @name("in_port");
            hdr.vlan.isValid(): exact @name("tagged");
            hdr.ethernet.etherType: exact @name("etherType");
        }
        actions = {
            forward;
            drop;
        }
        const default_action = drop(3);
        size = 256;
        counters = acl_counter;
    }

    @name(".Egress.routes")
    table routes {
        key = {
            hdr.ip.dst: lpm @format(IPV4_ADDRESS);
        }
        actions = {
            forward;
            @defaultonly drop;
            @tableonly mark;
        }
        support_timeout = true;
    }

    @name(".Egress.fixed")
    table fixed {
        key = {
            hdr.ip.protocol: ternary @name("protocol");
            hdr.ip.dst: lpm @name("dst");
            hdr.ip.ttl: range @name("ttl");
        }
        actions = {
            count(meta.mark);
            outer;
            NoAction;
        }
        const entries = {
            (0x10 &&& 0xf0, 0x0a000000 &&& 0xff000000, 1 .. 9): count(meta.mark, 2);
            (_, _, _): outer();
        }
    }

    @name(".Egress.keyless")
    table keyless {
        actions = {
            outer;
        }
        default_action = outer();
    }

    @name(".Egress.idle") @hidden
    table idle {
        key = {
            hdr.ip.ttl: exact @name("ttl");
        }
        actions = {
            mark;
        }
    }

    apply {
        bit<8> limit2 = limit;
        bool acl_ = false;
        meta.mark = hdr.ip.ttl - meta.mark - (hdr.ip.ttl - meta.mark);
        meta.mark = (hdr.ip.ttl + meta.mark) * 3;
        meta.mark = ~hdr.ip.ttl |-| -meta.mark;
        meta.mark = (hdr.ip.ttl & 0x0f) | (meta.mark << 2);
        meta.mark = (hdr.ip.ttl | meta.mark) & (hdr.ip.ttl ^ 0x55);
        meta.mark = hdr.ip.ttl[3:0] ++ 4w5;
        meta.mark = (hdr.ip.ttl + meta.mark)[7:4] ++ hdr.ip.ttl[3:0];
        meta.mark = (bit<8>)((hdr.ip.ttl ++ meta.mark) >> 4);
        meta.mark = hdr.ip.ttl < 64 ? 8w1 : 8w2;
        meta.mark = ~(hdr.ip.ttl + meta.mark);
        meta.mark = (bit<8>)~(bit<16>)hdr.ip.ttl;
        meta.mark = 8w200 / 8w7;
        meta.mark = 8w200 % 8w7;
        if ((hdr.ip.isValid() || hdr.ethernet.isValid()) && !(hdr.ip.ttl == 0)) {
            acl_ = !acl_;
        }
        if ((hdr.ip.isValid() && hdr.ethernet.isValid()) || !hdr.ethernet.isValid()) {
            acl_ = !acl_;
        }
        if ((hdr.ip.ttl & 0xf0) != 0) {
            acl_ = !acl_;
        }
        if ((hdr.ip.ttl > meta.mark) == true) {
            acl_ = !acl_;
        }
        if (standard_metadata.parser_error == error.PacketTooShort) {
            acl_ = !acl_;
        }
        if (hdr.ethernet.etherType == EtherType.ipv4) {
            acl_ = !acl_;
        }
        if (hdr.ip.dst >= 0xe0000000) {
            acl_ = !acl_;
        }
        if (hdr.ethernet.dst == 0x01005e000001) {
            acl_ = !acl_;
        }
        // First the rules, then the routes.
        if (hdr.ip.ttl > limit2 && acl_) {
            switch (acl.apply().action_run) {
                forward: {
                    if (routes.apply().hit) {
                        meta.mark = 1;
                    } else {
                        meta.mark = 2;
                    }
                }
                default: {
                    exit;
                }
            }
        } else if (hdr.ip.isValid()) {
            if (fixed.apply().miss) {
                return;
            }
        } else {
            keyless.apply();
        }
        mark(9);
        idle.apply();
        ports.count((bit<32>)standard_metadata.ingress_port);
        switch (meta.mark) {
            1: 2: {
                hdr.ip.setInvalid();
            }
            default: {
                hdr.labels.push_front(1);
                hdr.labels.pop_front(2);
            }
        }
        if (hdr.ip.isValid() && standard_metadata.ingress_port == CPU_PORT) {
            hdr.packet_in.setValid();
            hdr.packet_in = { ingress_port = standard_metadata.ingress_port, reason = 1, _pad = 0 };
            hdr.ip.action_[3:0] = 1;
            hdr.labels[0].ttl = big[7:0];
            {
                bit<8> x = (bit<8>)low;
                meta.mark = x;
            }
        }
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action forward(bit<8> unit) {
        meta.mark = unit;
    }

    table after {
        key = {
            meta.mark: exact;
        }
        actions = {
            forward;
        }
        size = 0;
    }

    apply {
        after.apply();
    }
}

control compute(inout headers_t hdr,
                inout metadata_t meta) {
    apply {
        update_checksum(
            hdr.ip.isValid(),
            {
                hdr.ip.protocol,
                8w6,
                hdr.ip.ttl,
                hdr.ip.src,
                hdr.ip.dst
            },
            hdr.ip.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr);
    }
}

V1Switch(
    Ingress_(),
    verify_(),
    Egress_(),
    egress(),
    compute(),
    deparse()
) main;
