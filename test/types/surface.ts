/**
 * What tsc must accept and what it must reject in pipelines and controllers. The type check compiles this file; nothing
 * runs it. Each @ts-expect-error is an error that a user sees in the editor. The pipelines without mistakes are those that
 * test/dsl/surface.test.ts and surface-modules.test.ts run.
 */
import { bit, mac, member, oneShot, pipeline, port, valid } from 'p4ts';
import { connect } from 'p4ts/runtime';
import { Eth, edge, Vlan } from '../cases/modules-and-services/pipeline.js';
import { Ipv4, router } from '../support/label-router.js';

// 1. Entries of a router.
const { routes, acl, forward, drop } = router.ingress;
const r1 = await connect(router, { address: '127.0.0.1:9559' });
await r1.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ dstMac: '08:00:00:00:02:22', port: 1 }) });
await r1.table(acl).insert({ match: { protocol: 6, ttl: { low: 0, high: 3 } }, priority: 10, action: drop() });
// @ts-expect-error a ternary key asks for a priority
await r1.table(acl).insert({ match: { protocol: 6 }, action: drop() });
// @ts-expect-error forward is not an action of acl
await r1.table(acl).insert({ match: { protocol: 6 }, priority: 1, action: forward({ dstMac: '08:00:00:00:02:22', port: 1 }) });
// @ts-expect-error the key is dst
await r1.table(routes).insert({ match: { src: '10.0.0.0/8' }, action: drop() });
// @ts-expect-error no key of routes needs a priority
await r1.table(routes).insert({ match: { dst: '10.0.0.0/8' }, priority: 3, action: drop() });
// @ts-expect-error a prefix length is missing
await r1.table(routes).insert({ match: { dst: '10.0.0.0' }, action: drop() });

// 2. Bodies.
pipeline('no_such_state', {
  headers: { eth: Eth },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.eth);
      // @ts-expect-error there is no such state
      return p.goto('nowhere');
    },
  },
  ingress() {
    return {};
  },
  deparser() {},
});
pipeline('wrong_bodies', {
  headers: { eth: Eth, vlan: Vlan, ipv4: Ipv4 },
  parser: { start: (p) => p.accept() },
  ingress(ctl, { hdr, std }) {
    const forward = ctl.action('forward', { port }, (c, a) => {
      c.forward(a.port);
      // @ts-expect-error 32 bits do not fit a field of 8
      c.set(hdr.ipv4.ttl, hdr.ipv4.src);
    });
    const seen = ctl.register('seen', bit(32), 65536);
    const learn = ctl.digest('learn_t', { src: mac, port });
    ctl.apply((c) => {
      // @ts-expect-error a header of another type
      c.copy(hdr.vlan, hdr.ipv4);
      // @ts-expect-error an expression of the pipeline in JavaScript's if
      if (valid(hdr.ipv4)) c.drop();
      // @ts-expect-error an async body
      c.if(valid(hdr.ipv4), async () => {
        c.drop();
      });
      // @ts-expect-error the digest has no such field
      c.digest(learn, { src: hdr.eth.src, vlan: hdr.vlan.vid });
      // @ts-expect-error next has the cell's width
      c.update(seen, 0, (v) => ({ next: hdr.ipv4.ttl, result: v }));
      // @ts-expect-error the depth of a queue is not known before egress
      std.queueDepth;
    });
    return { forward };
  },
  egress(ctl) {
    ctl.apply((c) => {
      // @ts-expect-error egress cannot choose a port
      c.forward(3);
    });
    return {};
  },
  deparser() {},
});

// 3. Digests, packet-in and packet-out, selectors, registers and value sets.
const e1 = await connect(edge, { address: '127.0.0.1:9560', push: 'if-different' });
const { nextHops, setNextHop, learn, flows, tenants } = edge.ingress;
await e1.table(nextHops).insert({
  match: { dst: '10.0.0.1', tagged: false },
  action: oneShot([{ action: setNextHop({ port: 1, dmac: '00:00:00:00:00:01' }), weight: 2, watchPort: 1 }]),
});
await e1.table(nextHops).insert({ match: { dst: '10.0.0.1', tagged: false }, action: member(3) });
// @ts-expect-error a selector's table takes a member, a group or a one-shot set
await e1.table(nextHops).insert({ match: { dst: '10.0.0.1', tagged: false }, action: setNextHop({ port: 1, dmac: '00:00:00:00:00:01' }) });
await e1.table(tenants.list).insert({ match: { src: '10.9.0.1' }, action: tenants.deny() });
for await (const l of e1.digests(learn)) {
  for (const e of l.entries) {
    const src: string = e.src;
    const p: number = e.port;
    void src;
    void p;
  }
  await l.ack();
  break;
}
for await (const p of e1.packetIns()) {
  const reason: number = p.reason;
  await e1.packetOut(p.payload, { egressPort: reason });
  break;
}
const cell = await e1.register(flows).read(5);
const packets: number = cell.packets;
void packets;
await e1.valueSet(edge.sets.tpids).set([0x88a8, 0x9100]);
// @ts-expect-error the metadata of a packet-out is typed
await e1.packetOut(new Uint8Array(), { port: 1 });
