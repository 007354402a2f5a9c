import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  Job,
  OpenedDestination,
  Published,
} from '../core/destination.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { fencedError } from '../core/fenced-error.js';
import { assertFormat, type Format } from '../destinations/formats/format.js';
import { sweepTemporaryFiles } from './files/temporary-file.js';
import { publishFile, writeThrough } from './spool/publish-file.js';
import { Spool } from './spool/spool.js';
import { sha256OfFile, type TargetFile, targetFile } from './spool/target-file.js';

/** Options of `file`. */
export interface FileOptions<T> {
  /** How the rows are written: `csv()`, `ndjson()`, `json()`. */
  readonly format: Format<T>;
  /** Whether an existing file is replaced. Default true. */
  readonly overwrite?: boolean | undefined;
}

/**
 * A file that always holds a whole listing, the new one or the previous one: a destination for `Listing.drainTo` that
 * writes each row once. Rows are kept next to it, in `<path>.spool`, as they were delivered, until all have arrived;
 * then they are written in the format and replace the file in one step. Run the same drain again to resume an
 * unfinished one; delete the spool to discard it.
 *
 * A new file can be read by its owner only (mode 0600); one that is replaced keeps its mode. A symbolic link is followed.
 * A pipe or a device is written at the end, and cannot be resumed: the receipt says `writtenThrough`.
 * A drain rejects with ERR_FILE_LOCKED while another one writes the file, with ERR_FILE_CHANGED if its spool is tampered
 * with, and with ERR_DESTINATION_FAILED for errors of the file system.
 *
 * @example
 * const receipt = await users.drainTo(file('users.csv', { format: csv() }));
 */
export function file<T>(path: string, options: FileOptions<T>): Destination<T> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  assertKnownOptions('options of file', options, ['format', 'overwrite']);
  const { format, overwrite = true } = options;
  assertFormat(format);
  assertBoolean('overwrite', overwrite);
  return new FileDestination(path, format, overwrite);
}

/** The state between `open` and `close`. */
interface OpenFile {
  readonly target: TargetFile;
  readonly spool: Spool;
  readonly fence: number;
  readonly signal: AbortSignal;
  /** The folder of the spool, if it is for this run only. */
  readonly folder: string | undefined;
}

class FileDestination<T> implements Destination<T> {
  readonly promises = 'exactly-once';
  readonly target: string;
  readonly #format: Format<T>;
  readonly #overwrite: boolean;
  #open: OpenFile | undefined;

  constructor(path: string, format: Format<T>, overwrite: boolean) {
    this.target = path;
    this.#format = format;
    this.#overwrite = overwrite;
  }

  async open(_job: Job, { signal }: { readonly signal: AbortSignal }): Promise<OpenedDestination> {
    const target = await targetFile(this.target);
    if (target.exists && !target.isSpecial && !this.#overwrite) throw this.#taken();
    await this.#format.prepare?.();
    const folder = target.isSpecial ? await mkdtemp(join(tmpdir(), 'pageturn-')) : undefined;
    const spool = await Spool.open(folder ? join(folder, 'spool') : `${target.path}.spool`, { signal });
    try {
      if (!target.isSpecial) await sweepTemporaryFiles(target.path);
      // The process died after it had published and before it could remove the spool.
      const { publishing } = spool.last ?? {};
      if (publishing?.sha256 && publishing.sha256 === (await sha256OfFile(target.path))) {
        await spool.startOver();
      }
      const fence = spool.nextFence;
      this.#open = { target, spool, fence, signal, folder };
      return { fence, position: spool.last?.position };
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  async write(rows: readonly T[], position: DrainPosition): Promise<void> {
    await this.#opened(position).spool.write(rows, position);
  }

  async startOver(position: DrainPosition): Promise<void> {
    await this.#opened(position).spool.startOver(position);
  }

  async finish(end: DrainEnd): Promise<Published> {
    const { target, spool, signal } = this.#opened(end);
    return spool.publish(this.#format, (bytes) =>
      target.isSpecial
        ? writeThrough(target.path, bytes, signal)
        : publishFile(target.path, bytes, {
            mode: target.mode,
            overwrite: this.#overwrite,
            signal,
            beforePublishing: (one) => spool.notePublishing(one),
          }),
    );
  }

  async close(): Promise<void> {
    const { spool, folder } = this.#open ?? {};
    this.#open = undefined;
    await spool?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  }

  #opened({ fence }: Pick<DrainPosition, 'fence'>): OpenFile {
    if (this.#open?.fence === fence) return this.#open;
    throw fencedError(this.target);
  }

  #taken(): PageturnError {
    return new PageturnError(
      'ERR_DESTINATION_FAILED',
      `${this.target} exists and overwrite is false; move it away, or name another file`,
    );
  }
}
