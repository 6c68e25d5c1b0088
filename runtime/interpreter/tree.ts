/**
 * Trees of traces: all that can happen to a packet. The packet is run again and again from the start, each time with other
 * choices, until every alternative of every choice was taken.
 *
 * The choices of a copy are its own: each copy has a tree to itself, and the alternatives of copies do not multiply. That is
 * wrong where a copy depends on what another one chose, by a register, a meter or the same hash. Then all choices of the packet
 * and its copies are one sequence, in the order in which they are made.
 */
import { formatLoc } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Choices } from '../data-plane/choices.js';
import type { ActionProfile, Candidate, Chosen } from '../data-plane/profiles.js';
import type { Installed, Table } from '../data-plane/tables.js';
import type { ChoiceEvent, TraceEvent } from '../data-plane/trace.js';
import { copiesDepend } from './dependent-copies.js';
import { Tracer } from './tracer.js';
import { type Effort, tryNumbers } from './try-numbers.js';

export interface TreeOptions {
  /** The tables of which nobody knows the entries. */
  readonly open: ReadonlySet<string>;
  /** How often the packet is run at most. */
  readonly limit: number;
}
/** `tooMany`: the limit is reached; these are the choices, such as `random 0..255 at router.ts:8:5`. */
export type Grown = { readonly events: readonly TraceEvent[] } | { readonly tooMany: readonly string[] };
/** Processes the packet, and leaves the state as it was. */
export type RunPacket = (choices: Choices, trace: Tracer) => void;

export function growTree(run: RunPacket, options: TreeOptions): Grown {
  let choices: readonly string[] = [];
  for (const numbers of efforts) {
    const apart = new Growth(run, { ...options, numbers, apart: true });
    const sequence = new Growth(run, { ...options, numbers, apart: false });
    try {
      const events = apart.grow();
      return { events: apart.isEntangled || copiesDepend(events) ? sequence.grow() : events };
    } catch (stop) {
      if (!(stop instanceof LimitReached)) throw stop;
      choices = [...new Set([...apart.choices, ...sequence.choices])];
    }
  }
  return { tooMany: choices };
}

/** How many numbers are tried at each choice of one: fewer where these make too many runs. */
const efforts: readonly Effort[] = [
  { first: 32, most: 256 },
  { first: 8, most: 64 },
  { first: 4, most: 40 },
];

class LimitReached {}

/** What a packet is asked at a choice. An answer is a number, or the place of an alternative. */
type Question =
  | {
      readonly kind: 'group';
      readonly table: string;
      readonly profile: string;
      readonly group: number;
      readonly candidates: readonly Candidate[];
      readonly byHash: Chosen | undefined;
      readonly loc: Loc;
    }
  | { readonly kind: 'random'; readonly low: bigint; readonly high: bigint; readonly loc: Loc }
  | { readonly kind: 'open-table'; readonly table: string; readonly hits: number; readonly unknown: readonly string[]; readonly loc: Loc };

/** A packet or a copy, up to its end; copies of it are strands of their own. */
interface Strand {
  readonly key: string;
  readonly questions: Question[];
  /** The events before each question, and those after the last. */
  readonly parts: TraceEvent[][];
  /** `part`: when the copy was made. */
  readonly copies: { readonly key: string; readonly part: number }[];
}
/** The answers in each strand; the first alternative answers what comes after them. */
type Plan = ReadonlyMap<string, readonly bigint[]>;

const isWithin = (key: string, strand: string): boolean => key === strand || key.startsWith(`${strand}/`);

interface GrowthOptions extends TreeOptions {
  readonly numbers: Effort;
  /** Each copy has its own choices. */
  readonly apart: boolean;
}

class Growth {
  /** The copies share a choice. */
  isEntangled = false;
  readonly choices = new Set<string>();
  readonly #runPacket: RunPacket;
  readonly #options: GrowthOptions;
  #runs = 0;

  constructor(runPacket: RunPacket, options: GrowthOptions) {
    this.#runPacket = runPacket;
    this.#options = options;
  }

  grow(): readonly TraceEvent[] {
    const plan: Plan = new Map();
    return this.#strand(this.#run(plan), '', plan, []);
  }

