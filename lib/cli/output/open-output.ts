import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock } from '../../core/clock.js';
import { realPathOf } from '../../node/files/real-path.js';
import { CliError, fileError, usageError } from '../cli-error.js';
import type { UsersOptions } from '../options.js';
import { type BufferedOutput, bufferedOutput } from './buffered-output.js';
import { type OutputFile, openOutputFile } from './output-file.js';
import { type RedirectedFile, redirectedFile } from './redirected-file.js';

/** The destination of a command's records. */
export interface Output extends BufferedOutput {
  /** The regular file given with `--out`. */
  readonly file: OutputFile | undefined;
  /** The regular file that standard output was redirected to. */
  readonly redirected?: RedirectedFile | undefined;
  /** Throws a usage error if a later run cannot continue this output; absent if it can. */
  assertResumable?(): void;
  /** Flushes and makes the data durable; rejects with the first error. */
  sync(): Promise<void>;
  /** Closes the output without waiting for text that is not flushed yet. */
  close(): Promise<void>;
}

interface OpenOutputOptions extends Pick<UsersOptions, 'out' | 'resume'> {
  /** Ends the wait for another process that may be writing to the file, or for the reader of a named pipe. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the `--out` file or standard output; `beforeWrite` is called before each write to standard output. The file is
 * locked, with `--resume` only once the checkpoint is.
 */
export async function openOutput(options: OpenOutputOptions, beforeWrite: () => void): Promise<Output> {
  const { out, resume } = options;
  if (out === undefined) return openStandardOutput(beforeWrite);
  if (await isSpecial(out)) return openSpecialFile(options, out);
  if (resume !== undefined && (await isSameFile(resume, out))) {
    throw usageError('--resume and --out name the same file');
  }
  const file = await openOutputFile(out);
  try {
    if (resume === undefined) await claimEmpty(file, options, out);
  } catch (error) {
    await file.close();
    throw error;
  }
  const { write, flush, sync, close } = file;
  return { write, flush, sync, close, file };
}

/** Standard output; `beforeWrite` is called before each write. */
export function standardOutput(beforeWrite: () => void): BufferedOutput {
  return bufferedOutput(
    (chunk) =>
      new Promise((resolve, reject) => {
        beforeWrite();
        process.stdout.write(chunk, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
          else reject(new CliError(`cannot write to standard output: ${error.message}`, 1, error));
        });
      }),
  );
}

/** The reader of a pipe, such as `head`, has closed it. */
class OutputClosed extends CliError {
  constructor() {
    super('', 0);
  }
}

function openStandardOutput(beforeWrite: () => void): Output {
  const output = standardOutput(beforeWrite);
  const redirected = redirectedFile(process.stdout.fd);
  return {
    ...output,
    file: undefined,
    redirected,
    assertResumable() {
      if (redirected) return;
      throw usageError(
        '--resume needs an output that a later run can continue, and standard output is not a regular file: add --out FILE',
      );
    },
    async sync() {
      await output.flush();
      await redirected?.sync();
    },
    close: async () => {},
  };
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  // A folder that does not exist is reported when the file is opened.
  const [first, second] = await Promise.all(
    [one, other].map((path) => realPathOf(path).catch(() => undefined)),
  );
  return first !== undefined && first === second;
}

/** A file that is empty and stays so until this process writes to it. */
async function claimEmpty(file: OutputFile, { signal }: OpenOutputOptions, out: string): Promise<void> {
  assertEmpty(file, out);
  await file.lock({ onLocked: 'watch', signal });
  assertEmpty(file, out);
}

function assertEmpty({ bytes }: OutputFile, out: string): void {
  if (bytes > 0) throw usageError(`${out} is not empty: move it away, or name another file`);
}

/** Whether the path is a device or a pipe, which is written to directly. Folders are refused when they are opened. */
async function isSpecial(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

async function openSpecialFile({ resume, signal }: OpenOutputOptions, out: string): Promise<Output> {
  if (resume !== undefined) {
    throw usageError(`${out} is not a regular file, so --resume cannot continue it: name a regular file`);
  }
  const path = resolve(out);
  const attempt = <R>(verb: string, work: Promise<R>) =>
    work.catch((error: unknown) => {
      signal?.throwIfAborted();
      throw fileError(`cannot ${verb} ${path}`, path, error);
    });
  const file = await attempt('open', openThrough(path, signal));
  const output = bufferedOutput((chunk) => attempt('write', file.appendFile(chunk)));
  return {
    ...output,
    file: undefined,
    sync: output.flush,
    async close() {
      // The write that failed has already reported the error.
      await output.flush().catch(() => {});
      await attempt('close', file.close());
    },
  };
}

/** Opens a device or a pipe for writing. Node cannot end an open that waits for the reader of a named pipe. */
async function openThrough(path: string, signal: AbortSignal | undefined): Promise<FileHandle> {
  for (;;) {
    const probe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENXIO') throw error;
      },
    );
    if (!probe) {
      await systemClock.sleep(READER_POLL_MS, signal);
      continue;
    }
    try {
      // Its writes wait for the reader, those of the probe would fail.
      return await open(path, 'a');
    } finally {
      await probe.close();
    }
  }
}

// Short next to the start of a reader.
const READER_POLL_MS = 50;
