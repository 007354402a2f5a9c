import type { TextOutput } from './sink.js';

/** A {@link TextOutput} that gathers texts, and can be waited for. */
export interface BufferedOutput extends TextOutput {
  /** Resolves when everything taken so far was written; rejects with the first error there was. */
  flush(): Promise<void>;
}

// What a pipe takes at once on Linux.
const LOT_LENGTH = 65_536;

/**
 * Gathers texts until there are 64 Ki characters of them, or until the event loop turns: the rows of a page leave in a
 * few writes, and none waits for the next page. `writeLot` is called for one lot after the other, and never again once
 * it failed.
 */
export function bufferedOutput(writeLot: (lot: Buffer) => Promise<void>): BufferedOutput {
  let texts = '';
  let scheduled: NodeJS.Immediate | undefined;
  let hasFailed = false;
  let last: Promise<void> = Promise.resolve();

  const flush = () => {
    clearImmediate(scheduled);
    scheduled = undefined;
    if (texts === '') return last;
    const lot = Buffer.from(texts);
    texts = '';
    last = last.then(() => writeLot(lot));
    // Whoever writes or flushes next is told.
    last.catch(() => {
      hasFailed = true;
    });
    return last;
  };
  return {
    write(text) {
      texts += text;
      if (hasFailed || texts.length >= LOT_LENGTH) return flush();
      scheduled ??= setImmediate(flush);
      return undefined;
    },
    flush,
  };
}
