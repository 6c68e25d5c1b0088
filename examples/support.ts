/** How the examples' demos print. */
import { styleText as style } from 'node:util';

/** Colour on a terminal only. */
export function styled(format: Parameters<typeof style>[0], text: string): string {
  return process.stdout.isTTY ? style(format, text) : text;
}

export const heading = (text: string): void => console.log(`\n${styled('bold', text)}\n`);

/** Rows under a head, with columns as wide as they need; numbers stand to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number | bigint)[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i] ?? '').length)));
  const cell = (value: string | number | bigint, i: number): string =>
    typeof value === 'string' ? value.padEnd(widths[i] ?? 0) : String(value).padStart(widths[i] ?? 0);
  const line = (cells: readonly string[]): void => console.log(`  ${cells.join('  ')}`.trimEnd());
  const numbers = head.map((_, i) => typeof rows[0]?.[i] !== 'string' && rows.length > 0);
  line(head.map((title, i) => (numbers[i] ? title.padStart(widths[i] ?? 0) : title.padEnd(widths[i] ?? 0))));
  line(widths.map((width) => '─'.repeat(width)));
  for (const row of rows) line(row.map(cell));
}

/** Waits for what happens beside; gives up after five seconds. */
export async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error('it did not happen within 5 seconds');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits until a controller in this process, which works beside, has nothing left to do; however long that takes. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}
