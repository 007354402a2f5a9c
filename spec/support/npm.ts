import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs npm without the settings of the one that runs the specs, which name this project as the one to install into. */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return (await promisify(execFile)('npm', args, { cwd, env })).stdout;
}

/** Whether npm failed because it reaches no registry and its cache has too little. */
export function isUnreachable(error: unknown): boolean {
  return /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ENETUNREACH)\b/.test(
    String(error),
  );
}
