import { assertSignal } from './abort.js';
import { assertKnownOptions } from './assert-known-options.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Cursor } from './cursor-shape.js';
import { invalidArgument } from './errors.js';

/** Wraps a store: its methods reject with ERR_INVALID_ARGUMENT for what is not a key, or not an option of `lock`. */
export function checkedStore<C extends Cursor>(
  store: Required<CheckpointStore<C>>,
): Required<CheckpointStore<C>> {
  return {
    async load(key) {
      assertKey(key);
      return store.load(key);
    },
    async save(key, cursor) {
      assertKey(key);
      return store.save(key, cursor);
    },
    async clear(key) {
      assertKey(key);
      return store.clear(key);
    },
    async lock(key, options = {}) {
      assertKey(key);
      assertKnownOptions('options of lock', options, ['signal']);
      assertSignal(options.signal);
      return store.lock(key, options);
    },
  };
}

function assertKey(key: unknown): void {
  if (typeof key !== 'string') throw invalidArgument('the key of a checkpoint', 'a string', key);
}
