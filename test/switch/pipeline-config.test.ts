import { describe, expect, test } from 'vitest';
import type { Program } from '../../compiler/ir/index.js';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import type { ForwardingPipelineConfig, SetForwardingPipelineConfigRequest } from '../../runtime/p4runtime/messages.js';
import {
  bytes,
  labConfig,
  labP4Info,
  labProgram,
  onBothTransports,
  plain,
  primary,
  read,
  refused,
  TestStream,
  tableId,
  uint128,
  write,
} from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

const configOf = (program: Program): ForwardingPipelineConfig => ({
  p4info: buildP4Info(program),
  p4_device_config: text(toJson(program)),
});
const randomHash = await v1modelText({ ingress: 'hash(m.x, HashAlgorithm.random, 16w0, { m.x }, 16w9);' });
const varbitRegister = await v1modelText({ locals: 'register<varbit<32>>(4) r;', ingress: 'r.write(0, m.v);' });

const text = (value: string): Uint8Array => Buffer.from(value);
const json = toJson(labProgram);
const withTable = (change: (table: P4Info['tables'][number]) => P4Info['tables'][number]): P4Info => ({
  ...labP4Info,
  tables: labP4Info.tables.map((t) => (t.preamble.name === 'ingress.routes' ? change(t) : t)),
});

