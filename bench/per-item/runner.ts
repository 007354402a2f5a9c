import type { ChildProcess } from 'node:child_process';
import { messageFrom, startWorker } from '../worker-process.js';
import type { Experiment } from './experiments.js';
import type { Round } from './worker.js';

/** A contender in its own process, warmed up. */
export class Runner {
  readonly name: string;
  readonly #worker: ChildProcess;

  private constructor(name: string, worker: ChildProcess) {
    this.name = name;
    this.#worker = worker;
  }

  static async start(name: string, { workload, pageSize }: Experiment, values: number): Promise<Runner> {
    const args = [name, workload, String(values), String(pageSize)];
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
