#include <core.p4>
#include <v1model.p4>

header word_t {
    bit<8> key;
    bit<8> actions;
    bit<8> entries;
    bit<8> priority;
    bit<8> state;
    bit<8> type;
    bit<8> apply;
    bit<8> table_;
    bit<8> action_;
    bit<8> switch_;
    bit<8> header_;
    bit<8> in_;
    bit<8> const_;
    bit<8> default_;
    bit<8> list_;
    bit<8> plain;
}

struct headers_t {
    word_t word;
}

struct metadata_t {}

struct pair_t {
    bit<8> first;
    @match(exact) bit<8> second;
}

counter(4, CounterType.bytes) total;

bit<8> max(in bit<8> a, @name("table") in bit<8> table_) {
    if (a > table_) {
        return a;
    }
    return table_;
}

@name("digest")
action digest_(out bit<8> x, bit<8> n) {
    x = n;
}

@id(0x01001234)
action top(@id(7) bit<8> n, bit<8> m) {
    total.count((bit<32>)n);
    total.count((bit<32>)m);
}

parser parse(packet_in packet,
             out headers_t hdr,
             inout metadata_t meta,
             inout standard_metadata_t standard_metadata) {
    value_set<bit<8>>(4) known;
    value_set<pair_t>(8) pairs;

    state start {
        packet.extract(hdr.word);
        transition select(hdr.word.key) {
            known: table_;
            default: accept;
        }
    }

    state table_ {
        transition select(hdr.word.key, hdr.word.type) {
            pairs: accept;
            (1, _): accept;
            default: accept;
        }
    }
}

control Deny(inout headers_t hdr) {
    counter(1, CounterType.packets) hits;

    action deny(bit<8> why) {
        hits.count(0);
        hdr.word.type = why;
    }

    @name("list")
    table list_ {
        key = {
            hdr.word.key: exact @name("word");
        }
        actions = {
            deny;
            NoAction;
        }
    }

    apply {
        list_.apply();
    }
}

control verify_checksum_(inout headers_t hdr,
                         inout metadata_t meta) {
    apply {}
}

control ingress(inout headers_t hdr,
                inout metadata_t meta,
                inout standard_metadata_t standard_metadata) {
    Deny() first;

    @name("zweite")
    Deny() second;

    @name("counter")
    action counter_(@name("table") bit<8> table_, @name("counter") bit<8> counter__) {
        hdr.word.key = table_;
        hdr.word.type = counter__;
    }

    action poke(bit<8> v) {
        hdr.word.state = v;
    }

    table t8383 {
        key = {
            hdr.word.entries: exact @name("entries");
        }
        actions = {
            counter_;
            digest_(hdr.word.default_);
        }
    }

    @brief("Said \"so\".")
    @description("At length.")
    @mine(a, 5 "x")
    @flags[1, "b", true]
    @pairs[a=1, b="c"]
    table t10718 {
        key = {
            hdr.word.plain: exact @name("hdr.word.fancy");
        }
        actions = {
            counter_;
            top;
        }
    }

    @name("packet_in") @id(77)
    table packet_in_ {
        key = {
            hdr.word.table_: exact @name("table");
        }
        actions = {
            top;
        }
        default_action = top(1, 200);
    }

    apply {
        first.apply(hdr);
        second.apply(hdr);
        poke(5);
        total.count(0);
        if (hdr.word.isValid()) {
            t8383.apply();
            t10718.apply();
            packet_in_.apply();
        }
        hdr.word.const_ = max(hdr.word.key, hdr.word.in_);
    }
}

control egress(inout headers_t hdr,
               inout metadata_t meta,
               inout standard_metadata_t standard_metadata) {
    apply {}
}

control compute(inout headers_t hdr,
                inout metadata_t meta) {
    apply {}
}

control deparse(packet_out packet,
                in headers_t hdr) {
    apply {
        packet.emit(hdr.word);
    }
}

V1Switch(
    parse(),
    verify_checksum_(),
    ingress(),
    egress(),
    compute(),
    deparse()
) main;
