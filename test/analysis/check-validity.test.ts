/** Headers read where they may be invalid: what is warned of, and the ordinary programs in which nothing is. */
import { bit, exact, header, ipv4, lpm, mac, mux, pipeline, port, ternary, valid } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Ctl, Headers, IngressBody, IngressStd, Meta } from '../../compiler/dsl/surface.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import { load } from '../frontend/lower/load.js';
import { sourceAt } from '../support/diagnostics.js';

const Eth = header('eth_t', { dst: mac, src: mac, type: bit(16) });
const Vlan = header('vlan_t', { id: bit(16), type: bit(16) });
const Ip = header('ip_t', { ttl: bit(8), protocol: bit(8), src: ipv4, dst: ipv4 });
const Tcp = header('tcp_t', { src: bit(16), dst: bit(16) });
const headers = { eth: Eth, vlan: Vlan, ip: Ip, tcp: Tcp };
const metadata = { mark: bit(8), copy: ipv4 };

type View = { hdr: Headers<typeof headers>; meta: Meta<typeof metadata>; std: IngressStd };
type Ingress = (ctl: Ctl<IngressBody<{}>>, v: View) => void;

/** Ethernet, then perhaps VLAN, then perhaps IP, then perhaps TCP. */
function warnings(ingress: Ingress, egress: Ingress = () => {}): readonly Diagnostic[] {
  const program = pipeline('p', {
    headers,
    metadata,
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.eth);
        return p.select(hdr.eth.type).when(0x8100, 'vlan').when(0x800, 'ip').otherwise('accept');
      },
      vlan(p, { hdr }) {
        p.extract(hdr.vlan);
        return p.select(hdr.vlan.type).when(0x800, 'ip').otherwise('accept');
      },
      ip(p, { hdr }) {
        p.extract(hdr.ip);
        return p.select(hdr.ip.protocol).when(6, 'tcp').otherwise('accept');
      },
      tcp(p, { hdr }) {
        p.extract(hdr.tcp);
        return p.accept();
      },
    },
    ingress: ingress as never,
    egress: egress as never,
    deparser: (d, { hdr }) => d.emit(hdr.eth, hdr.vlan, hdr.ip, hdr.tcp),
  });
  const { ir, diagnostics } = programOf(program) ?? {};
  expect(diagnostics).toEqual([]);
  const found = validate(ir as never).diagnostics;
  expect(found.filter((d) => d.severity === 'error')).toEqual([]);
  return found.filter((d) => d.code === 'header-maybe-invalid');
}
const messages = (ingress: Ingress, egress?: Ingress): string[] => warnings(ingress, egress).map((d) => d.message);
const maybe = (field: string, head: string): string => `\`${field}\` is read where \`${head}\` may not be valid.`;
const not = (field: string, head: string): string => `\`${field}\` is read where \`${head}\` is not valid.`;

