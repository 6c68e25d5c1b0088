/** What an STF file does to the control plane of a simulated switch: entries, counters, meters and registers by their names. */
import { plainForm } from '../../compiler/control/data.js';
import type { ActionSchema, ControlObject, Objects, TableSchema } from '../../compiler/control/schema.js';
import { callOf } from '../../compiler/dsl/handles.js';
import type { BitType } from '../../compiler/dsl/surface.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Word } from '../../compiler/support/line-parser.js';
import type { SwitchByName } from '../client/by-name.js';
import type { CounterHandle } from '../client/counter.js';
import { keyOf } from '../client/difference.js';
import { type EntryInput, encodeKey } from '../client/entry.js';
import type { MeterHandle } from '../client/meter.js';
import type { RegisterHandle } from '../client/register.js';
import type { Call, Comparison, Given, Statement } from './ast.js';
import { everything, fieldValue, keyValue, omitted } from './match.js';
import { resolveKey, resolveWord } from './names.js';
import { Copies } from './replication.js';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

interface NamedEntry {
  readonly table: TableSchema;
  readonly input: EntryInput;
}

/** What is wrong throws a DiagnosticError; what the switch refuses, a P4RuntimeError. */
export class Control {
  /** What the file asks to be shown. */
  readonly shown: string[] = [];
  readonly #sw: SwitchByName;
  readonly #copies: Copies;
  readonly #entries = new Map<string, NamedEntry>();

  constructor(sw: SwitchByName) {
    this.#sw = sw;
    this.#copies = new Copies(sw);
  }

  async setDefault({ table: name, action }: Of<'default'>): Promise<void> {
    const table = this.#table(name);
    await this.#sw.table(table).setDefault(this.#action(action, table));
  }

  async removeAll(): Promise<void> {
    for (const table of this.#sw.schema.tables.values()) await this.#clear(table);
  }

  async add({ table: name, priority, match, action, name: entryName }: Of<'add'>): Promise<void> {
    const table = this.#table(name);
    const input = {
      match: this.#match(match, table),
      // Without one, all entries are as good; P4Runtime has no priority 0.
      ...(table.needsPriority ? { priority: Number(priority?.text ?? 0) + 1 } : {}),
      action: this.#action(action, table),
    };
    await this.#sw.table(table).insert(input);
    if (entryName) this.#entries.set(entryName.text.replace(/^\$/, ''), { table, input });
  }

  #match(given: readonly Given[], table: TableSchema): Record<string, unknown> {
    const at = `table ${table.name}`;
    const match: Record<string, unknown> = {};
    for (const one of given) {
      const key = resolveKey(one.name, table.keys, at);
      const value = keyValue(one, key);
      if (value === undefined)
        fail('entry-value', { at: `${at}, key ${key.name}`, problem: `${one.value.text} is not one value` }, { loc: one.value.loc });
      if (value !== everything) match[key.name] = value;
    }
    for (const key of table.keys) match[key.name] ??= omitted(key);
    return match;
  }

