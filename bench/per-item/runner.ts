import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Workload } from './contenders.js';
import type { Round } from './worker.js';

/** A contender at work in a process of its own, warmed up. */
export class Runner {
  readonly #worker: ChildProcess;
  readonly #died = new AbortController();
  readonly ready: Promise<unknown>;

  constructor(name: string, workload: Workload, size: { readonly items: number; readonly pageSize: number }) {
    const args = [name, workload, String(size.items), String(size.pageSize)];
    this.#worker = fork(new URL('./worker.ts', import.meta.url), args, {
      execArgv: ['--import', 'tsx', '--no-warnings'],
    });
    this.#worker.once('exit', () => this.#died.abort(new Error(`${name} died on ${workload}`)));
    this.ready = this.#answer<'ready'>();
  }

  run(): Promise<Round> {
    const answer = this.#answer<Round>();
    this.#worker.send('round');
    return answer;
  }

  stop(): void {
    this.#worker.disconnect();
  }

  async #answer<T>(): Promise<T> {
    const [answer] = (await once(this.#worker, 'message', { signal: this.#died.signal })) as [T];
    return answer;
  }
}
