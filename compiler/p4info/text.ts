/** P4Info in protobuf's text format, laid out as p4c writes it. */
import { toUtf8 } from '../support/bytes.js';
import type { P4Info } from './messages.js';
import { type FieldSpec, type Fields, isMessage, p4infoMessage, presentFields } from './schema.js';

export function toText(p4info: P4Info): string {
  const lines = ['# proto-file: p4/config/v1/p4info.proto', `# proto-message: ${p4infoMessage}`, ''];
  writeFields(p4infoMessage, p4info as unknown as Fields, '', lines);
  return `${lines.join('\n')}\n`;
}

function writeFields(type: string, message: Fields, indent: string, lines: string[]): void {
  for (const [field, values] of presentFields(type, message)) {
    for (const value of values) {
      if (isMessage(field)) {
        lines.push(`${indent}${field.name} {`);
        writeFields(field.type, value as Fields, `${indent}  `, lines);
        lines.push(`${indent}}`);
      } else {
        lines.push(`${indent}${field.name}: ${scalar(field, value)}`);
      }
    }
  }
}

function scalar(field: FieldSpec, value: unknown): string {
  if (field.type === 'string') return quoted(String(value));
  return value instanceof Uint8Array ? quotedBytes(value) : String(value);
}

const quoted = (text: string): string => quotedBytes(toUtf8(text));
const quotedBytes = (bytes: Uint8Array): string => `"${[...bytes].map(escaped).join('')}"`;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', "'": "\\'", '\\': '\\\\' };

/** One byte as C and protobuf write it. */
function escaped(byte: number): string {
  const char = String.fromCharCode(byte);
  if (escapes[char]) return escapes[char];
  return byte >= 0x20 && byte < 0x7f ? char : `\\${byte.toString(8).padStart(3, '0')}`;
}