  #action({ name, args }: Call, table: TableSchema): object {
    const at = `table ${table.name}`;
    const actions = [...table.actions.values()].map((ref): ActionSchema => ref.action);
    const action = resolveWord('action', name, actions, at);
    const values = args.map((arg) => {
      const param = resolveWord('parameter', arg.name, action.params, `action ${action.name}`);
      return [param.name, fieldValue(arg.value.text, param)] as const;
    });
    return callOf(action.name, Object.fromEntries(values), {});
  }

  async checkCounter(statement: Of<'check-counter'>): Promise<void> {
    const { counter, index, check = { unit: 'packets', comparison: '==', value: { text: '0', loc: counter.loc } } } = statement;
    const got = (await this.#counted(counter, index))[check.unit];
    const value = BigInt(check.value.text);
    if (!comparisons[check.comparison](got, value)) {
      const { unit, comparison } = check;
      fail('stf-counter', { counter: `${counter.text}(${index.text})`, unit, got, comparison, value }, { loc: statement.loc });
    }
  }

  /** A cell of a counter, or the counter of an entry that has a name. */
  async #counted(counter: Word, index: Word): Promise<{ readonly packets: bigint; readonly bytes: bigint }> {
    const name = index.text.replace(/^\$/, '');
    if (/^\d/.test(name)) return this.#counter(counter).read(Number(name));
    const entry = this.#entries.get(name);
    if (!entry) return fail('entry-unknown', { at: 'the file', what: 'entry', name, suggestion: undefined }, { loc: index.loc });
    const key = (input: EntryInput): string => keyOf({ table_entry: encodeKey(entry.table, input, index.loc) });
    for await (const found of this.#sw.table(entry.table).entries()) {
      if (found.counter && key(found) === key(entry.input)) return found.counter;
    }
    return fail('stf-no-counter', { table: entry.table.name }, { loc: counter.loc });
  }

  async command(statement: Of<'command'>): Promise<void> {
    const { command, target, args, rates, loc } = statement;
    const numbers = args.map((arg) => Number(arg.text));
    if (await this.#copies.command(command, numbers, loc)) return;
    if (!target) return fail('stf-command', { command }, { loc });
    const show = (value: unknown): void => void this.shown.push(`${command} ${[target, ...args].map((w) => w.text).join(' ')}: ${value}`);
    const [index = 0, value = 0, bytes = 0] = numbers;
    switch (command) {
      case 'counter_read': {
        const found = await this.#counter(target).read(index);
        return show(`${found.packets} packets, ${found.bytes} bytes`);
      }
      case 'counter_write':
        return this.#counter(target).set(index, { packets: BigInt(value), bytes: BigInt(bytes) });
      case 'register_read': {
        const cells = args.length > 0 ? [await this.#register(target).read(index)] : await this.#register(target).readAll();
        return show(cells.join(', '));
      }
      case 'register_write':
        return this.#register(target).write(index, BigInt(args[1]?.text ?? 0));
      case 'register_reset':
        for (const i of (await this.#register(target).readAll()).keys()) await this.#register(target).write(i, 0n);
        return;
      case 'meter_get_rates': {
        const found = await this.#meter(target).read(index);
        return show(found ? `${found.cir}/s burst ${found.cburst}, ${found.pir}/s burst ${found.pburst}` : 'not configured');
      }
      default: {
        const [committed, peak = committed] = rates;
        if (!committed || !peak) return fail('stf-command', { command }, { loc });
        const perSecond = (rate: Word): bigint => BigInt(Math.round(Number(rate.text) * 1e6));
        const config = {
          cir: perSecond(committed.rate),
          cburst: BigInt(committed.burst.text),
          pir: perSecond(peak.rate),
          pburst: BigInt(peak.burst.text),
        };
        return this.#meter(target).set(command === 'meter_set_rates' ? index : undefined, config);
      }
    }
  }

  async #clear(table: TableSchema): Promise<void> {
    const handle = this.#sw.table(table);
    const entries: EntryInput[] = [];
    for await (const { match, priority } of handle.entries()) entries.push({ match, ...(priority ? { priority } : {}) });
    await handle.delete(...entries);
  }

  #find<T extends ControlObject>(among: Objects<T>, name: Word): T {
    return resolveWord(among.kind, name, [...among.values()], 'the program');
  }
  #table(name: Word): TableSchema {
    return this.#find(this.#sw.schema.tables, name);
  }
  #counter(name: Word): CounterHandle {
    return this.#sw.counter(this.#find(this.#sw.schema.counters, name));
  }
  #meter(name: Word): MeterHandle {
    return this.#sw.meter(this.#find(this.#sw.schema.meters, name));
  }
  /** Whatever its cells are, STF sees their bits. */
  #register(name: Word): RegisterHandle<BitType<typeof maxBits, 'num'>> {
    const { packed: _, ...register } = this.#find(this.#sw.schema.registers, name);
    return this.#sw.register({ ...register, cell: { kind: 'bitstring', ...plainForm(maxBits) } });
  }
}

const maxBits = 2048;

const comparisons: Readonly<Record<Comparison, (a: bigint, b: bigint) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
