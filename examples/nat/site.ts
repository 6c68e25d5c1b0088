/** The example's site: two hosts and two servers behind port 1, the provider's router behind port 2. */
import type { Site } from './controller.js';

export const insidePort = 1;
export const outsidePort = 2;
/** The MAC addresses of the NAT at its ports, and of those that it sends to. */
export const macs = {
  inside: '02:00:00:00:00:01',
  outside: '02:00:00:00:00:02',
  hosts: '02:00:00:00:01:00',
  provider: '02:00:00:00:02:00',
} as const;

export const site: Site = {
  interfaces: [
    { side: 'inside', port: insidePort, mac: macs.inside, address: '10.0.0.1' },
    { side: 'outside', port: outsidePort, mac: macs.outside, address: '203.0.113.2' },
  ],
  routes: [
    { dst: '10.0.0.0/16', port: insidePort, mac: macs.hosts },
    { dst: '0.0.0.0/0', port: outsidePort, mac: macs.provider },
  ],
  pool: { addresses: ['198.51.100.10', '198.51.100.11'], ports: [512, 65535], hostLimit: 1000 },
};