describe('is warned of', () => {
  test.each<[string, Ingress, string[]]>([
    [
      'a read of what only some packets have',
      (ctl, { hdr, meta }) => ctl.apply((c) => c.set(meta.copy, hdr.ip.src)),
      [maybe('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'a key, as in a table applied without a look at the header',
      (ctl, { hdr }) => {
        const drop = ctl.action('drop', {}, (c) => c.drop());
        const t = ctl.table('t', { key: { dst: lpm(hdr.ip.dst) }, actions: [drop] });
        ctl.apply((c) => void c.apply(t));
      },
      [maybe('hdr.ip.dst', 'hdr.ip')],
    ],
    [
      'a read in an action of a table that is applied so',
      (ctl, { hdr }) => {
        const hop = ctl.action('hop', {}, (c) => c.set(hdr.ip.ttl, hdr.ip.ttl.sub(1)));
        const t = ctl.table('t', { key: { dst: exact(hdr.eth.dst) }, actions: [hop] });
        ctl.apply((c) => void c.apply(t));
      },
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'a read in a control inside, where it is run',
      (ctl, { hdr, meta }) => {
        const inner = ctl.control('inner', (sub) => sub.apply((c) => c.set(meta.copy, hdr.ip.src)));
        ctl.apply((c) => c.apply(inner));
      },
      [maybe('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'a read after a control inside has made the header invalid',
      (ctl, { hdr, meta }) => {
        const strip = ctl.control('strip', (sub) => sub.apply((c) => c.setInvalid(hdr.ip)));
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => {
            c.apply(strip);
            c.set(meta.copy, hdr.ip.src);
          });
        });
      },
      [not('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'data of a hash and of a digest, which p4c copies first',
      (ctl, { hdr, meta }) => {
        const seen = ctl.digest('seen_t', { port: bit(16) });
        ctl.apply((c) => {
          c.set(meta.mark, c.hash('crc16', bit(8), [hdr.eth.src, hdr.ip.src]));
          c.digest(seen, { port: hdr.tcp.src });
          c.if(valid(hdr.tcp), () => c.digest(seen, { port: hdr.tcp.dst }));
        });
      },
      [maybe('hdr.ip.src', 'hdr.ip'), maybe('hdr.tcp.src', 'hdr.tcp')],
    ],
    [
      'the branch without the header',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.drop()).else(() => c.set(meta.copy, hdr.ip.src));
        }),
      [not('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'a condition that reads before it looks',
      (ctl, { hdr }) => ctl.apply((c) => void c.if(hdr.ip.ttl.gt(1).and(valid(hdr.ip)), () => c.drop())),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the wrong header looked at',
      (ctl, { hdr, meta }) => ctl.apply((c) => void c.if(valid(hdr.ip), () => c.set(meta.mark, hdr.tcp.dst.bits(0, 8)))),
      [maybe('hdr.tcp.dst', 'hdr.tcp')],
    ],
    [
      'a read after setInvalid',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => {
            c.setInvalid(hdr.ip);
            c.set(meta.copy, hdr.ip.src);
          });
        }),
      [not('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'a read after the if that looked',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.set(meta.mark, 1));
          c.set(meta.copy, hdr.ip.src);
        }),
      [maybe('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'either header, where both are needed',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.vlan).or(valid(hdr.ip)), () => c.set(meta.copy, hdr.ip.src));
        }),
      [maybe('hdr.ip.src', 'hdr.ip')],
    ],
    [
      'the condition of an elseif, where the first says that the header is not there',
      (ctl, { hdr }) => ctl.apply((c) => void c.if(valid(hdr.ip), () => c.exit()).elseif(hdr.ip.ttl.eq(0), () => c.drop())),
      [not('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the condition of an elseif, where the first says something else',
      (ctl, { hdr }) => ctl.apply((c) => void c.if(valid(hdr.vlan), () => c.exit()).elseif(hdr.ip.ttl.eq(0), () => c.drop())),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the condition of an elseif, after a header that was looked at with more',
      (ctl, { hdr }) =>
        ctl.apply((c) => void c.if(valid(hdr.ip).and(hdr.ip.ttl.gt(9)), () => c.exit()).elseif(hdr.ip.ttl.eq(0), () => c.drop())),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the condition of an elseif, after a port',
      (ctl, { hdr, std }) => ctl.apply((c) => void c.if(std.ingressPort.eq(1), () => c.exit()).elseif(hdr.ip.ttl.eq(0), () => c.drop())),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the condition of an elseif, after metadata that most packets do not have',
      (ctl, { hdr, meta }) => ctl.apply((c) => void c.if(meta.mark.ge(2), () => c.exit()).elseif(hdr.ip.ttl.eq(0), () => c.drop())),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
    [
      'the last condition of a chain',
      (ctl, { hdr, meta, std }) =>
        ctl.apply((c) => {
          c.if(std.ingressPort.eq(1), () => c.exit())
            .elseif(valid(hdr.ip).and(hdr.ip.ttl.eq(0)), () => c.drop())
            .elseif(meta.mark.eq(1).and(valid(hdr.vlan)), () => c.drop())
            .elseif(hdr.ip.ttl.eq(1), () => c.drop());
        }),
      [maybe('hdr.ip.ttl', 'hdr.ip')],
    ],
  ])('%s', (_what, ingress, expected) => {
    expect(messages(ingress)).toEqual(expected);
  });

  test('with the place of the read, how such a packet comes there, and what to write', () => {
    const [d] = warnings((ctl, { hdr, meta }) => ctl.apply((c) => c.set(meta.copy, hdr.ip.src)));
    expect(sourceAt(d as Diagnostic)).toMatch(/^set\(meta.copy, hdr.ip.src\)|^c\.set/);
    expect(d?.notes[0]?.message).toBe('in packets that come this way, `hdr.ip` is not valid');
    expect(sourceAt(d?.notes[0] as never)).toMatch(/otherwise\('accept'\)/);
    expect(d?.help).toBe('put it inside c.if(valid(hdr.ip), () => …)');
  });
});

describe('is not warned of', () => {
  test.each<[string, Ingress, Ingress?]>([
    ['what every packet has', (ctl, { hdr, meta }) => ctl.apply((c) => c.set(meta.mark, hdr.eth.type.bits(0, 8)))],
    ['a read inside the if', (ctl, { hdr, meta }) => ctl.apply((c) => void c.if(valid(hdr.ip), () => c.set(meta.copy, hdr.ip.src)))],
    ['a condition that looks first', (ctl, { hdr }) => ctl.apply((c) => void c.if(valid(hdr.ip).and(hdr.ip.ttl.gt(1)), () => c.drop()))],
    [
      'or, with the header missing on the left',
      (ctl, { hdr }) => ctl.apply((c) => void c.if(valid(hdr.ip).not().or(hdr.ip.ttl.le(1)), () => c.drop())),
    ],
    ['mux', (ctl, { hdr, meta }) => ctl.apply((c) => c.set(meta.mark, mux(valid(hdr.ip), hdr.ip.ttl, 0)))],
    [
      'a header that the parser extracts after the one looked at',
      (ctl, { hdr, meta }) => ctl.apply((c) => void c.if(valid(hdr.tcp), () => c.set(meta.copy, hdr.ip.src))),
    ],
    [
      'early exit',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip).not(), () => {
            c.drop();
            c.exit();
          });
          c.set(meta.copy, hdr.ip.src);
        }),
    ],
    [
      'else of a negated look',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip).not(), () => c.drop()).else(() => c.set(meta.copy, hdr.ip.src));
        }),
    ],
    [
      'elseif',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip).not(), () => c.drop())
            .elseif(valid(hdr.tcp).not(), () => c.set(meta.copy, hdr.ip.src))
            .else(() => c.set(meta.mark, hdr.tcp.dst.bits(0, 8)));
        }),
    ],
    [
      'the condition of an elseif after a look at the header',
      (ctl, { hdr }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip).not(), () => c.drop())
            .elseif(hdr.ip.ttl.eq(0), () => c.drop())
            .elseif(hdr.ip.ttl.eq(1), () => c.exit());
        }),
    ],
    [
      'the condition of an elseif after one that is false where the header is',
      (ctl, { hdr, std }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip).not().or(std.ingressPort.eq(4)), () => c.drop()).elseif(hdr.ip.ttl.eq(0), () => c.drop());
        }),
    ],
    [
      'the condition of an elseif after metadata that goes with a header',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.set(meta.mark, 1));
          c.if(meta.mark.eq(0), () => c.drop()).elseif(hdr.ip.ttl.eq(0), () => c.drop());
        }),
    ],
    [
      'what follows the conditions of a chain that go with a header',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.set(meta.mark, 1)).else(() => c.set(meta.mark, 2));
          c.if(meta.mark.eq(2), () => c.drop())
            .elseif(meta.mark.eq(1), () => c.set(meta.copy, hdr.ip.src))
            .else(() => c.set(meta.copy, hdr.ip.dst));
        }),
    ],
    [
      'setValid, then reading',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.setValid(hdr.vlan);
          c.set(hdr.vlan.id, 1);
          c.set(meta.mark, hdr.vlan.id.bits(0, 8));
        }),
    ],
    [
      'a copy of a header',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.vlan), () => {
            c.copy(hdr.vlan, hdr.vlan);
            c.set(meta.mark, hdr.vlan.id.bits(0, 8));
          });
        }),
    ],
    [
      'a header made valid unless it was',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.vlan).not(), () => c.setValid(hdr.vlan));
          c.set(meta.mark, hdr.vlan.id.bits(0, 8));
        }),
    ],
    [
      'a field that the parser selects on, in place of valid',
      (ctl, { hdr, meta }) => ctl.apply((c) => void c.if(hdr.eth.type.eq(0x800), () => c.set(meta.copy, hdr.ip.src))),
    ],
    [
      'metadata that goes with a header',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.set(meta.mark, 1));
          c.if(meta.mark.eq(1), () => c.set(meta.copy, hdr.ip.src));
        }),
    ],
    [
      'a header made valid under a condition, and read under the same',
      (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.if(hdr.eth.dst.eq(1), () => c.setValid(hdr.vlan));
          c.if(hdr.eth.dst.eq(1), () => c.set(meta.mark, hdr.vlan.id.bits(0, 8)));
        }),
    ],
    [
      'a read in a control inside that runs where the header is valid, or looks itself',
      (ctl, { hdr, meta }) => {
        const reads = ctl.control('reads', (sub) => sub.apply((c) => c.set(meta.copy, hdr.ip.src)));
        const looks = ctl.control('looks', (sub) => sub.apply((c) => void c.if(valid(hdr.tcp), () => c.set(hdr.tcp.dst, 1))));
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.apply(reads));
          c.apply(looks);
        });
      },
    ],
    [
      'what a control inside made valid',
      (ctl, { hdr, meta }) => {
        const push = ctl.control('push', (sub) => sub.apply((c) => c.setValid(hdr.vlan)));
        ctl.apply((c) => {
          c.apply(push);
          c.set(meta.mark, hdr.vlan.id.bits(0, 8));
        });
      },
    ],
    [
      'a table and its actions inside the if',
      (ctl, { hdr }) => {
        const hop = ctl.action('hop', { port }, (c, a) => {
          c.set(hdr.ip.ttl, hdr.ip.ttl.sub(1));
          c.forward(a.port);
        });
        const t = ctl.table('t', { key: { dst: lpm(hdr.ip.dst) }, actions: [hop] });
        ctl.apply((c) => void c.if(valid(hdr.ip), () => void c.apply(t)));
      },
    ],
    [
      'what an action made valid, in its case',
      (ctl, { hdr, meta }) => {
        const push = ctl.action('push', {}, (c) => c.setValid(hdr.vlan));
        const keep = ctl.action('keep', {}, () => {});
        const t = ctl.table('t', { key: { dst: exact(hdr.eth.dst) }, actions: [push, keep] });
        ctl.apply((c) => void c.switch(c.apply(t)).case(push, () => c.set(meta.mark, hdr.vlan.id.bits(0, 8))));
      },
    ],
    [
      'what a table was told',
      (ctl, { hdr, meta }) => {
        const hop = ctl.action('hop', {}, (c) => c.set(hdr.ip.ttl, hdr.ip.ttl.sub(1)));
        const t = ctl.table('t', { key: { type: exact(hdr.eth.type), mark: exact(meta.mark) }, actions: [hop] });
        ctl.apply((c) => void c.apply(t));
      },
    ],
    [
      'a key whose header is looked at in another key',
      (ctl, { hdr }) => {
        const drop = ctl.action('drop', {}, (c) => c.drop());
        const t = ctl.table('t', { key: { ip: exact(valid(hdr.ip)), src: ternary(hdr.ip.src) }, actions: [drop] });
        ctl.apply((c) => void c.apply(t));
      },
    ],
    [
      'egress, after ingress dropped what egress does not expect',
      (ctl, { hdr }) =>
        ctl.apply((c) => {
          c.if(valid(hdr.ip), () => c.forward(1)).else(() => c.drop());
        }),
      (ctl, { hdr, meta }) => ctl.apply((c) => c.set(meta.copy, hdr.ip.src)),
    ],
    ['writing', (ctl, { hdr }) => ctl.apply((c) => c.set(hdr.vlan.id, 1))],
  ])('%s', (_what, ingress, egress) => {
    expect(messages(ingress, egress)).toEqual([]);
  });
});

test('a parser inside the parser makes valid what it is given, and nothing else', async () => {
  const program = await load(`
#include <v1model.p4>
header h_t { bit<8> v; }
struct headers_t { h_t a; h_t b; }
struct meta_t { bit<8> x; }
parser Inner(packet_in p, out h_t h) { state start { p.extract(h); transition accept; } }
parser P(packet_in p, out headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  Inner() inner;
  state start { transition select(s.ingress_port) { 0: first; default: second; } }
  state first { p.extract(hdr.a); transition second; }
  state second { inner.apply(p, hdr.b); transition select(hdr.b.v) { 0: reject; default: last; } }
  state last { m.x = hdr.a.v; transition accept; }
}
control V(inout headers_t hdr, inout meta_t m) { apply {} }
control I(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { apply { s.egress_spec = 1; m.x = hdr.b.v + hdr.a.v; } }
control E(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { apply {} }
control C(inout headers_t hdr, inout meta_t m) { apply {} }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`);
  const found = validate(program).diagnostics.filter((d) => d.code === 'header-maybe-invalid');
  expect(found.map((d) => `${d.loc.line}: ${d.message}`)).toEqual([`15: ${maybe('hdr.a.v', 'hdr.a')}`]);
});
