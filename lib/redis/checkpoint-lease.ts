import type { Clock } from '../core/clock.js';
import { holderName } from '../core/holder-name.js';
import { unrefClock } from '../core/unref-clock.js';

/** What the script of a checkpoint is asked to do. */
export interface CheckpointRequest {
  readonly action: 'load' | 'save' | 'clear' | 'lock' | 'renew' | 'unlock';
  readonly holder?: string;
  readonly heldBy?: string;
  readonly fence?: number;
  readonly leaseMs?: number;
  readonly cursor?: string;
}

/** Whether it took effect; the value that was asked for, or who holds the lock, and for how long. */
export interface CheckpointReply {
  readonly tookEffect: boolean;
  readonly value: string | undefined;
  readonly leftMs: number;
}

export interface CheckpointLeaseSettings {
  readonly run: (request: CheckpointRequest) => Promise<CheckpointReply>;
  readonly leaseMs: number;
  readonly clock: Pick<Clock, 'sleep'> | undefined;
}

/** The lock of a checkpoint: it expires unless its holder renews it, which happens three times in the life of a lease. */
export class CheckpointLease {
  readonly #settings: CheckpointLeaseSettings;
  readonly #holder: string;
  readonly #fence: number;
  readonly #stop = new AbortController();

  private constructor(settings: CheckpointLeaseSettings, holder: string, fence: number) {
    this.#settings = settings;
    this.#holder = holder;
    this.#fence = fence;
    this.#beat().catch(() => {});
  }

  /** Takes the lock; the reply that names the holder if another has it. */
  static async take(settings: CheckpointLeaseSettings): Promise<CheckpointLease | CheckpointReply> {
    const { run, leaseMs } = settings;
    const holder = crypto.randomUUID();
    const reply = await run({ action: 'lock', holder, heldBy: holderName(), leaseMs });
    return reply.tookEffect ? new CheckpointLease(settings, holder, Number(reply.value)) : reply;
  }

  /** The fields that make a request take effect only while this lock is held. */
  get proof() {
    return { holder: this.#holder, fence: this.#fence };
  }

  /** Gives the lock back; does nothing if it was lost. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#settings.run({ action: 'unlock', ...this.proof });
  }

  /** Renews the lease until it is released or lost. A renewal that fails is not an error: the next one may succeed. */
  async #beat(): Promise<void> {
    const { run, leaseMs, clock = unrefClock } = this.#settings;
    const { signal } = this.#stop;
    for (let isOurs = true; isOurs && !signal.aborted; ) {
      await clock.sleep(leaseMs / 3, signal);
      isOurs = await run({ action: 'renew', leaseMs, ...this.proof }).then(
        ({ tookEffect }) => tookEffect,
        () => true,
      );
    }
  }
}
