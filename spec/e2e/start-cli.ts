import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLEAN_ENV } from '../support/clean-env.js';

/** The built program; `npm test` builds it first. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Resolves once standard output has `count` lines; rejects if it ends earlier. */
  lines(count: number): Promise<void>;
  readonly ended: Promise<Ended>;
}

interface StartOptions {
  readonly cwd?: string;
  /** The user and group to run as. */
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** The program to run. Default: the built one. */
  readonly main?: string;
  /** A program to run it with, such as a shell; the command line is appended. */
  readonly within?: readonly string[];
}

/** Starts the built CLI, isolated from the machine's own AWS configuration. */
export function startCli(
  args: readonly string[],
  { within = [], main = MAIN, env, ...options }: StartOptions = {},
): RunningCli {
  const [program = '', ...rest] = [...within, process.execPath, main, ...args];
  const child = spawn(program, rest, {
    ...options,
    env: { ...CLEAN_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }) as Ended);
  const lines = async (count: number) => {
    while (stdout.split('\n').length <= count) {
      const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => undefined)]);
      if (!more && stdout.split('\n').length <= count) throw new Error(`no line ${count}: ${stderr}`);
    }
  };
  return { child, lines, ended };
}

/** Runs the CLI until it exits. */
export function runCli(args: readonly string[], options?: StartOptions): Promise<Ended> {
  return startCli(args, options).ended;
}
