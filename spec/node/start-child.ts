import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { scriptPath } from '../support/script.js';

interface ChildAnswer {
  readonly code?: string;
  readonly message?: string;
  /** The code of the error's cause. */
  readonly cause?: string;
}

interface ChildOptions {
  /** The largest file the process may write, in blocks as `ulimit -f` counts them. */
  readonly fileSizeLimit?: number;
  /** A program to run it with, such as `unshare`; the command line is appended. */
  readonly within?: readonly string[];
}

/** Starts child.ts and waits for the line it prints. It ends on `kill('SIGKILL')`, or when its input ends. */
export async function startChild(
  task: string,
  path: string,
  { fileSizeLimit, within = [] }: ChildOptions = {},
) {
  const command = [...within, process.execPath, scriptPath('node/child'), task, path];
  const limit = fileSizeLimit === undefined ? '' : `ulimit -f ${fileSizeLimit}; `;
  const child: ChildProcess = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the child has no output');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const answer: ChildAnswer = JSON.parse(line);
  return { child, answer };
}

/** The answer of a child that ends by itself. */
export async function askChild(task: string, path: string, options: ChildOptions = {}) {
  const { child, answer } = await startChild(task, path, options);
  if (child.exitCode === null) await once(child, 'exit');
  return answer;
}
