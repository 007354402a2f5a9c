import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import type { LockOptions } from '../../lib/node/files/lock-attempt.js';
import { lockFile } from '../../lib/node/files/lock-file.js';
import { ownIdentity, type ProcessIdentity } from '../../lib/node/files/process-identity.js';
import { cursorAt } from '../support/cursor-at.js';
import { type ManualClock, manualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const CHECKPOINT = { code: 'ERR_CHECKPOINT_LOCKED', noun: 'checkpoint' } as const;

let folder: string;
let path: string;
let own: ProcessIdentity;
let clock: ManualClock;
const newFolder = temporaryFolders('takeover');
beforeAll(async () => {
  own = await ownIdentity();
});
beforeEach(async () => {
  folder = await newFolder();
  path = join(folder, 'users.json');
  clock = manualClock();
  pending.clear();
  // A holder writes heartbeats when a spec says so, and not because five seconds have passed.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

/** The places from which a holder's process cannot be checked. */
const ELSEWHERE: readonly [string, Partial<ProcessIdentity>][] = [
  ['on another host', { host: 'build-7' }],
  ['of another boot', { boot: '00000000-0000-0000-0000-000000000000' }],
  ['in another PID namespace', { namespace: 'pid:[1]' }],
];
const CONTAINER = { namespace: 'pid:[1]' };

const holderAt = (place: Partial<ProcessIdentity>) =>
  lockFile(path, CHECKPOINT, { identity: { ...own, ...place } });
const attempt = (options: LockOptions) => lockFile(path, CHECKPOINT, { clock, ...options });

interface Outcome<T> {
  value?: T;
  error?: unknown;
}

/** The attempts of the test that have not ended. */
const pending = new Set<unknown>();

function outcomeOf<T>(work: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = {};
  pending.add(outcome);
  work
    .then(
      (value) => (outcome.value = value),
      (error: unknown) => (outcome.error = error),
    )
    .finally(() => pending.delete(outcome));
  return outcome;
}

/** Resolves once every attempt has ended or waits for time to pass; reading and writing files takes none. */
async function quiet(): Promise<void> {
  while (clock.sleepers !== pending.size) await new Promise(setImmediate);
}

async function pass(ms: number): Promise<void> {
  await quiet();
  for (let passed = 0; passed < ms; passed += 250) {
    await clock.advance(250);
    await quiet();
  }
}

describe('a lock whose holder cannot be checked', () => {
  it.each(ELSEWHERE)('a lock whose holder cannot be checked counts as held: %s', async (_where, place) => {
    // No process has this number here, which says nothing about there.
    await holderAt({ ...place, pid: 99_999_999 });
    await expect(attempt({ onLocked: 'fail' })).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringMatching(/is in use by process 99999999 .*delete .*users\.json\.lock$/),
    });
  });

  it.each(ELSEWHERE)(
    'a lock is taken over after 30 s without a heartbeat, and not before: %s',
    async (_where, place) => {
      const holder = await holderAt(place);
      const outcome = outcomeOf(attempt({ onLocked: 'watch' }));
      await pass(29_500);
      expect(outcome).toEqual({});
      await pass(2_000);
      expect(outcome.value).toBeDefined();
      await outcome.value?.assertHeld();
      await expect(holder.assertHeld()).rejects.toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
      await outcome.value?.release();
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a lock is refused to a watcher at the first heartbeat of its holder', async () => {
    const holder = await holderAt(CONTAINER);
    const outcome = outcomeOf(attempt({ onLocked: 'watch' }));
    await pass(20_000);
    await holder.beat();
    await pass(1_000);
    expect(outcome.error).toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringMatching(/in another container, .*; wait for it to end, or use another file$/),
    });
    await holder.assertHeld();
    await holder.release();
  });

  it('a lock is waited for as long as its holder writes heartbeats, and 30 s longer', async () => {
    const holder = await holderAt(CONTAINER);
    const outcome = outcomeOf(attempt({ onLocked: 'wait' }));
    for (let beats = 0; beats < 6; beats++) {
      await pass(20_000);
      await holder.beat();
    }
    await pass(29_000);
    expect(outcome).toEqual({});
    await pass(3_000);
    expect(outcome.value).toBeDefined();
    await outcome.value?.release();
    await holder.release();
  });

  it('a waiting process gets a lock as soon as it is released', async () => {
    const holder = await holderAt(CONTAINER);
    const outcome = outcomeOf(attempt({ onLocked: 'wait' }));
    await pass(1_000);
    await holder.release();
    await pass(1_000);
    expect(outcome.value).toBeDefined();
    await outcome.value?.release();
  });

  it('the times of a lock file are not heartbeats', async () => {
    const holder = await holderAt(CONTAINER);
    await utimes(`${path}.lock`, 0, 0);
    const outcome = outcomeOf(attempt({ onLocked: 'watch' }));
    await pass(10_000);
    // Neither a touch nor a date is a heartbeat.
    await utimes(`${path}.lock`, new Date('2099-01-01'), new Date('2099-01-01'));
    await pass(19_500);
    expect(outcome).toEqual({});
    await pass(1_500);
    expect(outcome.value).toBeDefined();
    await outcome.value?.release();
    await holder.release();
  });

  it('a holder that comes back to life during the takeover keeps its lock', async () => {
    const holder = await holderAt(CONTAINER);
    const text = await readFile(`${path}.lock`, 'utf8');
    let beats = 0;
    const late: LockOptions['clock'] = {
      ...clock,
      // Time is read after the lock: what is written now comes between the last look and the takeover.
      now: () => {
        if (clock.now() >= 30_000 && beats++ === 0) writeFileSync(`${path}.lock`, text.replace('"0', '"1'));
        return clock.now();
      },
    };
    const outcome = outcomeOf(attempt({ onLocked: 'watch', clock: late }));
    await pass(31_000);
    expect(beats).toBeGreaterThan(0);
    await holder.assertHeld();
    expect(outcome.value).toBeUndefined();
    await holder.release();
    await pass(1_000);
    await outcome.value?.release();
  });

  it('a silent lock is taken over by one of many that watch it', async () => {
    await holderAt(CONTAINER);
    const outcomes = Array.from({ length: 6 }, () => outcomeOf(attempt({ onLocked: 'watch' })));
    await pass(40_000);
    expect(outcomes.filter(({ value }) => value)).toHaveLength(1);
    const refusals = outcomes.filter(({ error }) => error);
    expect(refusals).toHaveLength(5);
    for (const { error } of refusals) expect(error).toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    for (const { value } of outcomes) await value?.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['', '{"pid":', 'mine'])(
    'a lock that does not name its holder is taken over after 30 s: %j',
    async (text) => {
      await writeFile(`${path}.lock`, text);
      const outcome = outcomeOf(attempt({ onLocked: 'watch' }));
      await pass(29_500);
      expect(outcome).toEqual({});
      await pass(2_000);
      expect(outcome.value).toBeDefined();
      await outcome.value?.release();
    },
  );
});

