/** A router in the IR: Ethernet, 802.1Q, ARP, IPv4, IPv6; as lowering would give it. */
import { binary, bits, bitType, field, isValid, name, named, not } from '../../compiler/ir/build.js';
import type { Expr, Program, Type } from '../../compiler/ir/index.js';
import {
  action,
  apply,
  at,
  checksum,
  drop,
  extract,
  formatted,
  hdr,
  header,
  key,
  program,
  select,
  setPort,
  state,
  stdField,
  table,
} from './v1model-program.js';

const headerTypes = {
  ethernet: { dst: formatted(48, 'mac'), src: formatted(48, 'mac'), etherType: formatted(16, 'hex') },
  vlan: { pcp: 3, dei: 1, vid: 12, etherType: formatted(16, 'hex') },
  arp: { htype: 16, ptype: 16, hlen: 8, plen: 8, op: 16, sha: formatted(48, 'mac'), spa: formatted(32, 'ipv4') },
  ipv4: {
    version: 4,
    ihl: 4,
    tos: 8,
    length: 16,
    id: 16,
    flags: 3,
    offset: 13,
    ttl: 8,
    protocol: 8,
    checksum: 16,
    src: formatted(32, 'ipv4'),
    dst: formatted(32, 'ipv4'),
  },
  ipv6: {
    version: 4,
    class: 8,
    flow: 20,
    length: 16,
    next: 8,
    hops: 8,
    src: formatted(128, 'ipv6'),
    dst: formatted(128, 'ipv6'),
  },
} as const;
type Headers = typeof headerTypes;

const typeOf = (decl: number | { readonly type: Type }): Type => (typeof decl === 'number' ? bitType(decl) : decl.type);
export const h = <K extends keyof Headers>(name: K): Expr => field(hdr, name, named(`${name}_t`));
export const f = <K extends keyof Headers>(header: K, name: keyof Headers[K] & string): Expr =>
  field(h(header), name, typeOf(headerTypes[header][name] as number | { readonly type: Type }));

const ipv4Words = Object.keys(headerTypes.ipv4)
  .filter((n) => n !== 'checksum')
  .map((n) => f('ipv4', n as keyof Headers['ipv4']));
const etherTypes = [
  [0x8100, 'vlan'],
  [0x0806, 'arp'],
  [0x0800, 'ipv4'],
  [0x86dd, 'ipv6'],
] as const;
const decrement = (target: Expr, line: number) =>
  ({ kind: 'assign', target, value: binary('-', target, bits(1, 8)), loc: at(line) }) as const;
const routes = (text: string, dst: Expr) =>
  table(text, [key(dst, 'lpm', 'dst')], ['forward', 'drop'], {
    defaultAction: { action: 'drop', args: [], const: false, loc: at(40) },
    properties: [{ name: 'counters', value: name(`${text}_counter`, named('direct_counter')) }],
    loc: at(41),
  });

export const router: Program = program({
  types: Object.entries(headerTypes).map(([name, fields]) => header(`${name}_t`, fields)),
  headers: Object.fromEntries(Object.keys(headerTypes).map((name) => [name, named(`${name}_t`)])),
  states: [
    state('start', [extract(h('ethernet'))], select(f('ethernet', 'etherType'), etherTypes, 'accept')),
    state('vlan', [extract(h('vlan'))], select(f('vlan', 'etherType'), etherTypes.slice(1), 'accept')),
    state('arp', [extract(h('arp'))], 'accept'),
    state('ipv4', [extract(h('ipv4'))], 'accept'),
    state('ipv6', [extract(h('ipv6'))], 'accept'),
  ],
  verify: [checksum('verify_checksum', isValid(h('ipv4')), ipv4Words, f('ipv4', 'checksum'), at(20))],
  ingressLocals: [
    ...['routes4_counter', 'routes6_counter'].map((text) => ({
      kind: 'instance' as const,
      name: text,
      type: named('direct_counter') as { kind: 'named'; name: string },
      args: [],
      loc: at(30),
    })),
    action('drop', {}, [drop(at(31))]),
    action('forward', { dst: 48, port: 9 }, [
      setPort(name('port', bitType(9)), at(33)),
      { kind: 'assign', target: f('ethernet', 'src'), value: f('ethernet', 'dst'), loc: at(34) },
      { kind: 'assign', target: f('ethernet', 'dst'), value: name('dst', bitType(48)), loc: at(35) },
    ]),
    routes('routes4', f('ipv4', 'dst')),
    routes('routes6', f('ipv6', 'dst')),
  ],
  ingress: [
    drop(),
    {
      kind: 'if',
      cond: binary('&&', isValid(h('ipv4')), binary('==', stdField('checksum_error', 1), bits(0, 1))),
      loc: at(50),
      then: [
        {
          kind: 'if',
          cond: binary('>', f('ipv4', 'ttl'), bits(1, 8)),
          loc: at(51),
          then: [decrement(f('ipv4', 'ttl'), 52), apply('routes4', { loc: at(53) })],
        },
      ],
      else: [
        {
          kind: 'if',
          cond: binary('&&', isValid(h('ipv6')), not(isValid(h('arp')))),
          loc: at(55),
          then: [decrement(f('ipv6', 'hops'), 56), apply('routes6', { loc: at(57) })],
        },
      ],
    },
  ],
  compute: [checksum('update_checksum', isValid(h('ipv4')), ipv4Words, f('ipv4', 'checksum'), at(60))],
});
