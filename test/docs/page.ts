/**
 * The snippets of docs/language.md as programs. What stands after `ts` in a fence says what a block is:
 *
 * - a file name: a file of that name; blocks in other languages may be files too;
 * - `top`: declarations in front of the pipelines of the section; constants called as an option of `pipeline` are given to it;
 * - `parser`, `ingress`, `apply`, `egress`, `deparser`: a part of a pipeline; one that has such a part already begins another;
 * - `controller`: statements of a controller, which has what ingress returned and a switch `sw` that runs the pipeline.
 *
 * A block `p4` shows a part of the P4 that the pipeline before it becomes, a block `text` what the program before it prints,
 * a block `console` a command in the folder of the files. A line `// ~~~ error CODE: text` says what tsc or p4ts finds in the
 * line above it. `…` stands for any text.
 */
export interface Block {
  readonly lang: string;
  readonly info: string;
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
}
export interface Finding {
  readonly line: number;
  readonly severity: string;
  readonly code: string;
  readonly text: string;
}
/** A program made of blocks, with what the page says of it. */
export interface Unit {
  readonly file: string;
  readonly source: string;
  /** The line of the page where its first block begins. */
  readonly line: number;
  /** The line of the page for each line of the source, both from 1; 0 for lines that the page does not show. */
  readonly lines: readonly number[];
  readonly findings: readonly Finding[];
  readonly p4: readonly Block[];
  readonly prints: readonly Block[];
}
export interface Page {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly units: Unit[];
  readonly commands: readonly Block[];
}

const parts = ['parser', 'ingress', 'apply', 'egress', 'deparser', 'controller'] as const;
type Part = (typeof parts)[number];
const isPart = (info: string): info is Part => (parts as readonly string[]).includes(info);

/** A unit before its source is put together. */
interface Draft {
  readonly file: string;
  readonly blocks: readonly Block[];
  readonly source: (string | Block)[];
  readonly p4: Block[];
  readonly prints: Block[];
}

/** `imports`: what every pipeline of the page imports. */
export function readPage(page: string, imports: string): Page {
  const files: { name: string; text: string }[] = [];
  const drafts: Draft[] = [];
  const commands: Block[] = [];
  const draft = (file: string, blocks: readonly Block[], source: (string | Block)[]): void => {
    drafts.push({ file, blocks, source, p4: [], prints: [] });
  };
  for (const blocks of sectionsOf(page)) {
    const tops: Block[] = [];
    let current = new Map<Part, Block>();
    for (const block of blocks) {
      const { lang, info } = block;
      if (lang === 'console') commands.push(block);
      else if (lang === 'p4') drafts.at(-1)?.p4.push(block);
      else if (lang === 'text' && info === '') drafts.at(-1)?.prints.push(block);
      else if (info.includes('.')) {
        files.push({ name: info, text: block.text });
        if (lang === 'ts') draft(info, [block], [block]);
      } else if (info === 'top') tops.push(block);
      else if (isPart(info)) {
        if (!goOn(current, info)) current = new Map();
        const isNew = current.size === 0;
        current.set(info, block);
        const source = pipelineOf(imports, tops, current);
        const all = [...tops, ...current.values()];
        if (isNew) draft(`snippet-${block.line}.ts`, all, source);
        else drafts.push({ ...(drafts.pop() as Draft), blocks: all, source });
      } else if (lang === 'ts') throw new Error(`line ${block.line}: what is a block "ts ${info}"?`);
    }
  }
  const units = drafts.map(({ blocks, source, ...rest }) => ({
    ...rest,
    ...numbered(source),
    findings: blocks.flatMap(findingsIn),
    line: blocks.at(0)?.line ?? 0,
  }));
  return { files, units, commands };
}

/** A program of one block, which imports what pipelines do. */
export const moduleOf = (file: string, imports: string, block: Block): Unit => ({
  file,
  ...numbered([imports, block]),
  findings: findingsIn(block),
  line: block.line,
  p4: [],
  prints: [],
});

