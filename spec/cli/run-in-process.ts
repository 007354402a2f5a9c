import { EventEmitter } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { onTestFinished, vi } from 'vitest';
import { runCli as runProgram } from '../../lib/cli/run-cli.js';
import { CLEAN_ENV } from '../support/clean-env.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Whether standard output and standard error are terminals. Default false. */
  readonly isTTY?: boolean;
  /** The file that standard output is appended to, as with `>>` in a shell. */
  readonly appendTo?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningCli {
  /** Standard error so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/**
 * Starts the program in this process, with streams and signals of its own: a start costs no Node, and the AWS SDK is loaded
 * once for all. Where a kill or a real pipe is the point, use `spec/e2e/start-cli.ts`.
 */
export function startCli(
  args: readonly string[],
  { isTTY = false, appendTo, env }: RunOptions = {},
): RunningCli {
  for (const [name, value] of Object.entries({ ...CLEAN_ENV, ...NOT_SET, ...env })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const signals = new EventEmitter();
  const fd = appendTo === undefined ? undefined : openSync(appendTo, 'a');
  if (fd !== undefined) onTestFinished(() => closeSync(fd));
  const ended = runProgram({
    argv: ['/usr/bin/node', '/usr/bin/pageturn', ...args],
    stdout: {
      isTTY,
      fd: fd ?? NO_FILE,
      write(chunk, written) {
        try {
          if (fd === undefined) stdout.push(Buffer.from(chunk).toString());
          else writeSync(fd, Buffer.from(chunk));
          setImmediate(() => written?.());
        } catch (error) {
          written?.(error as Error);
        }
      },
    },
    stderr: { isTTY, columns: 100, write: (text) => stderr.push(text) },
    on: (name, listener) => signals.on(name, listener),
    off: (name, listener) => signals.off(name, listener),
    exit: (code) => {
      throw new Error(`exit with ${code}`);
    },
  }).then((code) => ({ code, stdout: stdout.join(''), stderr: stderr.join('') }));
  return { stderr: () => stderr.join(''), kill: (signal) => void signals.emit(signal, signal), ended };
}

/** Runs the program in this process until it ends. */
export function runCli(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startCli(args, options).ended;
}

/** The descriptor of a standard output that is no file. */
const NO_FILE = openSync('/dev/null', 'w');

/** What the environment of the specs may have besides. */
const NOT_SET = { AWS_PROFILE: undefined, AWS_DEFAULT_REGION: undefined, AWS_SESSION_TOKEN: undefined };
