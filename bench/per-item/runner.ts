import type { ChildProcess } from 'node:child_process';
import { messageFrom, startWorker } from '../worker-process.js';
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
    const worker = startWorker(new URL('./worker.ts', import.meta.url), args);
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
