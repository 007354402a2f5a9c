import { type ChildProcess, fork } from 'node:child_process';

/** A TypeScript module in its own process. */
export function startWorker(module: URL, args: readonly string[] = []): ChildProcess {
  return fork(module, [...args], { execArgv: ['--import', 'tsx', '--no-warnings'] });
}

/** The next message; rejects when the worker ends instead, which has written the reason to stderr. */
export function messageFrom<T>(worker: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a worker ended with code ${code}`));
    worker.once('exit', onExit);
    worker.once('message', (message) => {
      worker.off('exit', onExit);
      resolve(message as T);
    });
  });
}
