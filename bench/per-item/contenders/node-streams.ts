import { Readable } from 'node:stream';
import { double, drain, isKept, isWanted, type Pages, type Row, type Tasks, walk } from '../workload.js';

export const nodeStreams: Tasks = {
  pass: (pages) => drain(Readable.from(rowsOf(pages))),
  steps: (pages) => drain(Readable.from(rowsOf(pages)).filter(isKept).map(double).filter(isWanted)),
};

async function* rowsOf(pages: Pages): AsyncGenerator<Row> {
  for await (const page of walk(pages)) for (const row of page) yield row;
}
