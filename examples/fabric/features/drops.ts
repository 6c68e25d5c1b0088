/** What is dropped in ingress, why, and how often. */
import { bit, valid } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason, dropReasons, Via } from '../types.js';
import { isMartianIpv4Destination, isMartianIpv4Source, isMartianIpv6Destination, isMartianIpv6Source } from './addresses.js';

export const drops = (ctl: IngressControl, { hdr, meta }: InIngress<'ipv4' | 'ipv6', 'ip' | 'acl' | 'route' | 'rewrite' | 'drop'>) =>
  ctl.control('drops', (ctl) => {
    const reasons = ctl.counter('reasons', { size: Object.keys(dropReasons).length, unit: 'both' });
    const { ipv4, ipv6 } = hdr;
    ctl.apply((c) => {
      const isMartian = valid(ipv4)
        .and(isMartianIpv4Source(ipv4.src).or(isMartianIpv4Destination(ipv4.dst)))
        .or(valid(ipv6).and(isMartianIpv6Source(ipv6.src).or(isMartianIpv6Destination(ipv6.dst))));
      const isIp = valid(ipv4).or(valid(ipv6));
      // A redirection is a decision of the operator: martians go where it says. A TTL is looked at where it would become less.
      c.if(meta.drop.eq(DropReason.none), () => {
        c.if(meta.acl.isDropped, () => c.set(meta.drop, DropReason.accessList))
          .elseif(isMartian.and(meta.acl.isRedirected.not()), () => c.set(meta.drop, DropReason.martian))
          .elseif(isIp.and(meta.rewrite.ttl).and(meta.ip.ttl.le(1)), () => c.set(meta.drop, DropReason.ttlExpired))
          .elseif(meta.route.via.eq(Via.nothing), () => c.set(meta.drop, DropReason.noRoute));
      });
      c.if(meta.drop.ne(DropReason.none), () => {
        c.count(reasons, meta.drop.as(bit(8)).as(bit(32)));
        c.drop();
      });
    });
    return { reasons };
  });
