import {
  double,
  drain,
  expand,
  isKept,
  isWanted,
  type Pages,
  type Row,
  type Tasks,
  walk,
} from '../workload.js';

/** What most programs do: one generator over the pages, and one more for each operator. */
export const asyncGenerators: Tasks = {
  pass: (pages) => drain(rowsOf(pages)),
  steps: (pages) => drain(filter(map(filter(rowsOf(pages), isKept), double), isWanted)),
  flatMap: (pages) => drain(valuesOf(pages)),
};

async function* rowsOf(pages: Pages): AsyncGenerator<Row> {
  for await (const page of walk(pages)) for (const row of page) yield row;
}

async function* valuesOf(pages: Pages): AsyncGenerator<number> {
  for await (const page of walk(pages)) for (const row of page) for (const value of expand(row)) yield value;
}

async function* filter<T>(values: AsyncIterable<T>, isGood: (value: T) => boolean): AsyncGenerator<T> {
  for await (const value of values) if (isGood(value)) yield value;
}

async function* map<T, R>(values: AsyncIterable<T>, mapper: (value: T) => R): AsyncGenerator<R> {
  for await (const value of values) yield mapper(value);
}
