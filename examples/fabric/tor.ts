/** The switch on top of a rack: few routes, many rules about hosts, copies to collectors. It ends no tunnels. */
import { optional, ternary } from 'p4ts';
import { EtherType } from 'p4ts/headers';
import { egressRules } from './acl/egress.js';
import { forwardingRules, mirrorRules, qosRules, securityRules } from './acl/ingress.js';
import { vlanRules, vrfRules } from './acl/pre-ingress.js';
import { hashFiveTuple } from './features/hashing.js';
import { fabricSwitch } from './pipeline.js';

export const tor = fabricSwitch('tor', {
  sizes: {
    ...{ vrfs: 64, ipv4: 16384, ipv6: 8192, multicast: 1024 },
    ...{ groups: 1024, members: 8192, maxGroup: 256, nextHops: 1024, tunnels: 512, routerInterfaces: 256, neighbors: 1024 },
    ...{ mirrorSessions: 4, stations: 128, vlanMembers: 4096, replicas: 1024 },
  },
  preIngressAcl: (ctl, packet) =>
    ctl.control('acl_pre_ingress', (ctl) => {
      const lists = { ...vlanRules(ctl, packet, { size: 256 }), ...vrfRules(ctl, packet, { keys: {}, size: 254 }) };
      ctl.apply((c) => {
        c.apply(lists.vlans);
        c.apply(lists.vrfs);
      });
      return lists;
    }),
  tunnelTermination: () => undefined,
  ingressAcl: (ctl, packet, referred) =>
    ctl.control('acl_ingress', (ctl) => {
      const { hdr, meta } = packet;
      const ofHosts = { vlan: ternary(meta.vlan.id), tag: ternary(meta.acl.tag), arpTarget: ternary(hdr.arp.targetIp) };
      const lists = {
        ...forwardingRules(ctl, packet, referred, {
          keys: ofHosts,
          restrict: (k) => [k.arpTarget.mask.ne(0).implies(k.etherType.eq(EtherType.arp))],
          size: 256,
        }),
        ...qosRules(ctl, packet, { keys: { inPort: optional(packet.std.ingressPort) }, size: 512 }),
        ...mirrorRules(ctl, packet, referred, { size: 255 }),
        ...securityRules(ctl, packet, { size: 256 }),
      };
      ctl.apply((c) => {
        for (const list of [lists.rules, lists.qos, lists.mirrors, lists.security]) c.apply(list);
      });
      return lists;
    }),
  egressAcl: (ctl, packet) =>
    ctl.control('acl_egress', (ctl) => {
      const ports = egressRules(ctl, packet, { name: 'ports', keys: { dstIpv6: ternary(packet.hdr.ipv6.dst) }, size: 127 });
      /** Which hosts may answer DHCP is known by the port that they are asked on. */
      const dhcp = egressRules(ctl, packet, { name: 'dhcp', keys: {}, size: 62 });
      ctl.apply((c) => {
        c.apply(ports.rules);
        c.apply(dhcp.rules);
      });
      return { ports, dhcp };
    }),
  hash: hashFiveTuple,
});
