import { type FileHandle, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PageturnError } from '../../core/errors.js';
import { fileChanged } from './file-changed.js';
import type { FileLock } from './file-lock.js';
import { digestOfTail, extendTail, type FileTail, fillsTail, readTail } from './file-tail.js';
import type { LockOptions } from './lock-attempt.js';
import { lockFile } from './lock-file.js';
import { type OpenedFile, openForAppend } from './open-for-append.js';
import { sha256Of } from './sha256-of.js';
import { sizeInPlace } from './size-in-place.js';
import { syncFolder } from './sync-folder.js';

/** The end of an appended file, as plain JSON: saved with a cursor, it says which bytes belong to it. */
export interface FilePosition {
  /** The size of the file. */
  readonly bytes: number;
  /** A digest of its last 128 KiB up to there. */
  readonly tail: string;
}

/** A position whose tail may be unknown; then only the size is compared. */
export type KnownPosition = Pick<FilePosition, 'bytes'> & { readonly tail?: string | undefined };

/**
 * A file that one process appends to and that is cut back to its last position when the work is resumed. It verifies
 * instead of assuming: before anything is appended, and before a position is given out, the
 * file must still be at its path, be the one that was opened, and have the size and the last bytes that were written.
 *
 * Rejects with ERR_FILE_CHANGED if it is not, with ERR_FILE_LOCKED if another process appends to it, and with the file
 * system's errors unchanged.
 */
export class AppendedFile {
  /** The real path: a symbolic link is followed once. */
  readonly path: string;
  /** Whether opening created the file. */
  readonly #isNew: boolean;
  readonly #file: FileHandle;
  readonly #identity: string;
  readonly #lock: FileLock;
  #bytes = 0;
  #tail: FileTail = NONE;
  #isNameSynced: boolean;

  private constructor(lock: FileLock, { file, identity, isNew }: OpenedFile) {
    this.path = lock.path;
    this.#lock = lock;
    this.#isNew = isNew;
    this.#file = file;
    this.#identity = identity;
    this.#isNameSynced = !isNew;
  }

  /**
   * Opens the file, or creates it if it is missing, and keeps other processes from appending until it is closed; what it holds
   * stays. Rejects unless it is a regular file. The lock comes first: a run that ends meanwhile removes its file.
   */
  static async open(path: string, options: LockOptions = {}): Promise<AppendedFile> {
    const lock = await lockFile(path, { code: 'ERR_FILE_LOCKED', noun: 'file' }, options);
    let opened: OpenedFile | undefined;
    try {
      opened = await openForAppend(lock.path);
      const file = new AppendedFile(lock, opened);
      await file.#measure();
      return file;
    } catch (error) {
      await opened?.file.close();
      await lock.release();
      throw error;
    }
  }

  /** The open file, readable at any offset: another file may be at the path by now. */
  get handle(): FileHandle {
    return this.#file;
  }

  /** Bytes in the file, as far as this process knows. */
  get bytes(): number {
    return this.#bytes;
  }

  get position(): FilePosition {
    return { bytes: this.#bytes, tail: digestOfTail(this.#tail) };
  }

  /** Appends, if the file is still what was written and the lock has not been lost since. */
  async append(chunk: Uint8Array): Promise<void> {
    await this.verify();
    await this.#write(chunk);
  }

  /**
   * Appends between two syncs, if the lock is still held, and the file in its place and as long as what was written. The
   * next sync looks at its last bytes. No clock tells that a suspended machine was away, so the lock is looked at each time.
   */
  async extend(chunk: Uint8Array): Promise<void> {
    await Promise.all([this.#lock.assertUnchanged(), this.#assertInPlace()]);
    await this.#write(chunk);
  }

  /** Rejects unless the file is what was written, and the lock is still held. */
  async verify(): Promise<void> {
    await this.#lock.assertHeld();
    const size = await this.#assertInPlace();
    await this.#readTail(size);
  }

  /**
   * Makes everything that was appended survive a power cut, and then makes sure that it is what the file holds. The
   * position after it is `position`.
   */
  async sync(): Promise<void> {
    await this.#file.sync();
    if (!this.#isNameSynced) await syncFolder(dirname(this.path));
    this.#isNameSynced = true;
    await this.verify();
  }

  /** Cuts off what was appended after a position. Rejects if the file has changed before it. */
  async cutBack(position: KnownPosition): Promise<void> {
    await this.#lock.assertHeld();
    if (!(await this.holds(position))) throw this.#changed('it does not hold what was written to it before');
    await this.#file.truncate(position.bytes);
    await this.#measure();
  }

  /** Whether the file is unchanged up to a position. */
  async holds({ bytes, tail }: KnownPosition): Promise<boolean> {
    const { size } = await this.#file.stat();
    if (size < bytes) return false;
    return tail === undefined || sha256Of(await readTail(this.#file, bytes)) === tail;
  }

  /** Deletes the file if opening created it and it is still empty. */
  async removeIfNew(): Promise<void> {
    const size = this.#isNew ? await this.#sizeInPlace().catch(() => undefined) : undefined;
    if (size === 0) await rm(this.path, { force: true });
  }

  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      await this.#lock.release();
    }
  }

  /** Accepts what the file holds now, such as what another process wrote before it ended. */
  async #measure(): Promise<void> {
    const size = await this.#sizeInPlace();
    this.#tail = extendTail(NONE, await readTail(this.#file, size));
    this.#bytes = size;
  }

  /** The size of the file at the path, which must be the one that was opened. */
  async #sizeInPlace(): Promise<number> {
    return sizeInPlace(this.path, this.#identity);
  }

  async #assertInPlace(): Promise<number> {
    const size = await this.#sizeInPlace();
    if (size === this.#bytes) return size;
    throw this.#changed(`it has ${size} bytes instead of ${this.#bytes}`);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    let before = this.#tail;
    if (typeof before === 'string') before = fillsTail(chunk) ? NONE : await this.#readTail(this.#bytes);
    try {
      await this.#file.appendFile(chunk);
    } catch (error) {
      await this.#undo(chunk).catch(() => {});
      throw error;
    }
    this.#bytes += chunk.length;
    this.#tail = extendTail(before, chunk);
  }

  /** Cuts off what a full disk took of a chunk, unless another program has appended more. */
  async #undo(chunk: Uint8Array): Promise<void> {
    await this.#lock.assertHeld();
    const { size } = await this.#file.stat();
    if (size > this.#bytes && size <= this.#bytes + chunk.length) await this.#file.truncate(this.#bytes);
  }

  /** The last bytes, which must be those that were written. */
  async #readTail(size: number): Promise<Buffer> {
    const tail = await readTail(this.#file, size);
    const isWritten =
      typeof this.#tail === 'string' ? sha256Of(tail) === this.#tail : tail.equals(this.#tail);
    if (isWritten) return tail;
    throw this.#changed('its last bytes are not those that were written');
  }

  #changed(what: string): PageturnError {
    return fileChanged(this.path, what);
  }
}

const NONE = Buffer.alloc(0);
