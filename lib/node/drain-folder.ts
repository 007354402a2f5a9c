import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Destination } from '../core/destination.js';
import { DestinationFailed } from '../core/destination-failed.js';
import { PageturnError } from '../core/errors.js';
import type { Receipt } from '../core/receipt.js';
import { systemErrorOf } from '../core/system-error.js';
import { ndjson } from '../destinations/formats/index.js';
import { readRows } from './diff/read-rows.js';
import { file } from './file-destination.js';
import type { FileLock } from './files/file-lock.js';
import { lockFile } from './files/lock-file.js';
import { makeFolder } from './files/make-folder.js';
import { readText } from './files/read-text.js';
import { replaceFile } from './files/replace-file.js';
import { sweepTemporaryFiles } from './files/temporary-file.js';
import { verifyReceipt } from './verify-receipt.js';

/** What the checkpoint of a folder has. */
interface Checkpoint<R> {
  readonly pageturn: 'folder';
  readonly version: 1;
  /** What the drains are of, such as an instance. */
  readonly of: string;
  readonly startedAt: string;
  readonly done: Readonly<Record<string, R>>;
}

const CHECKPOINT = 'checkpoint.json';
const RECEIPT = 'receipt.json';
const ENDING = '.ndjson';

/**
 * Several drains into one folder, an NDJSON file each, as one job: one checkpoint records which of them are done, and
 * one receipt is written when all are. A run after a kill continues with the others, each from its spool.
 */
export class DrainFolder<R> {
  readonly path: string;
  readonly startedAt: string;
  /** What came of the drains that an earlier run has finished, by name. */
  readonly done: ReadonlyMap<string, R>;
  readonly #of: string;
  readonly #lock: FileLock;
  readonly #kept: Map<string, R>;
  /** The last save: they come one after the other. */
  #saving: Promise<void> = Promise.resolve();

  private constructor(path: string, { of, startedAt, done }: Checkpoint<R>, lock: FileLock) {
    this.path = path;
    this.startedAt = startedAt;
    this.done = new Map(Object.entries(done));
    this.#kept = new Map(this.done);
    this.#of = of;
    this.#lock = lock;
  }

  /**
   * Creates the folder, and locks it. Rejects with ERR_FILE_LOCKED while another run uses it, with ERR_CURSOR_MISMATCH for
   * an unfinished run of something else, and with ERR_CHECKPOINT_CORRUPT for a checkpoint that cannot be read.
   */
  static async open<R>(path: string, of: string, signal: AbortSignal | undefined): Promise<DrainFolder<R>> {
    const folder = resolve(path);
    await makeFolder(folder);
    const lock = await lockFile(
      join(folder, CHECKPOINT),
      { code: 'ERR_FILE_LOCKED', noun: 'folder', folder },
      { onLocked: 'watch', signal },
    );
    try {
      for (const name of [CHECKPOINT, RECEIPT]) await sweepTemporaryFiles(join(folder, name));
      const none = {
        pageturn: 'folder',
        version: 1,
        of,
        startedAt: new Date().toISOString(),
        done: {},
      } as const;
      const checkpoint = (await readCheckpoint<R>(join(folder, CHECKPOINT))) ?? none;
      if (checkpoint.of !== of) {
        throw new PageturnError(
          'ERR_CURSOR_MISMATCH',
          `${folder} has an unfinished run of something else; name another folder, or delete ${CHECKPOINT} and the spools in it to start over`,
        );
      }
      return new DrainFolder<R>(folder, checkpoint, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  destination(name: string): Destination<unknown> {
    return file(this.#fileOf(name), { format: ndjson() });
  }

  /** Whether a folder has something that the next run continues. */
  static isUnfinished(path: string): boolean {
    if (!existsSync(path) || !statSync(path).isDirectory()) return false;
    return readdirSync(path).some((name) => name === CHECKPOINT || name.endsWith(`${ENDING}.spool`));
  }

  /** Whether the file of a drain still is what its receipt says: it may have been removed or changed since. */
  async isWhole(name: string, receipt: Receipt | undefined): Promise<boolean> {
    return (await verifyReceipt(receipt, { path: this.#fileOf(name) })).matches;
  }

  /** What a finished drain has written: objects, in their order. */
  rows(name: string): AsyncIterable<object> {
    return readRows(this.#fileOf(name));
  }

  /** Drops what an unfinished drain has written. */
  async discard(name: string): Promise<void> {
    await rm(`${this.#fileOf(name)}.spool`, { force: true });
  }

  /** Notes that a drain is done: the next run does not repeat it. Rejects with ERR_DESTINATION_FAILED for a full disk. */
  async keep(name: string, result: R): Promise<void> {
    this.#kept.set(name, result);
    this.#saving = this.#saving.then(() => this.#write(CHECKPOINT, this.#checkpoint));
    await this.#saving;
  }

  /** Writes the receipt, and forgets the run. Rejects as {@link keep} does. */
  async finish(receipt: object): Promise<void> {
    await this.#write(RECEIPT, receipt);
    const checkpoint = join(this.path, CHECKPOINT);
    await attempt('remove', checkpoint, () => rm(checkpoint, { force: true }));
  }

  async close(): Promise<void> {
    await this.#saving.catch(() => {});
    await this.#lock.release();
  }

  #fileOf(name: string): string {
    return join(this.path, name + ENDING);
  }

  get #checkpoint(): Checkpoint<R> {
    const done = Object.fromEntries(this.#kept);
    return { pageturn: 'folder', version: 1, of: this.#of, startedAt: this.startedAt, done };
  }

  async #write(name: string, value: object): Promise<void> {
    const text = `${JSON.stringify(value, undefined, 2)}\n`;
    const path = join(this.path, name);
    const mayPublish = () => this.#lock.assertHeld();
    await attempt('write', path, () => replaceFile(path, (target) => target.writeFile(text), mayPublish));
  }
}

/** As the drain into a file of the folder would fail. */
async function attempt(what: string, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const isOfSystem = systemErrorOf(cause).code !== undefined;
    throw isOfSystem && !(cause instanceof PageturnError)
      ? new DestinationFailed(`${what} ${path}`, { cause })
      : cause;
  }
}

/** Undefined if there is none. */
async function readCheckpoint<R>(path: string): Promise<Checkpoint<R> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const checkpoint = parseCheckpoint<R>(text);
  if (checkpoint) return checkpoint;
  throw new PageturnError(
    'ERR_CHECKPOINT_CORRUPT',
    `${path} is not the checkpoint of an unfinished run; restore it, or delete it to start over`,
  );
}

function parseCheckpoint<R>(text: string): Checkpoint<R> | undefined {
  try {
    const checkpoint: Checkpoint<R> = Object(JSON.parse(text));
    return checkpoint.pageturn === 'folder' && checkpoint.version === 1 ? checkpoint : undefined;
  } catch {
    return undefined;
  }
}
