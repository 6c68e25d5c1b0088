/** Repeated measurements. */

export interface Measured {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Measures `runs` times, an odd number, after a first time that does not count. */
export async function measure(runs: number, once: () => Promise<number>): Promise<Measured> {
  await once();
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await once());
  return spread(values);
}

/** Of an odd number of values. */
export function spread(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] as number, least: sorted[0] as number, most: sorted.at(-1) as number };
}

/** Rows with columns of equal width, numbers (all but the first column) at the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join('  '))
    .join('\n');
}

export const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** For a table. */
export const columns = ({ median, least, most }: Measured): string[] => [median, least, most].map(number);
