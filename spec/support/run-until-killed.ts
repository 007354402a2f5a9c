import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface RunOptions {
  /** Kills it as soon as it has printed that many lines. Default: it runs to its end. */
  readonly killAfter?: number | undefined;
  /** Gets what kills it, to do so for another reason. */
  readonly onStart?: (kill: () => void) => void;
}

/**
 * How many more lines a program that uses `printTotals` prints until the signal arrives: it is killed somewhere within them,
 * or where it stands still.
 */
export const SLACK = 5;

/** Runs a program with Node, and kills it on the way (SIGKILL). Resolves to the last line that it printed. */
export async function runUntilKilled(
  command: readonly string[],
  { killAfter = Number.POSITIVE_INFINITY, onStart }: RunOptions = {},
): Promise<string> {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STAND_STILL_AFTER: String(killAfter + SLACK) },
  });
  // Until then another process may take it for a running one.
  const ended = once(child, 'close');
  const kill = () => void child.kill('SIGKILL');
  onStart?.(kill);
  let last = '';
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    last = line;
    if (++lines >= killAfter) kill();
  }
  await ended;
  return last;
}
