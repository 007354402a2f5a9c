import { type ChildProcess, fork } from 'node:child_process';
import type { Workload } from './contenders.js';
import type { Round } from './worker.js';

/** A contender at work in a process of its own, warmed up. */
export class Runner {
  readonly name: string;
  readonly #worker: ChildProcess;

  private constructor(name: string, worker: ChildProcess) {
    this.name = name;
    this.#worker = worker;
  }

  static async start(
    name: string,
    workload: Workload,
    { items, pageSize }: { readonly items: number; readonly pageSize: number },
  ): Promise<Runner> {
    const args = [name, workload, String(items), String(pageSize)];
    const worker = fork(new URL('./worker.ts', import.meta.url), args, {
      execArgv: ['--import', 'tsx', '--no-warnings'],
    });
    await messageFrom(worker);
    return new Runner(name, worker);
  }

  run(): Promise<Round> {
    const round = messageFrom<Round>(this.#worker);
    this.#worker.send('round');
    return round;
  }

  stop(): void {
    this.#worker.disconnect();
  }
}

/** The next message; a worker that dies instead has said on stderr what of. */
function messageFrom<T>(worker: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a worker ended with code ${code}`));
    worker.once('exit', onExit);
    worker.once('message', (message) => {
      worker.off('exit', onExit);
      resolve(message as T);
    });
  });
}