describe('a wait for a lock', () => {
  it('a wait for a lock is published once, with the file and the holder', async () => {
    const events: unknown[] = [];
    const listener = (event: unknown) => void events.push(event);
    subscribe('pageturn:lock-wait', listener);
    onTestFinished(() => void unsubscribe('pageturn:lock-wait', listener));
    const holder = await holderAt({ ...CONTAINER, pid: 7 });
    await expect(attempt({ onLocked: 'fail' })).rejects.toThrow();
    expect(events).toEqual([]);
    const outcome = outcomeOf(attempt({ onLocked: 'watch' }));
    await pass(3_000);
    await holder.release();
    await pass(1_000);
    expect(events).toEqual([{ path, pid: 7, host: own.host }]);
    await outcome.value?.release();
  });

  it('an aborted wait for a lock rejects with the reason, and leaves no timer and no file', async () => {
    const holder = await holderAt(CONTAINER);
    const controller = new AbortController();
    const outcome = outcomeOf(attempt({ onLocked: 'wait', signal: controller.signal }));
    await pass(1_000);
    controller.abort('enough');
    await quiet();
    expect(outcome.error).toBe('enough');
    expect(clock.sleepers).toBe(0);
    expect(await readdir(folder)).toEqual(['users.json.lock']);
    await holder.release();
  });

  it('a lock is not taken when its signal has aborted', async () => {
    await expect(attempt({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    expect(await readdir(folder)).toEqual([]);
  });

  it('a lock is waited for as long as a process runs that can be checked', async () => {
    const holder = await holderAt({});
    const outcome = outcomeOf(attempt({ onLocked: 'wait' }));
    await pass(40_000);
    expect(outcome).toEqual({});
    await holder.release();
    await pass(1_000);
    expect(outcome.value).toBeDefined();
    await outcome.value?.release();
  });

  it('an aborted wait of a store rejects with the reason, and its next lock is not affected', async () => {
    const holder = await holderAt({});
    const store = fileCheckpoint(path, { onLocked: 'wait' });
    const controller = new AbortController();
    const locked = store.lock('users', { signal: controller.signal });
    controller.abort('enough');
    await expect(locked).rejects.toBe('enough');
    await holder.release();
    await (await store.lock('users'))();
  });
});

describe('a holder that lost its lock while it was stopped', () => {
  it('a store that lost its lock saves and clears nothing, and leaves the lock to its successor', async () => {
    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    await store.save('users', cursorAt(1));
    const text = await readFile(`${path}.lock`, 'utf8');
    // The takeover, as another container does it.
    await rm(`${path}.lock`);
    const successor = await holderAt({ ...CONTAINER, pid: 7 });
    const before = await readFile(path);
    for (const call of [store.save('users', cursorAt(2)), store.clear('users')]) {
      await expect(call).rejects.toMatchObject({
        code: 'ERR_CHECKPOINT_LOCKED',
        message: `the checkpoint ${path} is no longer locked by this process: process 7 in another container took the lock over while this one did not respond; nothing was written since; end this run`,
      });
    }
    await release();
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['users.json', 'users.json.lock']);
    await successor.assertHeld();
    expect(await readFile(`${path}.lock`, 'utf8')).not.toBe(text);
    await successor.release();
  });

  it('a store whose lock was deleted says so and saves nothing', async () => {
    const store = fileCheckpoint(path);
    const release = await store.lock('users');
    await rm(`${path}.lock`);
    await expect(store.save('users', cursorAt(1))).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining('its lock was deleted or changed'),
    });
    await release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('a holder that lost its lock writes no heartbeat in the lock of its successor', async () => {
    const holder = await holderAt({});
    await rm(`${path}.lock`);
    const successor = await holderAt(CONTAINER);
    const before = await readFile(`${path}.lock`, 'utf8');
    await holder.beat();
    expect(await readFile(`${path}.lock`, 'utf8')).toBe(before);
    await successor.beat();
    expect(await readFile(`${path}.lock`, 'utf8')).not.toBe(before);
    await successor.release();
    await holder.release();
  });
});
