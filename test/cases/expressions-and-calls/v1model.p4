#include <core.p4>
#include <v1model.p4>

const bit<16> ONE = 1;

error {
    Empty
}

enum bit<8> Kind {
    hello = 8w0,
    data = 8w1,
    ack = 8w2,
    acknowledgement_of_data = 8w3
}

header base_t {
    Kind kind;
    bool flag;
    bit<7> length;
    int<8> level;
    bit<8> a;
    bit<8> b;
    bit<48> wide;
}

header options_t {
    bit<8> type;
    varbit<320> data;
}

header small_t {
    bit<8> x;
}

header large_t {
    bit<8> x;
    bit<24> y;
}

header_union either_t {
    small_t small;
    large_t large;
}

struct headers_t {
    base_t base;
    base_t spare;
    options_t options;
    small_t[4] labels;
    either_t either;
    either_t[3] several;
}

@p4runtime_translation("port", bit<32>)
type bit<9> Port;

enum Mode {
    fast,
    slow
}

struct point_t {
    bit<8> x;
    bit<16> y;
}

struct metadata_t {
    bit<8> mark;
    bit<8> next;
    bool flag;
    int<8> signed;
    Port port;
    Mode mode;
    point_t point;
    point_t other;
}

const Kind FIRST = Kind.data;

/** At most `most`. */
bit<8> clamp(in bit<8> given, in bit<8> most, inout bool was_more) {
    bit<8> result = given;
    if (given > most) {
        result = most;
        was_more = true;
    }
    return result;
}

bit<8> weight(in Kind of) {
    bit<8> result = 0;
    if (of == Kind.data) {
        result = 3;
    } else if (of == Kind.ack || of == Kind.hello) {
        result = 1;
    } else {
        result = 9;
    }
    return result;
}

bit<8> twice(in bit<8> x) {
    return x << (bit<8>)ONE;
}

parser Alternatives(packet_in packet,
                    out either_t union) {
    state start {
        transition select(packet.lookahead<bit<8>>()) {
            0: small;
            default: large;
        }
    }

    state small {
        packet.extract(union.small);
        transition accept;
    }

    state large {
        packet.extract(union.large);
        transition accept;
    }
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    value_set<bit<8>>(4) known;

    Alternatives() alternatives;

    state start {
        packet.extract(hdr.base);
        verify(hdr.base.length != 0, error.Empty);
        meta.mark = twice(hdr.base.a);
        transition select(hdr.base.kind, (bit<9>)meta.port, hdr.base.flag) {
            (Kind.data, _, true): with_options;
            (Kind.ack, 7, _): skip;
            (_, 1 .. 3, _): union;
            default: peek;
        }
    }

    state with_options {
        packet.extract(hdr.options, (bit<32>)hdr.base.length << 3);
        transition select((bit<8>)hdr.base.kind) {
            known: union;
            default: accept;
        }
    }

    state skip {
        packet.advance(32);
        packet.advance((bit<32>)hdr.base.a * 8);
        transition peek;
    }

    state peek {
        meta.next = packet.lookahead<bit<8>>();
        if (meta.next == 0) {
            meta.point = { x = 1, y = 2 };
        }
        transition select(packet.lookahead<bit<16>>()[15:12]) {
            4: labels;
            default: accept;
        }
    }

    state labels {
        packet.extract(hdr.labels.next);
        transition select(hdr.labels.last.x) {
            0x00 &&& 0x01: labels;
            default: accept;
        }
    }

    state union {
        alternatives.apply(packet, hdr.either);
        transition select(hdr.either.small.isValid() || hdr.either.large.isValid()) {
            true: more;
            default: accept;
        }
    }

    state more {
        packet.extract(hdr.several.next.small);
        transition accept;
    }
}

control Counted() {
    counter(1, CounterType.packets) hits;

    apply {
        hits.count(0);
    }
}

control Marker(in headers_t hdr,
               inout bit<8> marked)(bit<8> by) {
    Counted() inner;

    table marks {
        key = {
            hdr.base.b: lpm @name("b");
        }
        actions = {
            NoAction;
        }
    }

    apply {
        marks.apply();
        marked = marked + by;
        inner.apply();
    }
}

