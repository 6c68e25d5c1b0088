/**
 * What people read of types. To the mistakes that they make, tsc's messages in whole: the files of `mistakes` have the
 * mistakes, each below a comment that begins with `mistake:`, and the texts beside them have the messages, whose first
 * lines name the user's things. And what an editor shows where people ask it what to write: values, not the types that
 * they are computed from.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { typeChecker } from '../support/type-checker.js';

const file = (name: string): string => `test/types/mistakes/${name}.ts`;
const names = ['pipeline', 'controller', 'p4-controller'];
/** A program of many files, with its controller and its tests. */
const fabric = (readdirSync('examples/fabric', { recursive: true }) as string[]).flatMap((name) =>
  name.endsWith('.ts') ? [`examples/fabric/${name.replaceAll('\\', '/')}`] : [],
);
const checker = typeChecker([...names.map(file), ...fabric]);

test.each(names)('tsc says what is wrong with each mistake of %s.ts', async (name) => {
  const lines = readFileSync(file(name), 'utf8').split('\n');
  const titles = lines.flatMap((line, index) => {
    const title = /\/\/ mistake: (.*)/.exec(line)?.[1];
    return title === undefined ? [] : [{ title, line: index }];
  });
  const errors = checker.errors(file(name));
  const messages = titles.map(({ title, line }, i) => {
    const own = errors.filter((error) => error.line > line && error.line < (titles[i + 1]?.line ?? lines.length));
    return { title, text: own.map(({ text }) => text).join('\n') };
  });
  expect(messages.filter(({ text }) => text === '')).toEqual([]);
  expect(errors.filter(({ line }) => line < (titles[0]?.line ?? 0))).toEqual([]);
  await expect(messages.map(({ title, text }) => `── ${title}\n${text}\n`).join('\n')).toMatchFileSnapshot(`./mistakes/${name}.txt`);
});

test('the types of a pipeline with one of everything stay cheap to check', () => {
  // tsc counts; it is some 24,000 of them. Types that grow with each other multiply this.
  expect(checker.instantiations()).toBeLessThan(40_000);
});

test('so do those of two platforms with 30 tables, in many files', () => {
  const before = checker.instantiations();
  for (const path of fabric) expect(checker.errors(path)).toEqual([]);
  // Some 50,000, the controller, the entries and the tests included.
  expect(checker.instantiations() - before).toBeLessThan(70_000);
});

test('insert shows the keys and actions of its table', () => {
  expect(checker.hover(file('controller'), 'insert({ match: { src: ')).toMatchInlineSnapshot(`
    "(method) TableHandle<NoInfer<{ readonly dst: Key<"lpm", BitType<32, "ipv4">>; }>, "forward" | "drop", "direct">.insert(...entries: ({
        readonly match: {
            readonly dst: \`\${number}.\${number}.\${number}.\${number}/\${number}\`;
        };
        readonly action: ActionCall<"forward" | "drop">;
        readonly priority?: Refused<"only tables with a ternary, range or optional key have priorities"> | undefined;
    } & EntryOptions)[]): Promise<void>"
  `);
  expect(checker.hover(file('controller'), "insert({ match: { src: '10.0.0.0/8' }, priority")).toMatchInlineSnapshot(`
    "(method) TableHandle<NoInfer<{ readonly src: Key<"ternary", BitType<32, "ipv4">>; readonly protocol: Key<"optional", BitType<8, "num">>; readonly ttl: Key<"range", BitType<8, "num">>; }>, "drop" | "count", "direct">.insert(...entries: ({
        readonly match: {
            readonly src?: number | \`\${number}.\${number}.\${number}.\${number}\` | {
                readonly value: number | \`\${number}.\${number}.\${number}.\${number}\`;
                readonly mask: number | \`\${number}.\${number}.\${number}.\${number}\`;
            } | undefined;
            readonly protocol?: number | bigint | undefined;
            readonly ttl?: {
                readonly low: number | bigint;
                readonly high: number | bigint;
            } | undefined;
        };
        readonly action: ActionCall<"drop" | "count">;
        readonly priority: number;
    } & EntryOptions)[]): Promise<void>"
  `);
});

test('an action shows the values that its parameters take', () => {
  expect(checker.hover(file('controller'), 'forward({ port: 1 })')).toMatchInlineSnapshot(`
    "const forward: Action
    (args: {
        readonly port: number | bigint;
        readonly dstMac: bigint | \`\${string}:\${string}\`;
    }) => ActionCall<"forward">"
  `);
  expect(checker.hover(file('controller'), 'drop({')).toMatchInlineSnapshot(`
    "const drop: Action
    () => ActionCall<"drop">"
  `);
});

test('statements show what the values beside them may be', () => {
  expect(checker.hover(file('pipeline'), 'set(hdr.ipv4.ttl, hdr.ethernet.dst)')).toMatchInlineSnapshot(
    `"(method) Statements.set<Field<8, "num">>(target: Field<8, "num">, value: number | bigint | Expr<8>): void"`,
  );
  expect(checker.hover(file('pipeline'), 'toController(')).toMatchInlineSnapshot(`
    "(method) IngressBody<{ readonly ingressPort: BitType<9, "port">; }>.toController(metadata: {
        readonly ingressPort: number | bigint | Expr<9>;
    }): void"
  `);
  expect(checker.hover(file('pipeline'), 'when(0x0800')).toMatchInlineSnapshot(
    `"(method) Select<"ipv4" | "start" | "accept" | "reject", readonly [Field<16, "num">]>.when(value: number | bigint | "_" | Masked<number | bigint> | Between<number | bigint> | ValueSet<16>, state: "ipv4" | "start" | "accept" | "reject"): Select<"ipv4" | "start" | "accept" | "reject", readonly [Field<16, "num">]>"`,
  );
  expect(checker.hover(file('pipeline'), 'hdr.ethernet.dst);', 13)).toMatchInlineSnapshot(`"(property) dst: AddressField<48, "mac">"`);
});
