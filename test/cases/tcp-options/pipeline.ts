/** TCP's options one by one, whatever their order and length: the maximum segment size of connections is clamped (RFC 9293 §3.7.1). */
import { bit, exact, header, ParserError, pipeline, port, type Ref, stack, union, valid, varbit } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, ipv4Checksummed, Tcp, tcpChecksummed } from 'p4ts/headers';

const Kind = { end: 0, nop: 1, mss: 2 };
const End = header('option_end_t', { kind: bit(8), padding: varbit(312) });
const Nop = header('option_nop_t', { kind: bit(8) });
const Mss = header('option_mss_t', { kind: bit(8), length: bit(8), value: bit(16) });
const Other = header('option_other_t', { kind: bit(8), length: bit(8), data: varbit(304) });
const Option = union('option_t', { end: End, nop: Nop, mss: Mss, other: Other });
const most = 12;

/** Bytes of options that are still to come. */
let left: Ref<8>;

export const clamp = pipeline('clamp', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, tcp: Tcp, options: stack(Option, most) },
  metadata: { tcpLength: bit(16), limit: bit(16) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
      const { fragmentOffset, ihl, protocol } = hdr.ipv4;
      return p.select(fragmentOffset, ihl, protocol).when([0, 5, IpProtocol.tcp], 'tcp').otherwise('accept');
    },
    tcp(p, { hdr, meta }) {
      p.extract(hdr.tcp);
      p.verify(hdr.tcp.dataOffset.ge(5), ParserError.HeaderTooShort);
      p.set(meta.tcpLength, hdr.ipv4.totalLength.sub(20));
      left = p.let('left', hdr.tcp.dataOffset.as(bit(8)).sub(5).shl(2));
      return p.goto('options');
    },
    options: (p) => p.select(left).when(0, 'checked').otherwise('option'),
    option: (p) =>
      p
        .select(p.lookahead(bit(8)))
        .when(Kind.end, 'end')
        .when(Kind.nop, 'nop')
        .when(Kind.mss, 'mss')
        .otherwise('other'),
    end(p, { hdr }) {
      p.extractVar(hdr.options.next.end, left.sub(1).as(bit(32)).shl(3));
      return p.goto('checked');
    },
    nop(p, { hdr }) {
      p.extract(hdr.options.next.nop);
      p.set(left, left.sub(1));
      return p.goto('options');
    },
    mss(p, { hdr }) {
      p.verify(left.ge(4), ParserError.HeaderTooShort);
      p.extract(hdr.options.next.mss);
      p.set(left, left.sub(4));
      return p.goto('options');
    },
    other(p, { hdr }) {
      const length = p.let('length', p.lookahead(bit(16)).bits(0, 8));
      p.verify(length.ge(2).and(length.le(left)), ParserError.HeaderTooShort);
      p.extractVar(hdr.options.next.other, length.sub(2).as(bit(32)).shl(3));
      p.set(left, left.sub(length));
      return p.goto('options');
    },
    checked(p, { hdr, meta }) {
      const covered = [...tcpChecksummed(hdr.ipv4, hdr.tcp, meta.tcpLength), hdr.options];
      p.verifyChecksum(hdr.tcp.checksum, covered, { payload: true });
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const forward = ctl.action('forward', { port, limit: bit(16) }, (c, a) => {
      c.forward(a.port);
      c.set(meta.limit, a.limit);
    });
    const ports = ctl.table('ports', { key: { port: exact(std.ingressPort) }, actions: [forward] });
    ctl.apply((c) => {
      c.if(std.checksumError, () => {
        c.drop();
        c.exit();
      });
      c.apply(ports);
      c.if(valid(hdr.tcp).and(hdr.tcp.syn.eq(1)), () => {
        for (let i = 0; i < most; i++) {
          const { mss } = hdr.options.at(i);
          c.if(valid(mss).and(mss.value.gt(meta.limit)), () => c.set(mss.value, meta.limit));
        }
      });
    });
    return { ports, forward };
  },
  deparser(d, { hdr, meta }) {
    d.updateChecksum(hdr.tcp.checksum, [...tcpChecksummed(hdr.ipv4, hdr.tcp, meta.tcpLength), hdr.options], {
      payload: true,
      when: meta.tcpLength.ne(0),
    });
    d.emit(hdr.ethernet, hdr.ipv4, hdr.tcp, hdr.options);
  },
});
