/** Runs the statements of an STF file on a simulated switch, in their order, and compares what comes out. */

import { expectArguments } from '../../compiler/dsl/arguments.js';
import { fromHex, toHex } from '../../compiler/support/bytes.js';
import { type Diagnostic, DiagnosticError, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import { P4RuntimeError } from '../client/errors.js';
import { checkedProgram } from '../client/open.js';
import { type SimulatedSwitch, startSimulation } from '../client/simulate.js';
import type { AnyPipeline } from '../client/types.js';
import type { Trace } from '../data-plane/trace.js';
import type { Statement } from './ast.js';
import { Control } from './control.js';
import { difference } from './match.js';
import { untranslated } from './untranslated.js';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A statement of a test that was not as expected. */
export interface StfFailure {
  readonly diagnostic: Diagnostic;
  /** Of the packet that the failure is about. */
  readonly trace?: Trace;
}
/** What came of a test in STF. */
export interface StfReport {
  /** That were sent. */
  readonly packets: number;
  /** That were expected. */
  readonly expected: number;
  readonly failures: readonly StfFailure[];
  /** What the file asks to be shown: cells of registers, counters and meters. */
  readonly shown: readonly string[];
}

/** `statements` are of one file; the switch is new. */
export async function runStf(given: AnyPipeline, statements: readonly Statement[]): Promise<StfReport> {
  expectArguments('runStf', { pipeline: 'anything', statements: { kind: 'list', each: { kind: 'text' } } }, [given, statements]);
  const loc = captureLocation();
  const { sw, byName } = await startSimulation(untranslated(checkedProgram(given, 'runStf()', loc)), {}, loc);
  try {
    return await new Run(sw, new Control(byName), statements).all();
  } finally {
    await sw.close();
  }
}

interface Sent {
  readonly hex: string;
  readonly trace: Trace;
}

class Run {
  readonly #sw: SimulatedSwitch<AnyPipeline>;
  readonly #control: Control;
  readonly #statements: readonly Statement[];
  /** Of ports that the file does not name, nothing is known: what comes out there is not looked at. */
  readonly #ports: ReadonlySet<number>;
  readonly #sent = new Map<number, Sent[]>();
  readonly #failures: StfFailure[] = [];
  /** Of the packet before. */
  #last: { readonly trace: Trace; readonly outputs: number } | undefined;
  #packets = 0;

  constructor(sw: SimulatedSwitch<AnyPipeline>, control: Control, statements: readonly Statement[]) {
    this.#sw = sw;
    this.#control = control;
    this.#statements = statements;
    this.#ports = new Set(statements.flatMap((s) => (s.kind === 'packet' || s.kind === 'expect' ? [Number(s.port.text)] : [])));
  }

  async all(): Promise<StfReport> {
    for (const statement of this.#statements) {
      try {
        await this.#run(statement);
      } catch (error) {
        this.#failed(error, statement);
      }
    }
    const expects = this.#statements.filter((s) => s.kind === 'expect');
    for (const port of this.#ports) {
      const ofPort = expects.filter((e) => Number(e.port.text) === port);
      this.#compare(port, ofPort);
    }
    return { packets: this.#packets, expected: expects.length, failures: this.#failures, shown: this.#control.shown };
  }

  async #run(statement: Statement): Promise<void> {
    switch (statement.kind) {
      case 'packet':
        return this.#packet(statement);
      case 'add':
        return this.#control.add(statement);
      case 'default':
        return this.#control.setDefault(statement);
      case 'remove-all':
        return this.#control.removeAll();
      case 'check-counter':
        return this.#control.checkCounter(statement);
      case 'command':
        return this.#control.command(statement);
      case 'no-packet':
        if (this.#last?.outputs) fail('stf-unexpected', { count: this.#last.outputs }, { loc: statement.loc });
        return;
      default:
        // `expect` is looked at when all packets have been sent; for `wait`, nothing is on its way any more.
        return;
    }
  }

  #failed(error: unknown, { loc }: Statement): void {
    if (error instanceof P4RuntimeError) {
      this.#failures.push({ diagnostic: diagnostic('entry-refused', { why: error.message.replace(/\.$/, '') }, { loc }) });
    } else if (error instanceof DiagnosticError) {
      const trace = error.diagnostics.some((d) => d.code === 'stf-counter' || d.code === 'stf-unexpected') ? this.#last?.trace : undefined;
      // What the client finds is at the call of the client, not in the file.
      const inFile = error.diagnostics.map((one) => (one.loc.file === loc.file ? one : { ...one, loc }));
      this.#failures.push(...inFile.map((one) => ({ diagnostic: one, ...(trace ? { trace } : {}) })));
    } else throw error;
  }

  async #packet({ port, hex, loc }: Of<'packet'>): Promise<void> {
    if (hex.includes('*')) fail('bad-packet-hex', { reason: 'only packets that are expected have "*"' }, { loc });
    if (hex.length % 2 === 1) fail('bad-packet-hex', { reason: `it has ${hex.length} digits, and each byte needs two` }, { loc });
    const { outputs, toController, trace } = await this.#sw.sendTraced(Number(port.text), fromHex(hex));
    // To STF the controller's port is a port.
    const seen = [...outputs, ...toController].filter((output) => this.#ports.has(output.port));
    for (const output of seen) {
      const sent = { hex: toHex(output.packet), trace };
      this.#sent.set(output.port, [...(this.#sent.get(output.port) ?? []), sent]);
    }
    this.#last = { trace, outputs: seen.length };
    this.#packets++;
  }

  /** In the order of their coming, each port for itself. */
  #compare(port: number, expects: readonly Of<'expect'>[]): void {
    const sent = this.#sent.get(port) ?? [];
    const fails = (one: Diagnostic, trace: Trace | undefined): void =>
      void this.#failures.push({ diagnostic: one, ...(trace ? { trace } : {}) });
    for (const [i, expect] of expects.entries()) {
      const { loc } = expect;
      const got = sent[i];
      if (!got) {
        fails(diagnostic('stf-missing', { port, got: sent.length, expected: expects.length }, { loc }), this.#last?.trace);
        break;
      }
      const problem = difference(expect, got.hex);
      if (problem) fails(diagnostic('stf-differs', { port, problem, got: got.hex, expected: expect.hex }, { loc }), got.trace);
    }
    const loc = (expects.at(-1) ?? this.#statements.findLast((s) => s.kind === 'packet'))?.loc;
    for (const extra of sent.slice(expects.length)) {
      fails(diagnostic('stf-extra', { port, got: extra.hex, expected: expects.length }, loc ? { loc } : {}), extra.trace);
    }
  }
}