/** Whether a pipeline that has those parts can have this one as well. */
const goOn = (current: ReadonlyMap<Part, Block>, part: Part): boolean =>
  !current.has(part) && !(part === 'apply' && current.has('ingress')) && !(part === 'ingress' && current.has('apply'));

/** The blocks below each heading. */
export function sectionsOf(page: string): Block[][] {
  const sections: Block[][] = [[]];
  const lines = page.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (/^##+ /.test(line)) sections.push([]);
    const [, lang, info] = /^```(\w+) ?(.*)$/.exec(line) ?? [];
    const end = lines.indexOf('```', i + 1);
    if (lang === undefined || info === undefined) {
      // A fence without a language, which is a picture.
      if (line === '```') i = end;
      continue;
    }
    sections.at(-1)?.push({ lang, info, text: lines.slice(i + 1, end).join('\n'), line: i + 2 });
    i = end;
  }
  return sections;
}

function pipelineOf(imports: string, tops: readonly Block[], given: ReadonlyMap<Part, Block>): (string | Block)[] {
  const isDeclared = (name: string): boolean => tops.some(({ text }) => new RegExp(`^const ${name} =`, 'm').test(text));
  const orFrame = (name: string): string => (isDeclared(name) ? name : `frame.${name}`);
  const options = ['packetIn', 'packetOut', 'valueSets', 'subparsers', 'blocks'].filter(isDeclared);
  const { parser, ingress, apply, egress, deparser, controller } = Object.fromEntries(given) as Partial<Record<Part, Block>>;
  const handles = /^return \{ (.*) \};$/m.exec(ingress?.text ?? '')?.[1];
  return [
    imports,
    "import * as frame from './frame.js';",
    "import { ipPacket } from './frame.js';",
    ...tops,
    "export const guide = pipeline('guide', {",
    ['headers', 'metadata'].map((name) => `${name}: ${orFrame(name)},`).join(' '),
    options.map((name) => `${name},`).join(' '),
    'parser: {',
    parser ?? (isDeclared('headers') ? 'start: (p) => p.accept(),' : '...frame.parser,'),
    '},',
    'ingress(ctl, { hdr, meta, std, packetOut }) {',
    ...(apply ? ['ctl.apply((c) => {', apply, '});'] : [ingress ?? 'ctl.apply((c) => c.forward(1));']),
    '},',
    ...(egress ? ['egress(ctl, { hdr, meta, std }) {', egress, '},'] : []),
    'deparser(d, { hdr, meta }) {',
    deparser ?? 'd.emit(...(Object.values(hdr) as AnyHeader[]));',
    '},',
    '});',
    ...(handles ? [`const { ${handles} } = guide.ingress;`] : []),
    ...(controller ? ['const sw = await simulate(guide);', controller, 'await sw.close();'] : []),
  ];
}

function numbered(chunks: readonly (string | Block)[]): { source: string; lines: number[] } {
  const lines = [0];
  const texts = chunks.map((chunk) => {
    const text = typeof chunk === 'string' ? chunk : chunk.text;
    lines.push(...text.split('\n').map((_, i) => (typeof chunk === 'string' ? 0 : chunk.line + i)));
    return text;
  });
  return { source: `${texts.join('\n')}\n`, lines };
}

function findingsIn({ text, line }: Block): Finding[] {
  let above = line;
  return text.split('\n').flatMap((content, i): Finding[] => {
    const [, severity, code, said] = /^\s*\/\/ ~+ (error|warning) ([\w-]+): (.*)$/.exec(content) ?? [];
    if (severity !== undefined && code !== undefined && said !== undefined) return [{ line: above, severity, code, text: said }];
    above = line + i;
    return [];
  });
}

/** Whether the text is as the pattern says, in which `…` stands for any text, and a space for any white space. */
export function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split('…').map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(`^\\s*${pieces.join('[^]*?')}\\s*$`).test(text);
}

/** Whether the lines of `shown` follow one another in the text, but for what `…` stands for. */
export function shows(shown: string, text: string): boolean {
  const squashed = (lines: string): string =>
    lines
      .split('\n')
      .map((line) => line.trim().replace(/\s+/g, ' '))
      .join('\n');
  return matches(`…${squashed(shown)}…`, squashed(text));
}
