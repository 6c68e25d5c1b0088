/** PDU sessions from a YAML file, with the rules that an SMF would send over PFCP (TS 29.244 §7.5.2): see sessions.yaml. */
import type { Ipv4Address } from 'p4ts';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { ManifestError, type Mistake, Reader } from '../service-proxy/reader.js';
import { parseSdf, type Sdf } from './sdf.js';

export interface Tunnel {
  /** Of the base station. */
  readonly gnb: Ipv4Address;
  readonly teid: number;
  /** Of the packets in the tunnel. */
  readonly dscp: number;
}
export type Far = { readonly id: number } & (
  | { readonly apply: 'core' | 'drop' | 'buffer' }
  | { readonly apply: 'access'; readonly tunnel: Tunnel }
);
export interface Qer {
  readonly id: number;
  readonly qfi: number;
  /** kbit/s; 0 is no limit. */
  readonly uplink: number;
  readonly downlink: number;
  readonly uplinkClosed: boolean;
  readonly downlinkClosed: boolean;
}
export interface Pdr {
  readonly id: number;
  /** The lowest is tried first. */
  readonly precedence: number;
  readonly source: 'access' | 'core';
  readonly qfi?: number;
  readonly sdf: Sdf;
  readonly far: number;
  /** 0 is none. */
  readonly qer: number;
  readonly urr: number;
}
export interface Session {
  readonly seid: number;
  readonly user: Ipv4Address;
  /** `2001:db8:45:2::/64`. */
  readonly prefix?: string;
  /** The UPF's end of the tunnel. */
  readonly teid: number;
  readonly pdrs: readonly Pdr[];
  readonly fars: readonly Far[];
  readonly qers: readonly Qer[];
  readonly urrs: readonly number[];
}

/** @throws ManifestError with every mistake of the file */
export function parseSessions(text: string, file: string): readonly Session[] {
  const mistakes: Mistake[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    mistakes.push({ file, line: error.linePos?.[0].line ?? 1, message: error.message.split('\n')[0] ?? '' });
  }
  if (mistakes.length > 0) throw new ManifestError(mistakes);
  const sessions = new Reader({ file, document, lines, mistakes }, contentsOf(document, mistakes, file)).items().map(readSession);
  if (mistakes.length > 0) throw new ManifestError(mistakes);
  return sessions;
}

/** Aliases of aliases could grow without end. */
function contentsOf(document: Document, mistakes: Mistake[], file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    mistakes.push({ file, line: 1, message: error.message });
    return undefined;
  }
}

function readSession(session: Reader): Session {
  const prefix = session.at('prefix').text('');
  if (prefix !== '' && !/^[\da-f:]+::\/64$/i.test(prefix))
    session.at('prefix').wrong(`"${prefix}" is no prefix such as 2001:db8:45:2::/64`);
  const pdrs = session.at('pdrs').items();
  const read: Session = {
    seid: session.at('seid').integer(1, 0xffff_ffff),
    user: session.at('user').ipv4(),
    ...(prefix === '' ? {} : { prefix }),
    teid: session.at('teid').integer(1, 0xffff_ffff),
    pdrs: pdrs.map(readPdr),
    fars: session.at('fars').items().map(readFar),
    qers: session.at('qers').items().map(readQer),
    urrs: session
      .at('urrs')
      .items()
      .map((urr) => urr.integer(1, 65535)),
  };
  for (const [index, { far, qer, urr }] of read.pdrs.entries()) {
    const wrong = (name: string) => pdrs[index]?.at(name).wrong(`the session has no such ${name.toUpperCase()}`);
    if (!read.fars.some((f) => f.id === far)) wrong('far');
    if (qer !== 0 && !read.qers.some((q) => q.id === qer)) wrong('qer');
    if (urr !== 0 && !read.urrs.includes(urr)) wrong('urr');
  }
  return read;
}

function readPdr(pdr: Reader): Pdr {
  const text = pdr.at('sdf').text('');
  const sdf = text === '' ? {} : parseSdf(text);
  if (typeof sdf === 'string') pdr.at('sdf').wrong(`"${text}": ${sdf}`);
  return {
    id: pdr.at('id').integer(1, 65535),
    precedence: pdr.at('precedence').integer(0, 65535),
    source: pdr.at('source').oneOf(['access', 'core'], 'access'),
    ...(pdr.at('qfi').value === undefined ? {} : { qfi: pdr.at('qfi').integer(0, 63) }),
    sdf: typeof sdf === 'string' ? {} : sdf,
    far: pdr.at('far').integer(1, 65535),
    qer: integer(pdr.at('qer'), 65535),
    urr: integer(pdr.at('urr'), 65535),
  };
}

/** 0 where it is absent. */
const integer = (field: Reader, high: number): number => (field.value === undefined ? 0 : field.integer(0, high));

function readFar(far: Reader): Far {
  const id = far.at('id').integer(1, 65535);
  const apply = far.at('apply').oneOf(['core', 'access', 'drop', 'buffer'], 'drop');
  if (apply !== 'access') return { id, apply };
  return {
    id,
    apply,
    tunnel: { gnb: far.at('gnb').ipv4(), teid: far.at('teid').integer(1, 0xffff_ffff), dscp: integer(far.at('dscp'), 63) },
  };
}

function readQer(qer: Reader): Qer {
  const closed = qer.at('closed').oneOf(['none', 'uplink', 'downlink', 'both'], 'none');
  return {
    id: qer.at('id').integer(1, 65535),
    qfi: qer.at('qfi').integer(0, 63),
    uplink: integer(qer.at('uplink'), 100_000_000),
    downlink: integer(qer.at('downlink'), 100_000_000),
    uplinkClosed: closed === 'uplink' || closed === 'both',
    downlinkClosed: closed === 'downlink' || closed === 'both',
  };
}
