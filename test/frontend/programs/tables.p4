#include "frame.p4"

enum bit<8> Kind { one = 1, two = 2, three = 3 }
header in_t { Kind kind; bit<8> v; bit<8> r; }
struct headers_t { in_t i; }
struct meta_t { bit<8> seen; }

parser parse(packet_in packet, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start {
        packet.extract(hdr.i);
        transition select(hdr.i.kind, hdr.i.v) {
            (Kind.one, _): accept;
            (Kind.two, 1 .. 9): accept;
            (Kind.three, 0x10 &&& 0xF0): accept;
            default: reject;
        }
    }
}

bit<8> fold(in bit<8> x) { return x ^ (x >> 4); }

control ingress(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    action set(out bit<8> where, bit<8> value) { where = value; }
    action add(inout bit<8> where, in bit<8> by, bit<8> value) { where = where + by + value; }
    action drop() { mark_to_drop(std); }

    table byKind {
        key = { hdr.i.kind: exact; }
        actions = { set(hdr.i.r); add(hdr.i.r, hdr.i.v); drop; }
        default_action = add(hdr.i.r, hdr.i.v, 1);
        entries = {
            Kind.one: set(hdr.i.r, 0x11);
            const Kind.three: drop();
        }
    }
    // The lowest number wins: 5 for the first entry, then 10, then 20.
    table ranked {
        key = { hdr.i.v: ternary; fold(hdr.i.v): range @name("folded"); }
        actions = { set(meta.seen); NoAction; }
        default_action = NoAction;
        largest_priority_wins = false;
        priority_delta = 10;
        entries = {
            priority = 10: (0x00 &&& 0x01, _): set(meta.seen, 1);
            (_, 0 .. 5): set(meta.seen, 2);
            priority = 5: (0x04, _): set(meta.seen, 3);
        }
    }
    apply {
        switch (byKind.apply().action_run) {
            set:
            add: { hdr.i.r = hdr.i.r + 0x20; }
            default: { return; }
        }
        bool hit = ranked.apply().hit;
        switch (meta.seen) {
            1: { hdr.i.v = 0xA1; }
            2:
            3: { hdr.i.v = hdr.i.v + 0xA0; }
            default: { hdr.i.v = hit ? 8w1 : 2; }
        }
        if (std.parser_error == error.NoMatch) { hdr.i.r = 0xFF; }
    }
}
FRAME(parse);
