import { readFile, watch } from 'node:fs/promises';
import { systemClock } from '../../lib/core/clock.js';
import { startCli } from './start-cli.js';

export interface CrashReport {
  readonly kills: number;
  readonly runs: number;
  /** What the last run, which was not killed, wrote to standard error. */
  readonly stderr: string;
}

export interface CrashOptions {
  readonly args: readonly string[];
  /** How often to kill at most; the run after that is left alone. */
  readonly kills: number;
  /** Resolves at the moment of a kill, counted from the start of the process. */
  readonly moment: (signal: AbortSignal) => Promise<void>;
  /** Called between two runs. */
  readonly between?: () => void | Promise<void>;
}

/**
 * Runs one command of the CLI again and again and kills it with SIGKILL at a random moment, until it ends by itself or
 * was killed often enough. Fails where a run that was not killed ends in anything but 0.
 */
export async function runUnderKills({ args, kills, moment, between }: CrashOptions): Promise<CrashReport> {
  for (let killed = 0; ; ) {
    const { child, ended } = startCli(args);
    const timer = new AbortController();
    if (killed < kills) {
      moment(timer.signal).then(
        () => child.kill('SIGKILL'),
        () => {}, // the run ended first
      );
    }
    const { code, signal, stderr } = await ended;
    timer.abort();
    if (signal === null && code !== 0) throw new Error(`exit code ${code} after ${killed} kills: ${stderr}`);
    if (signal === null) return { kills: killed, runs: killed + 1, stderr };
    killed++;
    await between?.();
  }
}

/** Moments at which a server has received 1 to `most` more requests: a slow machine kills no process before it begins. */
export function afterRequests(
  requests: () => number,
  { most, random }: { readonly most: number; readonly random: () => number },
): CrashOptions['moment'] {
  return async (signal) => {
    const enough = requests() + 1 + Math.floor(random() * most);
    while (requests() < enough) await systemClock.sleep(2, signal);
    // Between two requests, too.
    await systemClock.sleep(random() * 20, signal);
  };
}

/**
 * The moments of another plan, every second one of them not before something has grown since the start of the process: on a
 * machine where each request comes before its answer is written, half of the kills leave more than they found.
 */
export function withGrowth(
  size: () => Promise<number>,
  moment: CrashOptions['moment'],
): CrashOptions['moment'] {
  let isSecond = true;
  return async (signal) => {
    isSecond = !isSecond;
    const before = isSecond ? await size() : Number.NEGATIVE_INFINITY;
    await moment(signal);
    while ((await size()) <= before) await systemClock.sleep(2, signal);
  };
}

/** How many lines of a spool a pattern matches; 0 without one. */
export async function linesIn(spool: string, pattern: RegExp): Promise<number> {
  const text = await readFile(spool, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => pattern.test(line)).length;
}

/**
 * Moments at which a folder has changed 1 to `most` more times: a file was created, written to, renamed or deleted in it.
 * However fast or slow the machine is, each kill hits a run at work.
 */
export function afterChanges(
  folder: string,
  { most, random }: { readonly most: number; readonly random: () => number },
): CrashOptions['moment'] {
  return async (signal) => {
    let left = 1 + Math.floor(random() * most);
    for await (const _ of watch(folder, { signal })) if (--left === 0) return;
  };
}

/** The lines of a file without their line ends; fails where the last one has none. */
export async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error(`${path} ends in the middle of a line`);
  return text.split('\n').slice(0, -1);
}
