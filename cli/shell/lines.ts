/** What is typed in the shell after the command: keys of entries, cells, groups and packets. */
import type { ControlSchema, KeyForm } from '../../compiler/control/schema.js';
import { formText, matchFromText, valueFromText } from '../../compiler/control/text.js';
import { fromHex } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import { encodeKey } from '../../runtime/client/entry.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';

/** `TABLE KEY=VALUE … priority=N`. @throws DiagnosticError */
export function parseKey(schema: ControlSchema, text: string): Entity {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const table = schema.tables.find(name);
  const match: Record<string, unknown> = {};
  let priority: number | undefined;
  for (const field of fields) {
    const [, key = '', value = ''] = /^([^=]+)=(.+)$/.exec(field) ?? fail('shell-command', { problem: `"${field}" is not KEY=VALUE` });
    const known = table.keys.find((k) => k.name === key);
    if (key === 'priority' && !known) priority = Number(value);
    else match[key] = known ? matchFromText(value, known) : value;
  }
  const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
  return { table_entry: encodeKey(table, { match: given, ...(priority === undefined ? {} : { priority }) }, nowhere) };
}

/** Such as `dst lpm ipv4`. */
export const describeKey = (key: KeyForm): string => `${key.name} ${key.match} ${formText(key)}`;

/** `NAME [INDEX]`, or `NAME[INDEX]`, with what it is to be after a colon. */
export interface ThingLine {
  readonly name: string;
  readonly index?: bigint;
  readonly value?: string;
}

/** @throws DiagnosticError shell-command */
export function parseThing(text: string, what: string): ThingLine {
  const [, name, bracketed, spaced, value] = /^([^\s:[]+)(?:\[(\d+)\]|\s+([^\s:]+))?\s*(?::\s*(.*))?$/.exec(text.trim()) ?? [];
  if (name === undefined)
    return fail('shell-command', { problem: `"${`${what} ${text}`.trim()}" is not how it is written; help ${what} shows that` });
  const index = bracketed ?? spaced;
  if (index !== undefined && !/^\d+$/.test(index))
    return fail('shell-command', { problem: `"${index}" is not an index: an index is a whole number from 0` });
  return { name, ...(index === undefined ? {} : { index: BigInt(index) }), ...(value === undefined ? {} : { value }) };
}

/** `FIELD=VALUE …`, with or without commas; undefined for anything else. */
export function parseFields(text: string): Readonly<Record<string, string>> | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const fields = words.map((word) => /^([^=]+)=(.+)$/.exec(word));
  if (words.length === 0 || fields.includes(null)) return undefined;
  return Object.fromEntries(fields.map((field) => [field?.[1] as string, field?.[2] as string]));
}

/** A value as a file of entries has it in YAML. */
export function valueOfFile(text: string): string {
  if (/^[[{]/.test(text)) return text;
  return JSON.stringify(parseFields(text) ?? text);
}

/** Values with commas between them, as a file of entries has them. */
export const listOfFile = (text: string): string => (/^[[{]/.test(text) ? text : JSON.stringify(items(text)));

/** `PORT[/INSTANCE], … OPTION=VALUE …`, as a file of entries has it. */
export function replicasOfFile(text: string): string {
  if (/^[[{]/.test(text)) return text;
  const [, ports = '', options = ''] = /^(.*?)((?:\s+\w+=\S+)*)$/.exec(text.trim()) ?? [];
  const replicas = items(ports).map((item) => {
    const [port, instance] = item.split('/', 2);
    return instance === undefined ? item : { port, instance };
  });
  const given = parseFields(options);
  return JSON.stringify(given ? { replicas, ...given } : replicas);
}

const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '' && item !== 'none');

/** `FIELD=VALUE … HEX`. @throws DiagnosticError shell-command, entry-unknown */
export function parsePacketOut(
  text: string,
  { packetOut }: ControlSchema,
): { readonly metadata: Record<string, unknown>; readonly payload: Uint8Array } {
  const words = text.trim().split(/\s+/);
  const isField = (word: string): boolean => word.includes('=');
  const fields = parseFields(words.filter(isField).join(' ')) ?? {};
  const forms = packetOut?.metadata ?? [];
  const metadata = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const form = forms.find((field) => field.name === name);
      return [name, form ? valueFromText(value, form) : value];
    }),
  );
  const hex = words
    .filter((word) => !isField(word))
    .join('')
    .replace(/^0x/i, '')
    .replace(/[:.-]/g, '');
  if (!/^([\da-f]{2})+$/i.test(hex)) fail('shell-command', { problem: 'The packet is to be in hexadecimal, two digits for each byte' });
  return { metadata, payload: fromHex(hex) };
}
