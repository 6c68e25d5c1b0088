/** The router at the border of the fabric: many routes, the ends of tunnels, rules about classes of traffic. */
import { ternary } from 'p4ts';
import { egressRules } from './acl/egress.js';
import { countingRules, forwardingRules, qosRules } from './acl/ingress.js';
import { aboutEtherType, aboutIcmp, etherTypeKey, icmpTypeKey, trafficClassKeys } from './acl/keys.js';
import { vrfRules } from './acl/pre-ingress.js';
import { hashFlowLabel } from './features/hashing.js';
import { tunnelTermination } from './features/tunnels.js';
import { fabricSwitch } from './pipeline.js';

export const border = fabricSwitch('border', {
  sizes: {
    ...{ vrfs: 64, ipv4: 131072, ipv6: 17000, multicast: 1600 },
    ...{ groups: 3968, members: 49152, maxGroup: 512, nextHops: 1024, tunnels: 2048, routerInterfaces: 256, neighbors: 1024 },
    ...{ mirrorSessions: 4, stations: 64, vlanMembers: 4096, replicas: 110 },
  },
  preIngressAcl: (ctl, packet) =>
    ctl.control('acl_pre_ingress', (ctl) => {
      const lists = vrfRules(ctl, packet, { keys: { dstMac: ternary(packet.hdr.ethernet.dst) }, size: 254 });
      ctl.apply((c) => c.apply(lists.vrfs));
      return lists;
    }),
  tunnelTermination: (ctl, packet) => tunnelTermination(ctl, packet, 126),
  ingressAcl: (ctl, packet, referred) =>
    ctl.control('acl_ingress', (ctl) => {
      const { meta } = packet;
      const lists = {
        ...forwardingRules(ctl, packet, referred, { keys: { ...trafficClassKeys(packet), routeTag: ternary(meta.l3.tag) }, size: 256 }),
        ...countingRules(ctl, packet, { size: 255 }),
        ...qosRules(ctl, packet, {
          keys: { ...etherTypeKey(packet), ...icmpTypeKey(packet) },
          restrict: (k) => [aboutEtherType(k), aboutIcmp(k)],
          size: 511,
        }),
      };
      ctl.apply((c) => {
        for (const list of [lists.rules, lists.counting, lists.qos]) c.apply(list);
      });
      return lists;
    }),
  egressAcl: (ctl, packet) =>
    ctl.control('acl_egress', (ctl) => {
      const { meta } = packet;
      const ofClasses = { ...etherTypeKey(packet), dscp: ternary(meta.ip.dscp) };
      const ports = egressRules(ctl, packet, { name: 'ports', keys: ofClasses, size: 127 });
      ctl.apply((c) => c.apply(ports.rules));
      return { ports };
    }),
  hash: hashFlowLabel,
});
