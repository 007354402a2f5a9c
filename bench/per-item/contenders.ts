import type { Tasks } from './workload.js';

/** Each way of reading pages, loaded on its own: what one imports must not be in the process of another. */
export const contenders: Record<string, () => Promise<Tasks>> = {
  'nested loops': async () => (await import('./contenders/nested-loops.js')).nestedLoops,
  'hand-written iterator': async () =>
    (await import('./contenders/hand-written-iterator.js')).handWrittenIterator,
  'async generators': async () => (await import('./contenders/async-generators.js')).asyncGenerators,
  pageturn: async () => (await import('./contenders/pageturn.js')).pageturn,
  'pageturn, three operators': async () => (await import('./contenders/pageturn.js')).pageturnThreeOperators,
  'pageturn through ix': async () => (await import('./contenders/ix.js')).pageturnThroughIx,
  ix: async () => (await import('./contenders/ix.js')).ix,
  'streaming-iterables': async () => (await import('./contenders/streaming-iterables.js')).streamingIterables,
  'Node streams': async () => (await import('./contenders/node-streams.js')).nodeStreams,
};
