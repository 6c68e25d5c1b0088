/** The include files that come with p4ts, and the programs that p4ts itself prints. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archTypes, psa, v1model } from '../../compiler/arch/index.js';
import type { Decl, TypeRef } from '../../compiler/frontend/ast.js';
import { coreErrors } from '../../compiler/ir/program.js';
import { printedPrograms } from '../support/cases.js';
import { folderWith } from '../support/folders.js';
import { declarations, mistakes, readProgram, showType } from './source.js';

const find = (all: readonly Decl[], name: string): Decl[] => all.filter((d) => 'name' in d && d.name.text === name);
const signature = (d: Decl | undefined): string => {
  if (d?.kind !== 'extern-function') throw new Error('no extern function');
  const params = d.params.map((p) => `${p.direction ?? ''} ${showType(p.type)}`.trim());
  return `${showType(d.returns)}<${d.typeParams.map((t) => t.text)}>(${params.join(', ')})`;
};

describe('core.p4', () => {
  test('declares what the specification lists', async () => {
    const all = await declarations('#include <core.p4>\n#include <core.p4>');
    expect(all.map((d) => ('name' in d ? d.name.text : d.kind))).toEqual([
      ...['error', 'packet_in', 'packet_out', 'verify', 'NoAction', 'match_kind', 'static_assert', 'static_assert'],
    ]);
    expect(all[0]).toMatchObject({ members: coreErrors.map((text) => ({ text })) });
    const [packetIn] = find(all, 'packet_in');
    expect(packetIn?.kind === 'extern' && packetIn.members.map((m) => `${m.name.text}/${m.params.length}`)).toEqual([
      ...['extract/1', 'extract/2', 'advance/1', 'lookahead/0', 'length/0'],
    ]);
    expect(packetIn).toMatchObject({
      members: [{}, {}, {}, { returns: { path: { name: { text: 'T' } } }, typeParams: [{ text: 'T' }] }, {}],
    });
    expect(all[5]).toMatchObject({ members: ['exact', 'ternary', 'lpm'].map((text) => ({ text })) });
  });
});

describe('v1model.p4', () => {
  test('declares what the architecture is', async () => {
    const all = await declarations('#include <v1model.p4>');
    expect(find(all, 'packet_in')).toHaveLength(1);
    for (const { name } of [...v1model.externs, ...v1model.functions, ...v1model.enums, ...v1model.structs])
      expect(find(all, name)).not.toEqual([]);
    for (const name of v1model.otherNames ?? []) {
      const isMacro = /^_?V1_?MODEL/i.test(name) && name !== '__v1model_version';
      if (!isMacro && name !== 'PortId_t') expect(find(all, name), name).not.toEqual([]);
    }
    expect(find(all, 'hash').map(signature)).toEqual(['void<O,T,D,M>(out O, in HashAlgorithm, in T, in D, in M)']);
    expect(find(all, 'mark_to_drop').map(signature)).toEqual(['void<>(inout standard_metadata_t)', 'void<>()']);
    expect(find(all, 'clone3')[0]).toMatchObject({ annotations: [{ name: 'deprecated' }] });
    expect(find(all, 'Deparser')[0]).toMatchObject({ kind: 'control-type', typeParams: [{ text: 'H' }] });
    expect(find(all, 'V1Switch')[0]).toMatchObject({
      kind: 'package',
      typeParams: [{ text: 'H' }, { text: 'M' }],
      params: ['Parser', 'VerifyChecksum', 'Ingress', 'Egress', 'ComputeChecksum', 'Deparser'].map((text) => ({
        type: { path: { name: { text } } },
      })),
    });
  });

  test.each([
    ['', 20180101n, ['T'], 'bit<32>', 0],
    ['#define V1MODEL_VERSION 20200408\n', 20200408n, ['T', 'I'], 'I', 1],
  ])('%s: the version decides on the type of an index', async (before, version, typeParams, index, ports) => {
    const all = await declarations(`${before}#include <v1model.p4>\nconst bit<8> red = V1MODEL_METER_COLOR_RED;`);
    expect(find(all, '__v1model_version')[0]).toMatchObject({ value: { value: version } });
    const [register] = find(all, 'register');
    if (register?.kind !== 'extern') throw new Error();
    expect(register.typeParams.map((t) => t.text)).toEqual(typeParams);
    const write = register.members.find((m) => m.name.text === 'write');
    expect(write && showType(write.params[0]!.type)).toBe(index);
    expect(find(all, 'PortId_t')).toHaveLength(ports);
    expect(find(all, 'red')[0]).toMatchObject({ value: { value: 2n } });
  });

  test('a file in a folder of -I comes before the one of that name that comes with p4ts, as with p4c', async () => {
    const own = folderWith({
      'core.p4': 'struct Mine { }',
      'a.p4': '#include "core.p4"',
      'b.p4': '#include <core.p4>',
      'c.p4': '#include "v1model.p4"',
    });
    const read = async (name: string) => (await readProgram(join(own, name), { includePaths: [own] })).declarations;
    expect(find(await read('a.p4'), 'Mine')).toHaveLength(1);
    expect(find(await read('b.p4'), 'Mine')).toHaveLength(1);
    expect(find(await read('c.p4'), 'V1Switch')).toHaveLength(1);
    const beside = folderWith({ 'core.p4': 'struct Mine { }', 'b.p4': '#include <core.p4>' });
    expect(find((await readProgram(join(beside, 'b.p4'), {})).declarations, 'Mine')).toHaveLength(0);
    expect(await mistakes('#include <v1mode.p4>')).toEqual([
      '1:1 The file "v1mode.p4" cannot be included: no folder is searched; did you mean "v1model.p4"?',
    ]);
  });

  test('programs share its declarations, unless a macro of theirs changes them', async () => {
    const first = await declarations('#include <v1model.p4>\nstruct A { }');
    const second = await declarations('typedef bit<8> standard_metadata_t;\n#include <v1model.p4>');
    const changed = await declarations('#define standard_metadata_t other\n#include <v1model.p4>');
    const [register] = find(first, 'register');
    expect(find(second, 'register')[0]).toBe(register);
    expect(find(changed, 'register')[0]).toBe(register);
    expect(find(changed, 'other')).toHaveLength(1);
    expect(find(changed, 'Ingress')).toMatchObject([{ params: [{}, {}, { type: { path: { name: { text: 'other' } } } }] }]);
    expect(find(await declarations('#include <v1model.p4>'), 'Ingress')).toMatchObject([
      { params: [{}, {}, { type: { path: { name: { text: 'standard_metadata_t' } } } }] },
    ]);
  });

  test('what it declares is known as types and values, also when it is shared', async () => {
    for (let i = 0; i < 2; i++) {
      const all = await declarations('#include <v1model.p4>\nconst bit<8> a = (CounterType) - 1;\nconst bit<8> b = (verify) - 1;');
      expect(find(all, 'a')).toMatchObject([{ value: { kind: 'cast' } }]);
      expect(find(all, 'b')).toMatchObject([{ value: { kind: 'binary' } }]);
    }
  });

  test('a mistake that it leads to is shown in it', async () => {
    const [first] = await mistakes('#define extract 1\n#include <core.p4>');
    expect(first).toMatch(/^\d+:\d+ Expected a name, found the number 1\.$/);
  });
});

describe('psa.p4', () => {
  test('declares what the architecture is', async () => {
    const all = await declarations('#include <psa.p4>');
    expect(find(all, 'packet_in')).toHaveLength(1);
    const own = [...psa.externs, ...psa.functions, ...archTypes(psa), ...(psa.packages ?? [])].map((d) => d.name);
    for (const name of [...own, ...psa.blocks.map((b) => b.type), ...(psa.otherNames ?? [])])
      if (name !== '__PSA_P4__') expect(find(all, name), name).toHaveLength(1);
    expect(find(all, 'PSA_PORT_CPU')).toMatchObject([
      { type: { path: { name: { text: 'PortId_t' } } }, value: { kind: 'cast', arg: { value: 0xfffffffdn } } },
    ]);
    const typeParams = (name: string) => find(all, name).flatMap((d) => ('typeParams' in d ? d.typeParams.map((t) => t.text) : []));
    expect(typeParams('EgressParser')).toEqual(['EH', 'EM', 'NM', 'CI2EM', 'CE2EM']);
    expect(typeParams('IngressDeparser')).toEqual(['IH', 'IM', 'CI2EM', 'RESUBM', 'NM']);
    expect(find(all, 'PSA_Switch')).toMatchObject([
      {
        kind: 'package',
        params: ['IngressPipeline', 'PacketReplicationEngine', 'EgressPipeline', 'BufferingQueueingEngine'].map((text) => ({
          type: { path: { name: { text } } },
        })),
      },
    ]);
    expect(find(all, 'PSA_Switch').flatMap((d) => (d.kind === 'package' ? d.params.map((p) => showType(p.type)) : []))[0]).toBe(
      'IngressPipeline<IH, IM, NM, CI2EM, RESUBM, RECIRCM>',
    );
    expect(find(all, 'send_to_port')).toMatchObject([{ kind: 'action', params: [{ direction: 'inout' }, { direction: 'in' }] }]);
    expect(find(all, 'psa_Timestamp_int_to_header')).toMatchObject([
      { kind: 'function', returns: { path: { name: { text: 'TimestampInHeader_t' } } } },
    ]);
  });

  // PSA, table "PSA type definitions": the widths of BMv2's psa_switch.
  test.each([
    ['PortId', 32],
    ['MulticastGroup', 32],
    ['CloneSessionId', 16],
    ['ClassOfService', 8],
    ['PacketLength', 16],
    ['EgressInstance', 16],
    ['Timestamp', 64],
  ])('%s has %i bits, in headers too', async (name, width) => {
    const all = await declarations('#include <bmv2/psa.p4>');
    for (const where of ['', 'InHeader']) {
      const [type] = find(all, `${name}${where}_t`);
      expect(type?.kind === 'newtype' && showType(type.type as TypeRef)).toBe(`bit<${width}>`);
      const [plain] = find(all, `${name}${where}Uint_t`);
      expect(plain?.kind === 'typedef' && showType(plain.type as TypeRef)).toBe(`bit<${width}>`);
    }
  });
});

test.each(printedPrograms)('the printed program $name is read', async ({ file }) => {
  const { declarations: all } = await readProgram(file);
  expect(find(all, 'main')).toHaveLength(1);
  expect(all.filter((d) => d.kind === 'parser' || d.kind === 'control').length).toBeGreaterThan(4);
});
