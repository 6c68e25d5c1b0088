/** A pipeline with types of its own, translated for the control plane and not. */
import { bit, exact, header, ipv4, mac, newtype, optional, pipeline, port, ternary } from 'p4ts';

/** Where a packet comes from or goes to. */
export const PortId = newtype('port_id_t', port, { uri: 'example.org/PortId', as: bit(32) });
/** A part of the network. */
export const Vrf = newtype('vrf_t', bit(10), { uri: 'example.org/Vrf', values: { blue: 1, red: 2, '': 0 } });
export const Neighbour = newtype('neighbour_t', ipv4);

export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
export const Tag = header('tag_t', { neighbour: Neighbour, vrf: Vrf, rest: bit(6) });

export const newtypes = pipeline('newtypes', {
  headers: { ethernet: Ethernet, tag: Tag },
  metadata: { vrf: Vrf, from: PortId, neighbour: Neighbour },
  packetIn: { ingressPort: PortId, vrf: Vrf },
  packetOut: { egressPort: PortId },
  parser: {
    start(p, { hdr, meta, std }) {
      p.set(meta.from, std.ingressPort.as(PortId));
      p.extract(hdr.ethernet, hdr.tag);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, packetOut }) {
    const learn = ctl.digest('learn_t', { vrf: bit(10), from: port });
    const latest = ctl.register('latest', Vrf, 4);
    const origins = ctl.register('origins', PortId, 4);
    const seen = ctl.register('seen', { vrf: Vrf, from: PortId, neighbour: Neighbour, packets: bit(7) }, 4);
    const setVrf = ctl.action('set_vrf', { vrf: Vrf }, (c, a) => {
      c.set(meta.vrf, a.vrf);
      c.set(hdr.tag.vrf, a.vrf);
    });
    const forward = ctl.action('forward', { port: PortId, neighbour: Neighbour }, (c, a) => {
      c.forward(a.port.as(port));
      c.set(meta.neighbour, a.neighbour);
      c.set(hdr.tag.neighbour, a.neighbour);
    });
    const punt = ctl.action('punt', {}, (c) => c.toController({ ingressPort: meta.from, vrf: meta.vrf }));
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const vrfs = ctl.table('vrfs', { key: { from: exact(meta.from) }, actions: [setVrf, drop], default: drop() });
    const routes = ctl.table('routes', {
      key: { vrf: exact(meta.vrf), neighbour: optional(hdr.tag.neighbour), type: ternary(hdr.ethernet.etherType) },
      actions: [forward, punt],
      default: punt(),
    });
    ctl.apply((c) => {
      c.if(packetOut.present, () => c.forward(packetOut.egressPort.as(port))).else(() => {
        c.apply(vrfs);
        const red = c.let('red', Vrf.value(2));
        c.if(meta.vrf.eq(red), () => c.digest(learn, { vrf: meta.vrf.as(bit(10)), from: meta.from.as(port) }));
        const slot = hdr.ethernet.etherType.as(bit(32));
        const previous = c.update(latest, slot, (vrf) => ({ next: meta.vrf, result: vrf }));
        c.if(previous.eq(red), () => c.set(hdr.tag.rest, 1));
        c.update(origins, 1, () => ({ next: meta.from }));
        c.update(seen, slot, (cell) => ({
          next: { vrf: meta.vrf, from: meta.from, neighbour: hdr.tag.neighbour, packets: cell.packets.add(1) },
        }));
        c.if(meta.vrf.ne(Vrf.value(0)), () => c.apply(routes));
      });
    });
    return { vrfs, routes, setVrf, forward, punt, drop, learn, latest, origins, seen };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.tag);
  },
});
