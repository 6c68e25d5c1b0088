/** What tsc would refuse, as p4ts tells it: the property or value that is wrong, at its place, and what to write instead. */
import { bit, exact, header, ipv4, lpm, pipeline, port, ternary, valid } from 'p4ts';
import { Ethernet, EtherType, ethernetStates, Ipv4, ipv4States } from 'p4ts/headers';
import { diagnosticsOf as checked } from 'p4ts/testing';
import { describe, expect, test } from 'vitest';
import { renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { diagnosticsOf, sourceAt } from '../support/diagnostics.js';

const Tag = header('tag_t', { id: bit(12), rest: bit(4) });

/** A pipeline whose ingress declares an action `send`, and whatever the test does besides. */
const withIngress = (ingress: (ctl: any, v: any, send: any) => unknown) => () =>
  pipeline('p', {
    headers: { ethernet: Ethernet, tag: Tag },
    metadata: { vlan: bit(12), ip: bit(32), nextHop: ipv4 },
    parser: { start: (p: any) => p.accept() },
    ingress(ctl: any, v: any) {
      const send = ctl.action('send', { to: port }, (c: any, { to }: any) => c.forward(to));
      return ingress(ctl, v, send);
    },
    deparser: (d: any, { hdr }: any) => d.emit(hdr.ethernet, hdr.tag),
  } as never);

const withStates = (states: () => object) => () =>
  pipeline('p', {
    headers: { ethernet: Ethernet, ipv4: Ipv4 },
    parser: { start: (p: any) => p.goto('ethernet'), ...states() },
    ingress: (ctl: any) => ctl.apply((c: any) => c.forward(1)),
    deparser: (d: any, { hdr }: any) => d.emit(hdr.ethernet, hdr.ipv4),
  } as never);

type Case = readonly [sentence: string, source: string, help: string | undefined, make: () => unknown];

const cases: readonly Case[] = [
  [
    'ctl.table takes an array as `options.actions`, not undefined.',
    "table('t', { key: {}, default",
    undefined,
    withIngress((ctl, _, send) => ctl.table('t', { key: {}, default: send({ to: 1 }) })),
  ],
  [
    'ctl.table takes an object as `options.key`, not undefined.',
    "table('t', { keys:",
    'write "key" for "keys"',
    withIngress((ctl, { meta }, send) => ctl.table('t', { keys: { vlan: exact(meta.vlan) }, actions: [send] })),
  ],
  [
    'ctl.table takes an object as `options.key`, not an array.',
    'key: [exact',
    undefined,
    withIngress((ctl, { meta }, send) => ctl.table('t', { key: [exact(meta.vlan)], actions: [send] })),
  ],
  [
    'ctl.table takes an array as `options.actions`, not the action send.',
    'actions: send',
    undefined,
    withIngress((ctl, { meta }, send) => ctl.table('t', { key: { vlan: exact(meta.vlan) }, actions: send })),
  ],
  [
    'ctl.selector takes an array as `options.over`, not meta.vlan.',
    'over: meta',
    undefined,
    withIngress((ctl, { meta }) => ctl.selector('s', { size: 1, maxGroup: 1, hash: 'crc16', over: meta.vlan })),
  ],
  [
    "ctl.counter takes 'packets' or 'bytes' or 'both' as `options.unit`, not the string \"packet\".",
    "unit: 'packet'",
    undefined,
    withIngress((ctl) => ctl.counter('n', { size: 1, unit: 'packet' })),
  ],
  [
    'pipeline takes a type, such as bit(8) as `metadata.flow`, not an object.',
    'flow: { hash',
    undefined,
    () =>
      pipeline('p', {
        headers: { tag: Tag },
        metadata: { vlan: bit(12), flow: { hash: bit(16) } as never },
        parser: { start: (p) => p.accept() },
        ingress: () => {},
        deparser: () => {},
      }),
  ],
  [
    'The action send needs a value for "to".',
    'send() })',
    undefined,
    withIngress((ctl, { meta }, send) => ctl.table('t', { key: { vlan: exact(meta.vlan) }, actions: [send], default: send() })),
  ],
  [
    'The match of this entry has no "vlam"; did you mean "vlan"?',
    'vlam: 2',
    'the names are vlan',
    withIngress((ctl, { meta }, send) =>
      ctl.table('t', {
        key: { vlan: exact(meta.vlan) },
        actions: [send],
        entries: [
          { match: { vlan: 1 }, action: send({ to: 1 }) },
          { match: { vlam: 2 }, action: send({ to: 2 }) },
        ],
      }),
    ),
  ],
  [
    'vlan: 5000 does not fit bit<12>; the largest value is 4095.',
    'vlan: 5000',
    undefined,
    withIngress((ctl, { meta }, send) =>
      ctl.table('t', { key: { vlan: exact(meta.vlan) }, actions: [send], entries: [{ match: { vlan: 5000 }, action: send({ to: 1 }) }] }),
    ),
  ],
  [
    'send, to: 600 does not fit bit<9>; the largest value is 511.',
    'send({ to: 600 })',
    undefined,
    withIngress((ctl, { meta }, send) =>
      ctl.table('t', { key: { vlan: exact(meta.vlan) }, actions: [send], entries: [{ match: { vlan: 5 }, action: send({ to: 600 }) }] }),
    ),
  ],
  [
    'c.if takes a function as `then`, not what c.apply(t) returns.',
    'if(valid(hdr.tag), c.apply(t))',
    'write () => … around what is to be done',
    withIngress((ctl, { hdr, meta }, send) => {
      const t = ctl.table('t', { key: { ip: lpm(meta.ip) }, actions: [send] });
      ctl.apply((c: any) => c.if(valid(hdr.tag), c.apply(t)));
    }),
  ],
  [
    'Expected an action of the table, got a call of the action send.',
    'case(send({ to: 1 })',
    'write the action alone, without its arguments; c.call takes them apart: c.call(action, { … })',
    withIngress((ctl, { meta }, send) => {
      const t = ctl.table('t', { key: { ip: lpm(meta.ip) }, actions: [send] });
      ctl.apply((c: any) => c.switch(c.apply(t)).case(send({ to: 1 }), () => c.exit()));
    }),
  ],
  [
    "`vlan` cannot be changed by JavaScript's =, which runs when the pipeline is recorded.",
    'vlan = 1',
    'write c.set(…, value) for vlan, and c.copy(to, from) for a whole header',
    withIngress((ctl, { meta }) =>
      ctl.apply(() => {
        meta.vlan = 1;
      }),
    ),
  ],
  [
    "`dst` cannot be changed by JavaScript's =, which runs when the pipeline is recorded.",
    'assign(hdr.ethernet',
    'write c.set(…, value) for dst, and c.copy(to, from) for a whole header',
    withIngress((ctl, { hdr }) => ctl.apply(() => Object.assign(hdr.ethernet, { ...hdr.ethernet }))),
  ],
  [
    'Expected a field, got the whole of hdr.ethernet.',
    'set(hdr.ethernet, ',
    'c.copy(to, from) copies a whole header, struct or tuple',
    withIngress((ctl, { hdr }) => ctl.apply((c: any) => c.set(hdr.ethernet, hdr.tag))),
  ],
  [
    'Expected a header, such as hdr.ethernet, got the header type tag_t.',
    'setValid(Tag)',
    undefined,
    withIngress((ctl) => ctl.apply((c: any) => c.setValid(Tag))),
  ],
  [
    'Expected a value of type bit<32>, got the string "10.0.0.1".',
    "set(meta.ip, '10",
    'declare it as ipv4, or write the number: 0x0a000001',
    withIngress((ctl, { meta }) => ctl.apply((c: any) => c.set(meta.ip, '10.0.0.1'))),
  ],
  [
    'meta.nextHop: "10.0.0" is not an IPv4 address such as 10.0.0.1.',
    "set(meta.nextHop, '10",
    undefined,
    withIngress((ctl, { meta }) => ctl.apply((c: any) => c.set(meta.nextHop, '10.0.0'))),
  ],
  [
    'hdr.tag has no "isValid".',
    'isValid()',
    'write valid(hdr.tag)',
    withIngress((ctl, { hdr }) => ctl.apply((c: any) => c.if(hdr.tag.isValid(), () => c.drop()))),
  ],
  [
    'bits(12, 4) is outside bit<12>.',
    'bits(12, 4)',
    'bits(low, width) takes `width` bits from bit `low`, where bit 0 is the least significant',
    withIngress((ctl, { meta }) => ctl.apply((c: any) => c.set(meta.vlan.bits(12, 4), 1))),
  ],
  ['There is no parser state "ipv6".', 'ethernetStates({ ', undefined, withStates(() => ethernetStates({ 34525: 'ipv6' }))],
  [
    'Expected a number for the state "ipv4", such as { 0x0800: \'ipv4\' }, got "ipv4".',
    'ethernetStates({ ipv4',
    undefined,
    withStates(() => ({ ...ethernetStates({ ipv4: 'ipv4' } as never), ...ipv4States({}) })),
  ],
];

describe('wrong values', () => {
  test.each(cases)('%s', (sentence, source, help, make) => {
    const diagnostics = diagnosticsOf(make).filter(({ code, severity }) => severity === 'error' && code !== 'apply-missing');
    expect(diagnostics.map(({ message }) => message)).toEqual([sentence]);
    const [found] = diagnostics;
    expect(found?.help, renderDiagnostics(diagnostics)).toBe(help);
    expect(found?.loc.file).toBe(import.meta.filename);
    expect(found && sourceAt(found).slice(0, source.length)).toBe(source);
  });

  test('a block that a mistake ends says nothing of conditions and calls that it had no time to use', () => {
    const make = withIngress((ctl, { hdr }, send) =>
      ctl.apply((c: any) => {
        const tagged = valid(hdr.tag);
        send({ to: 1 });
        c.if(tagged, c.drop());
      }),
    );
    expect(diagnosticsOf(make).map(({ code }) => code)).toEqual(['bad-argument']);
  });

  test('states of p4ts/headers record the place where they were asked for', () => {
    const { loc } = diagnosticsOf(withStates(() => ethernetStates({ [EtherType.arp]: 'arp' })))[0] ?? {};
    expect(loc?.file).toBe(import.meta.filename);
  });

  test('an entry is told at its action, wherever its match is written', () => {
    const make = withIngress((ctl, { meta }, send) => {
      const t = ctl.table('t', {
        key: { vlan: exact(meta.vlan) },
        actions: [send],
        entries: [
          { match: { vlan: 1 }, action: send({ to: 1 }) },
          { action: send({ to: 2 }), match: { vlan: 5000 } },
        ],
      });
      ctl.apply((c: any) => c.apply(t));
    });
    const [found] = diagnosticsOf(make);
    expect(found && sourceAt(found).startsWith('send({ to: 2 })')).toBe(true);
  });

  test('an entry without its priority is told at the entry', () => {
    const make = withIngress((ctl, { meta }, send) => {
      const entries = [{ match: { vlan: 5 }, action: send({ to: 2 }) }];
      const t = ctl.table('t', { key: { vlan: ternary(meta.vlan) }, actions: [send], entries });
      ctl.apply((c: any) => c.apply(t));
    });
    const found = checked(make()).find(({ code }) => code === 'entry-priority');
    expect(found && sourceAt(found).startsWith('send({ to: 2 })')).toBe(true);
  });
});