onBothTransports((open) => {
  const become = async () => {
    const bench = await open();
    const transport = bench.client();
    const stream = new TestStream(transport);
    stream.arbitrate(1n);
    await stream.next();
    const set = (request: SetForwardingPipelineConfigRequest) =>
      transport.setPipeline({ device_id: 1n, election_id: uint128(1n), ...request });
    return { bench, transport, set };
  };

  test('VERIFY changes nothing', async () => {
    const { transport, set } = await become();
    await set({ action: 'VERIFY', config: labConfig });
    expect((await transport.getPipeline({ device_id: 1n })).config).toBeUndefined();
  });

  test('what was committed is read back, whole or in part', async () => {
    const { transport, set } = await become();
    await set({ action: 'VERIFY_AND_COMMIT', config: labConfig });
    const parts = async (response_type: 'ALL' | 'COOKIE_ONLY' | 'P4INFO_AND_COOKIE' | 'DEVICE_CONFIG_AND_COOKIE') => {
      const { config } = await transport.getPipeline({ device_id: 1n, response_type });
      return {
        p4info: config?.p4info?.tables.map((t) => [t.preamble.name, t.preamble.id, t.size]),
        device: config?.p4_device_config && Buffer.from(config.p4_device_config).toString(),
        cookie: config?.cookie?.cookie,
      };
    };
    const p4info = labP4Info.tables.map((t) => [t.preamble.name, t.preamble.id, t.size]);
    expect(await parts('ALL')).toEqual({ p4info, device: json, cookie: 7n });
    expect(await parts('COOKIE_ONLY')).toEqual({ p4info: undefined, device: undefined, cookie: 7n });
    expect(await parts('P4INFO_AND_COOKIE')).toEqual({ p4info, device: undefined, cookie: 7n });
    expect(await parts('DEVICE_CONFIG_AND_COOKIE')).toEqual({ p4info: undefined, device: json, cookie: 7n });
    expect((await refused(transport.getPipeline({ device_id: 2n }))).code).toBe('NOT_FOUND');
  });

  test('what the switch has no use for is kept as well', async () => {
    const { transport, set } = await become();
    const large = { name: 'large', expression_list: { expressions: [{ int64_value: (2n ** 62n + 1n) as unknown as number }] } };
    const pkg_info = { ...labP4Info.pkg_info, annotations: ['@mine(7)'], structured_annotations: [large] };
    await set({ action: 'VERIFY_AND_COMMIT', config: { ...labConfig, p4info: { ...labP4Info, pkg_info }, cookie: { cookie: 0n } } });
    const { config } = await transport.getPipeline({ device_id: 1n });
    expect(config?.p4info?.pkg_info).toMatchObject({ annotations: ['@mine(7)'], structured_annotations: [large] });
    expect(config?.cookie).toBeDefined();
  });

  test('a program for v1model is taken as it is', async () => {
    const { set } = await become();
    await set({
      action: 'VERIFY_AND_COMMIT',
      config: { ...labConfig, p4_device_config: text(toJson(lowerToV1model(labProgram).program)) },
    });
  });

  test('a commit clears what was written', async () => {
    const { transport, set } = await become();
    await set({ action: 'VERIFY_AND_COMMIT', config: labConfig });
    await write(transport, {
      type: 'INSERT',
      entity: { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: 3 } } },
    });
    await set({ action: 'VERIFY_AND_COMMIT', config: labConfig });
    expect(await read(transport, { packet_replication_engine_entry: { multicast_group_entry: {} } })).toEqual([]);
  });

  describe('configurations that are refused leave the old one', () => {
    const cases: [string, ForwardingPipelineConfig | undefined, string][] = [
      ['none', undefined, 'the configuration is not set'],
      ['no P4Info', { p4_device_config: text(json) }, 'p4info is not set'],
      ['no device configuration', { p4info: labP4Info }, 'p4_device_config is not set'],
      ['not UTF-8', { ...labConfig, p4_device_config: bytes('ff00') }, 'p4_device_config is not a program in the JSON form of p4ts'],
      ['not JSON', { ...labConfig, p4_device_config: text('{"tables":') }, 'p4_device_config is not a program in the JSON form of p4ts'],
      [
        'the JSON of BMv2',
        { ...labConfig, p4_device_config: text('{"header_types": [], "pipelines": [], "__meta__": {}}') },
        "p4_device_config is not a program in the JSON form of p4ts: it is p4c's JSON for BMv2; push NAME.p4ts.json",
      ],
      ['a message without the program', { ...labConfig, p4_device_config: bytes('0801') }, 'p4_device_config is not a program'],
      ['a message that ends early', { ...labConfig, p4_device_config: bytes('08011a7f7b') }, 'p4_device_config is not a program'],
      [
        'a later version',
        { ...labConfig, p4_device_config: text(json.replace(/"irVersion":\d+/, '"irVersion":99')) },
        'p4_device_config is not a program',
      ],
      [
        'a program that does not validate',
        { ...labConfig, p4_device_config: text(toJson({ ...labProgram, controls: labProgram.controls.slice(1) })) },
        'the program cannot be loaded',
      ],
      [
        'for another architecture',
        { ...labConfig, p4_device_config: text(toJson({ ...labProgram, arch: 'tna' })) },
        'the program cannot be loaded',
      ],
      ['what the data plane cannot run', configOf(randomHash), 'the program cannot be loaded: HashAlgorithm.random in the interpreter'],
      [
        'a register that controllers cannot read',
        configOf(varbitRegister),
        'the program cannot be loaded: register I.r has a value of type varbit',
      ],
      [
        'more multicast groups than the switch has',
        {
          ...labConfig,
          p4info: { ...labP4Info, pkg_info: { ...labP4Info.pkg_info, platform_properties: { multicast_group_table_size: 65_536 } } },
        },
        'it needs 65536 multicast groups, and the switch has 65535',
      ],
      [
        'another table id',
        { ...labConfig, p4info: withTable((t) => ({ ...t, preamble: { ...t.preamble, id: 0x02000001 } })) },
        'the P4Info is not that of the program: table ingress.routes is given as id 33554433',
      ],
      [
        'another width',
        { ...labConfig, p4info: withTable((t) => ({ ...t, match_fields: t.match_fields.map((f) => ({ ...f, bitwidth: 31 })) })) },
        'dst#1:31:LPM',
      ],
      ['a table less', { ...labConfig, p4info: { ...labP4Info, tables: labP4Info.tables.slice(1) } }, 'is missing'],
      [
        'an action more',
        {
          ...labConfig,
          p4info: {
            ...labP4Info,
            actions: [...labP4Info.actions, { preamble: { id: 0x01000001, name: 'ingress.extra', alias: 'extra' }, params: [] }],
          },
        },
        'the program has no action ingress.extra',
      ],
    ];
    test.each(cases)('%s', async (_name, config, message) => {
      const transport = await primary(await open());
      for (const action of ['VERIFY', 'VERIFY_AND_COMMIT'] as const) {
        const request = { device_id: 1n, election_id: uint128(1n), action, ...(config ? { config } : {}) };
        const error = await refused(transport.setPipeline(request));
        expect(error.code).toBe('INVALID_ARGUMENT');
        expect(error.message).toContain(message);
      }
      expect((await transport.getPipeline({ device_id: 1n, response_type: 'COOKIE_ONLY' })).config?.cookie?.cookie).toBe(7n);
      expect(await read(transport, { table_entry: { table_id: tableId('routes') } })).toEqual([]);
    });
  });

  test('as many multicast groups as the switch has', async () => {
    const { set } = await become();
    const platform_properties = { multicast_group_table_size: 65_535, multicast_group_table_total_replicas: 1_000_000 };
    const p4info = { ...labP4Info, pkg_info: { ...labP4Info.pkg_info, platform_properties } };
    await set({ action: 'VERIFY_AND_COMMIT', config: { ...labConfig, p4info } });
  });

  test('requests that are refused', async () => {
    const { set, transport } = await become();
    const code = async (request: SetForwardingPipelineConfigRequest) => (await refused(set({ config: labConfig, ...request }))).code;
    expect(await code({ action: 'VERIFY', device_id: 2n })).toBe('NOT_FOUND');
    expect(await code({ action: 'VERIFY', role: 'x' })).toBe('NOT_FOUND');
    expect(await code({ action: 'VERIFY', election_id: uint128(2n) })).toBe('PERMISSION_DENIED');
    expect(await code({})).toBe('INVALID_ARGUMENT');
    expect(await code({ action: 'COMMIT' })).toBe('INVALID_ARGUMENT');
    expect(await code({ action: 9 as unknown as 'VERIFY' })).toBe('INVALID_ARGUMENT');
    await set({ action: 'VERIFY_AND_COMMIT', config: labConfig });
    const part = transport.getPipeline({ device_id: 1n, response_type: 9 as unknown as 'ALL' });
    expect((await refused(part)).message).toBe('response_type 9 is not known');
  });

  test('capabilities', async () => {
    const { transport } = await become();
    expect(plain(await transport.capabilities({}))).toEqual({ p4runtime_api_version: '1.5.0' });
    expect(await transport.capabilities({ device_id: 1n })).toEqual({ p4runtime_api_version: '1.5.0' });
    expect((await refused(transport.capabilities({ device_id: 2n }))).code).toBe('NOT_FOUND');
  });
});