  #run(plan: Plan): Run {
    if (this.#runs++ >= this.#options.limit) throw new LimitReached();
    const run = new Run(plan, this.#options);
    this.#runPacket(run, run.trace);
    this.isEntangled ||= run.isEntangled;
    return run;
  }

  /** What happens in a strand after these answers. `run` gave them, and then the first ones; `plan` has those of outer strands. */
  #strand(run: Run, key: string, plan: Plan, answers: readonly bigint[]): readonly TraceEvent[] {
    const { parts, questions, copies } = run.strand(key);
    const events = parts[answers.length] as TraceEvent[];
    const here = new Map([...plan, [key, answers]]);
    for (const copy of copies) if (copy.part === answers.length) this.#strand(run, copy.key, here, []);
    const question = questions[answers.length];
    if (!question) return events;
    this.choices.add(textOf(question));
    const first = firstAnswer(question);
    const way = (answer: bigint): readonly TraceEvent[] => {
      const next = [...answers, answer];
      return this.#strand(answer === first ? run : this.#run(new Map([...plan, [key, next]])), key, plan, next);
    };
    events.push(choiceOf(question, way, this.#options.numbers));
    return events;
  }
}

const firstAnswer = (question: Question): bigint => (question.kind === 'random' ? question.low : 0n);

function choiceOf(question: Question, way: (answer: bigint) => readonly TraceEvent[], numbers: Effort): ChoiceEvent {
  switch (question.kind) {
    case 'group': {
      const { table, profile, group, candidates, byHash, loc } = question;
      const size = candidates.reduce((sum, { weight }) => sum + weight, 0);
      const alternatives = candidates.map(({ members, weight }, i) => ({
        members,
        weight,
        probability: weight / size,
        ...(byHash && members.includes(byHash.member) ? { byHash: true as const } : {}),
        events: way(BigInt(i)),
      }));
      return { kind: 'choice', by: 'group', table, profile, group, size, alternatives, loc };
    }
    case 'open-table': {
      const { table, hits, unknown, loc } = question;
      const alternatives = Array.from({ length: hits + 1 }, (_, i) => ({ hit: i < hits, events: way(BigInt(i)) }));
      return { kind: 'choice', by: 'open-table', table, unknown, alternatives, loc };
    }
    case 'random': {
      const { low, high, loc } = question;
      return { kind: 'choice', by: 'random', low: `${low}`, high: `${high}`, ...tryNumbers(low, high, way, numbers), loc };
    }
  }
}

function textOf(question: Question): string {
  const at = formatLoc(question.loc);
  const place = at && ` at ${at}`;
  switch (question.kind) {
    case 'group':
      return `group ${question.group} of ${question.profile}${place}`;
    case 'open-table':
      return `table ${question.table}${place}`;
    case 'random':
      return `random ${question.low}..${question.high}${place}`;
  }
}

/** One run of the packet, which answers questions as planned. */
class Run implements Choices {
  readonly trace = new Tracer();
  /** A copy has the member that another copy chose. */
  isEntangled = false;
  readonly #plan: Plan;
  readonly #options: GrowthOptions;
  readonly #strands = new Map<string, Strand>();
  #strand: Strand;
  /** Within one packet the same group gives the same hash the same member. */
  readonly #hashed = new Map<string, { readonly chosen: Chosen; readonly strand: string }>();

  constructor(plan: Plan, options: GrowthOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#strand = this.#newStrand('', this.trace.events);
  }

  strand(key: string): Strand {
    return this.#strands.get(key) as Strand;
  }

  number(low: bigint, high: bigint, loc: Loc): bigint {
    return low === high ? low : this.#answer({ kind: 'random', low, high, loc });
  }

  entry<R>(table: Table<R>, values: readonly bigint[], nowNs: bigint, loc: Loc): Installed<R> | undefined {
    if (!this.#options.open.has(table.name)) return table.lookup(values, nowNs);
    const { entries, unknown } = table.possible();
    // The answer after the last entry is a miss.
    const entry = entries[Number(this.#answer({ kind: 'open-table', table: table.name, hits: entries.length, unknown, loc }))];
    return table.use(entry, nowNs);
  }

  member(table: string, profile: ActionProfile, group: number, hash: bigint | undefined, loc: Loc): Chosen | undefined {
    const candidates = profile.candidates(group);
    const byHash = hash === undefined ? undefined : profile.choose(group, hash);
    if (candidates.length <= 1) return byHash ?? candidates[0]?.chosen;
    const key = `${profile.name}/${group}/${hash}`;
    const before = hash === undefined ? undefined : this.#hashed.get(key);
    if (before) {
      if (!isWithin(this.#strand.key, before.strand)) this.isEntangled = true;
      return before.chosen;
    }
    const answer = this.#answer({ kind: 'group', table, profile: profile.name, group, candidates, byHash, loc });
    const { chosen, members } = candidates[Number(answer)] as Candidate;
    if (!byHash) return chosen;
    const hashed: Chosen = members.includes(byHash.member) ? byHash : { ...chosen, assumed: true };
    this.#hashed.set(key, { chosen: hashed, strand: this.#strand.key });
    return hashed;
  }

  copy(run: () => void): void {
    if (!this.#options.apart) {
      run();
      return;
    }
    const outer = this.#strand;
    const key = `${outer.key}/${outer.copies.length}`;
    outer.copies.push({ key, part: outer.questions.length });
    this.trace.apart((events) => {
      this.#strand = this.#newStrand(key, events);
      run();
      this.#strand = outer;
    });
  }

  #newStrand(key: string, events: TraceEvent[]): Strand {
    const strand = { key, questions: [], parts: [events], copies: [] };
    this.#strands.set(key, strand);
    return strand;
  }

  #answer(question: Question): bigint {
    const { key, questions, parts } = this.#strand;
    const planned = this.#plan.get(key)?.[questions.length];
    questions.push(question);
    parts.push(this.trace.split());
    return planned ?? firstAnswer(question);
  }
}
