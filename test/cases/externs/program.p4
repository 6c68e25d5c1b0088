#include <core.p4>
#include <v1model.p4>

header flow_t {
    bit<32> src;
    bit<32> dst;
    bit<16> id;
    bit<16> checksum;
}

struct headers_t {
    flow_t flow;
}

enum bit<2> MeterColor {
    green = 2w0,
    yellow = 2w1,
    red = 2w2
}

type bit<24> Tenant;

struct metadata_t {
    @field_list(1) bit<32> bucket;
    @field_list(1, 2) MeterColor color;
    Tenant tenant;
}

struct inner_t {
    bit<16> id;
}

struct noisy_t {
    bit<32> src;
    Tenant tenant;
    MeterColor color;
    bool valid;
    inner_t inner;
}

@name("seen")
struct seen_t {
    bit<16> id;
}

counter(1, CounterType.packets) everything;

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.flow);
        transition accept;
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {
        verify_checksum_with_payload(
            hdr.flow.isValid(),
            {
                hdr.flow.src,
                hdr.flow.dst
            },
            hdr.flow.checksum,
            HashAlgorithm.csum16
        );
    }
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    /** Source and packets of each flow. */
    register<bit<64>>(65536) pairs;

    @id(99)
    register<bit<8>>(8) seen;

    @name("tenants.list")
    register<Tenant>(16) tenants;
    register<int<8>>(1) temperatures;

    @name("tenants.rates")
    meter(65536, MeterType.bytes) rates;
    direct_meter<bit<2>>(MeterType.packets) pick_rate;
    direct_counter(CounterType.packets_and_bytes) pick_count;

    @brief("Next hops.")
    action_profile(16) profile;

    @name("selector") @max_group_size(8)
    action_selector(HashAlgorithm.crc16, 64, 14) selector_;

    action forward(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    action learn() {
        seen.write(0, 1);
        digest<seen_t>(1, { id = hdr.flow.id });
    }

    action metered() {
        bit<2> shade;
        pick_rate.read(shade);
        meta.color = (MeterColor)shade;
    }

    @name("tenants.pick")
    table pick {
        key = {
            hdr.flow.id: exact;
        }
        actions = {
            @tableonly metered;
            @defaultonly NoAction;
        }
        const default_action = NoAction();
        counters = pick_count;
        meters = pick_rate;
        support_timeout = true;
    }

    table spread {
        key = {
            hdr.flow.id: exact @name("flow");
            hdr.flow.src: selector;
            hdr.flow.dst: selector;
        }
        actions = {
            forward;
            NoAction;
        }
        size = 64;
        implementation = selector_;
    }

    table balance {
        key = {
            hdr.flow.id: exact;
        }
        actions = {
            forward;
            NoAction;
        }
        implementation = profile;
    }

    apply {
        bit<64> raw;
        @atomic {
            pairs.read(raw, (bit<32>)hdr.flow.id);
            bit<32> count = raw[31:0];
            if (raw[63:32] != hdr.flow.src) {
                count = 0;
            }
            pairs.write((bit<32>)hdr.flow.id, hdr.flow.src ++ (count + 1));
        }
        bit<2> shade;
        rates.execute_meter((bit<32>)hdr.flow.id, shade);
        meta.color = (MeterColor)shade;
        tenants.read(meta.tenant, 3);
        temperatures.write(0, -5);
        hash(
            meta.bucket,
            HashAlgorithm.crc32,
            32w0,
            { hdr.flow.src, hdr.flow.dst, 8w6, hdr.flow.id[7:0] },
            32w1024
        );
        random(meta.bucket, 32w0, 32w99);
        if (meta.color == MeterColor.red) {
            digest<noisy_t>(
                1,
                {
                    src = hdr.flow.src,
                    tenant = meta.tenant,
                    color = meta.color,
                    valid = hdr.flow.isValid(),
                    inner = { id = hdr.flow.id }
                }
            );
            clone_preserving_field_list(CloneType.I2E, 5, 1);
            log_msg("noisy \"{}\" of {}", { hdr.flow.src, meta.tenant });
        }
        pick.apply();
        balance.apply();
        spread.apply();
        learn();
        if (standard_metadata.instance_type == 0) {
            resubmit_preserving_field_list(2);
        }
        assert(hdr.flow.id != 0xffff);
        assume(hdr.flow.isValid());
        truncate(128);
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    action mark(bit<32> with) {
        meta.bucket = with;
    }

    table initial {
        key = {
            hdr.flow.id: ternary @name("id");
            hdr.flow.src: range @name("src");
        }
        actions = {
            mark;
            NoAction;
        }
        entries = {
            const priority = 20: (0x0100 &&& 0xff00, 1 .. 9): mark(7);
            priority = 1: (_, 0 .. 0xffffffff): NoAction();
        }
    }

    table exactly {
        key = {
            hdr.flow.id: exact;
        }
        actions = {
            mark;
            NoAction;
        }
        const entries = {
            3: mark(9);
        }
    }

    apply {
        initial.apply();
        exactly.apply();
        everything.count(0);
        if (standard_metadata.deq_qdepth < 10) {
            clone_preserving_field_list(CloneType.E2E, (bit<32>)hdr.flow.id, 2);
            recirculate_preserving_field_list(1);
            mark_to_drop(standard_metadata);
        } else {
            clone(CloneType.E2E, 7);
        }
    }
}

control computeChecksums(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {
        update_checksum_with_payload(
            hdr.flow.isValid(),
            {
                hdr.flow.src,
                {
                    hdr.flow.dst,
                    16w0
                }
            },
            hdr.flow.checksum,
            HashAlgorithm.csum16
        );
    }
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.flow);
    }
}

@pkginfo(name = "services", version = "1.2") @mine(7)
V1Switch(
    parse(),
    verifyChecksums(),
    ingress(),
    egress(),
    computeChecksums(),
    deparse()
) main;
