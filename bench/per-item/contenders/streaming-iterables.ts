import { filter, flatten, map, pipeline } from 'streaming-iterables';
import { double, drain, isKept, isWanted, type Tasks, walk } from '../workload.js';

export const streamingIterables: Tasks = {
  pass: (pages) => drain(flatten(walk(pages))),
  steps: (pages) =>
    drain(pipeline(() => flatten(walk(pages)), filter(isKept), map(double), filter(isWanted))),
};
