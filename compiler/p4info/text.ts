/** P4Info in protobuf's text format, laid out as p4c writes it. */
import protobuf from 'protobufjs/dist/light/protobuf.min.js';
import type { P4Info } from './messages.js';
import { p4infoSchema } from './schema.js';

export function toText(p4info: P4Info): string {
  const lines = ['# proto-file: p4/config/v1/p4info.proto', '# proto-message: p4.config.v1.P4Info', ''];
  writeFields(p4infoSchema(), p4info as unknown as Fields, '', lines);
  return `${lines.join('\n')}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

/** In the order of the fields' numbers. Fields that have their default value are left out, except in a oneof. */
function writeFields(type: protobuf.Type, message: Fields, indent: string, lines: string[]): void {
  for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) {
    field.resolve();
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    if (field.map) {
      const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [key, item] of entries) {
        lines.push(`${indent}${field.name} {`, `${indent}  key: ${quoted(key)}`);
        writeField(field, 'value', item, `${indent}  `, lines);
        lines.push(`${indent}}`);
      }
    } else if (field.repeated) {
      for (const item of value as readonly unknown[]) writeField(field, field.name, item, indent, lines);
    } else if (field.partOf || !isDefault(field, value)) {
      writeField(field, field.name, value, indent, lines);
    }
  }
}

function writeField(field: protobuf.Field, name: string, value: unknown, indent: string, lines: string[]): void {
  if (field.resolvedType instanceof protobuf.Type) {
    lines.push(`${indent}${name} {`);
    writeFields(field.resolvedType, value as Fields, `${indent}  `, lines);
    lines.push(`${indent}}`);
  } else {
    lines.push(`${indent}${name}: ${scalar(field, value)}`);
  }
}

function isDefault(field: protobuf.Field, value: unknown): boolean {
  if (field.resolvedType instanceof protobuf.Enum) return value === field.resolvedType.valuesById[0];
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0 || value === false || value === '';
}

function scalar(field: protobuf.Field, value: unknown): string {
  if (field.type === 'string') return quoted(String(value));
  return value instanceof Uint8Array ? quotedBytes(value) : String(value);
}

const quoted = (text: string): string => quotedBytes(new TextEncoder().encode(text));
const quotedBytes = (bytes: Uint8Array): string => `"${[...bytes].map(escaped).join('')}"`;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', "'": "\\'", '\\': '\\\\' };

/** One byte as C and protobuf write it. */
function escaped(byte: number): string {
  const char = String.fromCharCode(byte);
  if (escapes[char]) return escapes[char];
  return byte >= 0x20 && byte < 0x7f ? char : `\\${byte.toString(8).padStart(3, '0')}`;
}
