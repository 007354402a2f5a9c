import { printable } from './printable.js';
import type { Sink, TextOutput } from './sink.js';

export interface Column<T> {
  readonly title: string;
  /** Characters its values have; longer ones push the rest of their row aside. The last column needs none. */
  readonly width?: number;
  readonly value: (record: T) => string;
}

/**
 * Rows under a header. They are written as they come, so the columns have fixed widths; the one whose length nobody
 * knows, with the scripts that take more or less room than they have characters, goes last.
 */
export function tableSink<T>(output: TextOutput, columns: readonly Column<T>[]): Sink<T> {
  const row = (cells: readonly string[]) =>
    `${cells.map((cell, nth) => printable(cell).padEnd(columns[nth]?.width ?? 0)).join('  ')}\n`;
  const header = row(columns.map(({ title }) => title));
  let isBegun = false;
  return {
    write(record) {
      const text = row(columns.map(({ value }) => value(record)));
      if (isBegun) return output.write(text);
      isBegun = true;
      return output.write(header + text);
    },
    end: () => (isBegun ? undefined : output.write(header)),
  };
}
