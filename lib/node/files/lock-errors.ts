import { PageturnError } from '../../core/errors.js';
import type { Holder } from './lock-record.js';
import type { ProcessIdentity } from './process-identity.js';

/** How the errors of a locked file describe it. */
export interface LockedFile {
  readonly code: 'ERR_CHECKPOINT_LOCKED' | 'ERR_FILE_LOCKED';
  /** What the file is: `checkpoint`, `snapshot`. */
  readonly noun: string;
  /** The folder that is locked as a whole, by this file in it. */
  readonly folder?: string;
}

/** The errors of a lock that cannot be taken, or was lost. */
export class LockErrors {
  readonly #path: string;
  readonly #locked: LockedFile;
  readonly #own: ProcessIdentity;
  readonly #another: string;

  constructor(path: string, locked: LockedFile, own: ProcessIdentity) {
    this.#path = path;
    this.#locked = locked;
    this.#own = own;
    this.#another = `use another ${locked.folder === undefined ? 'file' : 'folder'}`;
  }

  /** Another process holds it; `isAlive` if that is certain. */
  heldBy(holder: Holder, isAlive: boolean): PageturnError {
    const who = this.#describe(holder);
    const advice = who.startsWith('this process')
      ? `share the object that holds it, or ${this.#another}`
      : isAlive
        ? `wait for it to end, or ${this.#another}`
        : `wait for it to end; if it has ended for certain, delete ${this.#lock}`;
    const since = holder.startedAt === undefined ? '' : `, started ${holder.startedAt}`;
    return this.#error(`is in use by ${who}${since}; ${advice}`);
  }

  /** The lock does not name its holder. */
  withoutHolder(): PageturnError {
    const { code, noun } = this.#locked;
    return new PageturnError(
      code,
      `${this.#lock} does not name its holder; delete it if no process uses the ${noun}`,
    );
  }

  /** The path of the lock is not a file. */
  notAFile(what: string): PageturnError {
    return this.#error(`cannot be locked: ${this.#lock} is ${what}; remove it, or ${this.#another}`);
  }

  /** This process held the lock and has lost it. */
  lost(successor: Holder | undefined): PageturnError {
    const how =
      successor?.pid === undefined
        ? 'its lock was deleted or changed'
        : `${this.#describe(successor)} took the lock over while this one did not respond`;
    return this.#error(
      `is no longer locked by this process: ${how}; nothing was written since; end this run`,
    );
  }

  #describe(holder: Holder): string {
    const { pid, host } = this.#own;
    if (holder.host !== host) return `process ${holder.pid} on ${holder.host ?? 'an unknown host'}`;
    if (holder.boot !== this.#own.boot)
      return `process ${holder.pid} of another boot or machine named ${host}`;
    if (holder.namespace !== this.#own.namespace) return `process ${holder.pid} in another container`;
    return holder.pid === pid ? `this process (${pid})` : `process ${holder.pid}`;
  }

  #error(what: string): PageturnError {
    const { code, noun, folder = this.#path } = this.#locked;
    return new PageturnError(code, `the ${noun} ${folder} ${what}`);
  }

  get #lock(): string {
    return `${this.#path}.lock`;
  }
}
