#include "frame.p4"

header in_t { bit<8> kind; bit<8> v; }
header item_t { bit<8> tag; bit<8> v; }
struct headers_t { in_t i; item_t x; item_t y; }
struct meta_t {}

// A parser of its own for one item, with what its tag has to be.
parser item(packet_in packet, out item_t it)(bit<8> tag) {
    state start {
        packet.extract(it);
        transition select(it.tag) {
            tag: accept;
            default: reject;
        }
    }
}
parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    item(8w0xAA) first;
    item(0xBB) second;
    state start {
        packet.extract(hdr.i);
        first.apply(packet, hdr.x);
        second.apply(packet, hdr.y);
        transition accept;
    }
}

control bump(inout bit<8> v)(bit<8> by, bool twice) {
    counter(4, CounterType.packets) seen;
    action plus(bit<8> extra) { v = v + by + extra; }
    table steps {
        key = { v: ternary @name("value"); }
        actions = { plus; @defaultonly NoAction; }
        size = (bit<32>)by;
        const default_action = NoAction();
        const entries = {
            8w0 &&& 0x80: plus(1);
            _: plus(2);
        }
    }
    apply {
        seen.count(0);
        steps.apply();
        if (twice) { v = v * 2; }
    }
}
control half(inout bit<8> v) {
    apply { v = v >> 1; }
}
// Blocks that others are given: one with a name twice, one without, and on to another one.
control step(inout bit<8> v);
control once(inout bit<8> v)(step does) { apply { does.apply(v); } }
control plus(inout bit<8> v)(bit<8> by) { apply { v = v + by; } }
control more(inout bit<8> v)(step does) {
    once(does) inner;
    apply {
        v = v + 1;
        inner.apply(v);
    }
}
control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    bump(by = 16, twice = false) small;
    @name("big") bump(32, true) large;
    register<bit<8>>(2) last;
    half() named;
    once(named) first;
    more(named) second;
    more(half()) third;
    once(plus(1)) fourth;
    once(plus(2)) fifth;
    apply {
        small.apply(hdr.i.v);
        large.apply(hdr.x.v);
        half.apply(hdr.y.v);
        first.apply(hdr.y.tag);
        second.apply(hdr.y.tag);
        third.apply(hdr.y.tag);
        fourth.apply(hdr.y.tag);
        fifth.apply(hdr.y.tag);
        named.apply(hdr.x.tag);
        last.write(1, hdr.i.v);
        last.read(hdr.i.kind, 1);
        if (std.parser_error != error.NoError) { hdr.i.kind = 0xEE; }
    }
}
FRAME(parse);
