/**
 * The switch of a data centre's fabric: what is common to its platforms, and in which order the modules run. `tor.ts` and
 * `border.ts` are the platforms.
 */
import { type AnySubControl, type Body, pipeline } from 'p4ts';
import { ipv4Checksummed } from 'p4ts/headers';
import { admission } from './features/admission.js';
import { type Copies, type CopySizes, copies, sendCopies } from './features/copies.js';
import { drops } from './features/drops.js';
import { type Resolution, type ResolutionSizes, resolution } from './features/resolution.js';
import { replicas, rewrite } from './features/rewrites.js';
import { type RoutingSizes, routing } from './features/routing.js';
import { summarize } from './features/summary.js';
import { traps } from './features/traps.js';
import { encapsulate } from './features/tunnels.js';
import { egressVlan, ingressVlan } from './features/vlan.js';
import {
  type EgressControl,
  type EgressPacket,
  headers,
  type IngressControl,
  type IngressPacket,
  metadata,
  packetIn,
  packetOut,
} from './packet.js';
import { parser } from './parser.js';
import { DropReason } from './types.js';

export interface Sizes extends RoutingSizes, ResolutionSizes, CopySizes {
  readonly stations: number;
  readonly vlanMembers: number;
  readonly replicas: number;
}

/**
 * What platforms differ in. Numbers are data; a module that a platform has in its own form is a function, and controllers
 * know the tables that it returns.
 */
export interface Platform<P extends AnySubControl, T extends AnySubControl | undefined, I extends AnySubControl, E extends AnySubControl> {
  readonly sizes: Sizes;
  preIngressAcl(ctl: IngressControl, packet: IngressPacket): P;
  /** A platform that ends no tunnels returns nothing. */
  tunnelTermination(ctl: IngressControl, packet: IngressPacket): T;
  ingressAcl(ctl: IngressControl, packet: IngressPacket, referred: { resolution: Resolution; copies: Copies }): I;
  egressAcl(ctl: EgressControl, packet: EgressPacket): E;
  /** Fills `meta.flow`, which chooses among paths. */
  hash(c: Body, packet: IngressPacket): void;
}

export function fabricSwitch<
  P extends AnySubControl,
  T extends AnySubControl | undefined,
  I extends AnySubControl,
  E extends AnySubControl,
>(name: string, platform: Platform<P, T, I, E>) {
  const { sizes } = platform;
  return pipeline(name, {
    headers,
    metadata,
    packetIn,
    packetOut,
    parser,

    ingress(ctl, { packetOut, ...packet }) {
      const { meta, std } = packet;
      // Entries of other modules refer to those of these two.
      const referred = { resolution: resolution(ctl, packet, sizes), copies: copies(ctl, packet, sizes) };
      const modules = {
        ...referred,
        vlan: ingressVlan(ctl, packet, sizes.vlanMembers),
        preIngressAcl: platform.preIngressAcl(ctl, packet),
        admission: admission(ctl, packet, sizes.stations),
        tunnelTermination: platform.tunnelTermination(ctl, packet),
        routing: routing(ctl, packet, referred.resolution, sizes),
        traps: traps(ctl, packet),
        ingressAcl: platform.ingressAcl(ctl, packet, referred),
        drops: drops(ctl, packet),
      };
      ctl.apply((c) => {
        c.if(packetOut.present.and(packetOut.submitToIngress.not()), () => {
          c.forward(packetOut.egressPort);
          c.set(meta.isDirect, true);
        }).else(() => {
          summarize(c, packet);
          c.apply(modules.vlan);
          c.if(std.checksumError, () => c.set(meta.drop, DropReason.badChecksum));
          c.if(meta.drop.eq(DropReason.none), () => {
            c.apply(modules.preIngressAcl);
            c.apply(modules.admission);
            if (modules.tunnelTermination) {
              c.apply(modules.tunnelTermination);
              summarize(c, packet);
            }
            c.apply(modules.routing);
            c.apply(modules.traps);
            c.apply(modules.ingressAcl);
            platform.hash(c, packet);
            c.apply(modules.resolution);
            c.apply(modules.copies);
          });
          c.apply(modules.drops);
        });
      });
      return modules;
    },

    egress(ctl, packet) {
      const { meta } = packet;
      const modules = {
        replicas: replicas(ctl, packet, sizes.replicas),
        vlan: egressVlan(ctl, packet, sizes.vlanMembers),
        egressAcl: platform.egressAcl(ctl, packet),
      };
      ctl.apply((c) => {
        sendCopies(c, packet);
        c.if(meta.isDirect.not(), () => {
          c.apply(modules.replicas);
          rewrite(c, packet);
          c.apply(modules.egressAcl);
          encapsulate(c, packet);
          c.apply(modules.vlan);
        });
      });
      return modules;
    },

    deparser(d, { hdr }) {
      d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
      d.emit(...Object.values(hdr));
    },
  });
}