control verifyChecksums(inout headers_t hdr,
                        inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    const bit<32> SHIFT = 2;

    @name("marks.first")
    Marker(7) meters_of;
    Marker(8) second;

    @mine("a", 3) @structured[level = 3, text = "deep"]
    action choose(
        inout bit<8> target,
        bit<1> enable,
        Port to,
        Kind how,
        int<8> level,
        @format(MAC_ADDRESS) bit<48> source_address
    ) {
        if (enable == 1 && !meta.flag) {
            target = 1;
        }
        meta.flag = enable == 1;
        if (how == Kind.data) {
            meta.port = to;
        } else if (how == Kind.ack) {
            meta.signed = level;
        } else {
            hdr.base.wide = source_address;
        }
        meta.mark = meta.mark << (bit<8>)SHIFT;
    }

    action set_flag(bit<1> on) {
        meta.flag = on == 1;
    }

    table decide {
        key = {
            hdr.base.a & 0x0f: exact @name("low");
            hdr.base.wide[47:24]: ternary @name("vendor");
            hdr.base.kind == Kind.data: exact @name("is_data");
            meta.signed: ternary @name("signed");
            meta.port: optional @name("port");
            hdr.either.small.isValid() || hdr.either.large.isValid(): exact @name("either");
        }
        actions = {
            choose(meta.next);
            @hint set_flag;
            NoAction;
        }
        default_action = choose(meta.next, 1, (Port)9w3, Kind.ack, 1, 5);
        size = 128;
        entries = {
            priority = 3: (1, _, true, 2, (Port)9w4, false): set_flag(0);
        }
    }

    apply {
        meta.mark[3:0] = hdr.base.wide[47:44];
        meta.mark = meta.mark |+| 200;
        meta.signed = meta.signed |-| -128;
        meta.signed = -meta.signed >> 7;
        meta.mark = 0;
        meta.mark = hdr.base.a >> hdr.base.b[2:0];
        meta.flag = hdr.base == hdr.spare;
        meta.flag = meta.point != meta.other;
        meta.flag = meta.other == { x = 1, y = 9 } && (bool)meta.mark[0:0];
        meta.mark[7:7] = (bit<1>)meta.flag;
        meta.other = { x = hdr.base.a, ... };
        hdr.spare = {#};
        hdr.labels[1].x = hdr.labels[(bit<32>)meta.mark + 1].x;
        meta.mode = Mode.slow;
        meta.port = (Port)(bit<9>)hdr.base.a;
        meta.mark = hdr.base.kind == Kind.acknowledgement_of_data && hdr.options.isValid()
            ? (hdr.base.a + hdr.base.b) & 0x7f
            : (meta.flag ? hdr.base.a ^ hdr.base.b
            : 0);
        hdr.base.wide =
            hdr.base.a ++ hdr.base.b ++ hdr.base.a ++ hdr.base.b ++ hdr.base.a ++ hdr.base.b;
        if (hdr.options.isValid()
            && hdr.base.length <= 40
            && (meta.flag || meta.next == 69)
            && !(hdr.base.wide == 0xffffffffffff)) {
            meta.mark = 5;
        }
        tuple<bit<8>, bool> pair = { hdr.base.a, true };
        meta.mark = pair[0];
        if (pair[1]) {
            meta.mark = 1;
        }
        switch (hdr.base.kind) {
            Kind.data: Kind.ack: {
                meta.mark = 1;
            }
            default: {
                meta.mark = 2;
            }
        }
        switch (meta.mode) {
            Mode.fast: {
                meta.mark = 3;
            }
        }
        if (meta.flag) {
            meta.mark = 4;
        } else {
            meta.mark = 5;
        }
        if (meta.port == (Port)9w1 || meta.port == (Port)9w2) {
            meta.mark = 6;
        } else if (meta.port == (Port)9w3) {
            meta.mark = 7;
        } else {
            meta.mark = 8;
        }
        if (standard_metadata.parser_error == error.Empty) {
            meta.mark = 9;
        }
        switch (meta.signed) {
            -3: {
                meta.mark = 10;
            }
        }
        if (hdr.either.small.isValid() || hdr.either.large.isValid()) {
            hdr.either.large.setValid();
        }
        hdr.either.large.y = 0xabcdef;
        hdr.several[0].small.setInvalid();
        hdr.several.push_front(1);
        hdr.labels.pop_front(1);
        meta.next = clamp(hdr.base.a, 100, meta.flag);
        meta.mark = weight(FIRST);
        meters_of.apply(hdr, meta.mark);
        second.apply(hdr, meta.next);
        set_flag((bit<1>)(hdr.base.a > hdr.base.b));
        switch (decide.apply().action_run) {
            choose: set_flag: {
                meta.mark = 11;
            }
            default: {
                meta.mark = 12;
            }
        }
        for (bit<8> i = 0; i < 4; i = i + 1) {
            if (i == hdr.base.b) {
                break;
            }
            meta.mark = meta.mark + i;
        }
        log_msg("\"{}\" of \\ {}", { meta.flag, hdr.base.a + 1 });
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
        packet.emit(hdr.base);
        packet.emit(hdr.options);
        packet.emit(hdr.labels);
        packet.emit(hdr.either);
        packet.emit(hdr.several);
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
