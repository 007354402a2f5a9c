import type { TextOutput } from './record-writer.js';

/** A {@link TextOutput} that collects texts into chunks. */
export interface BufferedOutput extends TextOutput {
  /** Resolves when all text so far is written; rejects with the first error. */
  flush(): Promise<void>;
}

// The default capacity of a pipe on Linux.
const CHUNK_LENGTH = 65_536;

/**
 * Collects texts up to 64 Ki characters or until the next turn of the event loop, so the rows of a page are written in a
 * few chunks and never wait for the next page. `writeChunk` is called for one chunk at a time, and not again after it
 * failed.
 */
export function bufferedOutput(writeChunk: (chunk: Buffer) => Promise<void>): BufferedOutput {
  let texts = '';
  let scheduled: NodeJS.Immediate | undefined;
  let hasFailed = false;
  let last: Promise<void> = Promise.resolve();

  const flush = () => {
    clearImmediate(scheduled);
    scheduled = undefined;
    if (texts === '') return last;
    const chunk = Buffer.from(texts);
    texts = '';
    last = last.then(() => writeChunk(chunk));
    // The next write or flush reports the error.
    last.catch(() => {
      hasFailed = true;
    });
    return last;
  };
  return {
    write(text) {
      texts += text;
      if (hasFailed || texts.length >= CHUNK_LENGTH) return flush();
      scheduled ??= setImmediate(flush);
      return undefined;
    },
    flush,
  };
}
