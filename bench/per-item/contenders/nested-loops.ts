import { double, isKept, isWanted, type Row, type Tasks, walk } from '../workload.js';

/** A synchronous loop over each page: no iterator hands out the items, so nothing can be faster. */
export const nestedLoops: Tasks = {
  pass: async (pages) => {
    let count = 0;
    for await (const page of walk(pages)) for (const row of page) if (row !== undefined) count++;
    return count;
  },
  steps: async (pages) => {
    let count = 0;
    for await (const page of walk(pages)) {
      for (const row of page) if (isKept(row) && isWanted(double(row))) count++;
    }
    return count;
  },
  pages: async (pages) => {
    let count = 0;
    for await (const page of walk(pages)) for (const row of page) if (row.id >= 0) count++;
    return count;
  },
  toArray: async (pages) => {
    const rows: Row[] = [];
    for await (const page of walk(pages)) for (const row of page) rows.push(row);
    return rows.length;
  },
};
