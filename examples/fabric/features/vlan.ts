/** VLANs: which one a packet is in, whether its port belongs to it, and the tag that it leaves with. */
import { bit, exact, type RestrictedNumber, type Restriction, valid } from 'p4ts';
import { EtherType } from 'p4ts/headers';
import type { EgressControl, InEgress, IngressControl, InIngress } from '../packet.js';
import { DropReason, noVlan } from '../types.js';

/** IEEE 802.1Q: the identifier of a VLAN; 0 is none, and 4095 is reserved. */
export const isVlan = (vlan: RestrictedNumber<12, number | bigint>): Restriction => vlan.ne(0).and(vlan.ne(4095));

/** Takes the tag off; a packet without one is in the VLAN of its port. */
export const ingressVlan = (ctl: IngressControl, { hdr, meta, std }: InIngress<'ethernet' | 'vlan', 'vlan' | 'drop'>, size: number) =>
  ctl.control('vlan', (ctl) => {
    const access = ctl.action('access', { vlan: bit(12) }, (c, a) => c.set(meta.vlan.id, a.vlan), { restrict: (a) => isVlan(a.vlan) });
    const ports = ctl.table('ports', { key: { port: exact(std.ingressPort) }, actions: [access], size: 512 });
    const member = ctl.action('member', {}, () => {});
    const stranger = ctl.action('stranger', {}, (c) => c.set(meta.drop, DropReason.notInVlan));
    const members = ctl.table('members', {
      key: { vlan: exact(meta.vlan.id), port: exact(std.ingressPort) },
      actions: [member, stranger],
      restrict: (k) => isVlan(k.vlan),
      default: stranger(),
      size,
    });
    ctl.apply((c) => {
      c.if(valid(hdr.vlan), () => {
        c.set(meta.vlan.id, hdr.vlan.vid);
        c.set(hdr.ethernet.etherType, hdr.vlan.etherType);
        c.setInvalid(hdr.vlan);
      });
      c.if(meta.vlan.id.eq(noVlan), () => c.apply(ports));
      c.if(meta.vlan.id.ne(noVlan), () => c.apply(members));
    });
    return { ports, members, access, member };
  });

/** Puts the tag on, where the port has its VLAN tagged; drops what its port is no member of. */
export const egressVlan = (ctl: EgressControl, { hdr, meta, std }: InEgress<'ethernet' | 'vlan', 'vlan'>, size: number) =>
  ctl.control('vlan', (ctl) => {
    const tagged = ctl.action('tagged', {}, () => {});
    const untagged = ctl.action('untagged', {}, (c) => c.set(meta.vlan.leavesUntagged, true));
    const stranger = ctl.action('stranger', {}, (c) => {
      c.drop();
      c.set(meta.vlan.leavesUntagged, true);
    });
    const members = ctl.table('members', {
      key: { vlan: exact(meta.vlan.id), port: exact(std.egressPort) },
      actions: [tagged, untagged, stranger],
      restrict: (k) => isVlan(k.vlan),
      default: stranger(),
      size,
    });
    ctl.apply((c) => {
      c.if(meta.vlan.id.ne(noVlan), () => {
        c.apply(members);
        c.if(meta.vlan.leavesUntagged.not(), () => {
          c.setValid(hdr.vlan);
          c.set(hdr.vlan.vid, meta.vlan.id);
          c.set(hdr.vlan.etherType, hdr.ethernet.etherType);
          c.set(hdr.ethernet.etherType, EtherType.vlan);
        });
      });
    });
    return { members, tagged, untagged };
  });
