/* Registers and digests of every type that controllers can be told. */
#include <v1model.p4>

enum Phase { idle, running }
enum bit<8> Kind { payload = 1, probe = 7 }
error { Refused }

header frame_t { Kind kind; bit<8> port; }
header long_t { bit<16> length; int<8> offset; }
header_union any_t { frame_t frame; long_t long; }

struct inner_t { bit<4> high; bit<4> low; }
struct told_t {
    frame_t frame;
    inner_t inner;
    Phase phase;
    error reason;
    bool known;
    tuple<bit<8>, Phase> pair;
}
struct headers_t { frame_t frame; }
struct meta_t { Phase phase; }

parser Parse(packet_in p, out headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    state start { p.extract(hdr.frame); transition accept; }
}
control Verify(inout headers_t hdr, inout meta_t meta) { apply {} }
control Work(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) {
    register<frame_t>(2) frames;
    register<any_t>(2) unions;
    register<frame_t[2]>(2) stacks;
    register<told_t>(2) records;
    register<tuple<bit<8>, Phase>>(2) pairs;
    register<Phase>(2) phases;
    register<error>(2) reasons;
    apply {
        std.egress_spec = 1;
        // What controllers wrote to cell 0, packets copy to cell 1.
        frame_t frame; any_t union; frame_t[2] stack; told_t record; tuple<bit<8>, Phase> pair; Phase phase; error reason;
        frames.read(frame, 0); frames.write(1, frame);
        unions.read(union, 0); unions.write(1, union);
        stacks.read(stack, 0); stacks.write(1, stack);
        records.read(record, 0); records.write(1, record);
        pairs.read(pair, 0); pairs.write(1, pair);
        phases.read(phase, 0); phases.write(1, phase);
        reasons.read(reason, 0); reasons.write(1, reason);
        if (hdr.frame.port == 1) {
            digest<told_t>(1, record);
        } else if (hdr.frame.port == 2) {
            digest(1, { hdr.frame.kind, record.inner.low });
        } else if (hdr.frame.port == 3) {
            digest(1, hdr.frame);
        } else {
            digest(1, hdr.frame.port);
        }
    }
}
control Leave(inout headers_t hdr, inout meta_t meta, inout standard_metadata_t std) { apply {} }
control Compute(inout headers_t hdr, inout meta_t meta) { apply {} }
control Emit(packet_out p, in headers_t hdr) { apply { p.emit(hdr.frame); } }

V1Switch(Parse(), Verify(), Work(), Leave(), Compute(), Emit()) main;
