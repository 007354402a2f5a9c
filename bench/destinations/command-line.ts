import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../median.js';
import { messageFrom, startWorker } from '../worker-process.js';

export interface CommandLineTimes {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ROUNDS = 5;

/** Lists users over HTTP with the built program, to a redirected standard output and with --out, by turns: the medians. */
export async function measureCommandLine(
  users: number,
  folder: string,
): Promise<{ redirected: CommandLineTimes; out: CommandLineTimes }> {
  const worker = startWorker(new URL('./sandbox.ts', import.meta.url), [String(users)]);
  const { endpoint, instanceId } = await messageFrom<{ endpoint: string; instanceId: string }>(worker);
  const args = ['users', '--instance-id', instanceId, '--endpoint-url', endpoint];
  const [redirected, out]: [CommandLineTimes[], CommandLineTimes[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    redirected.push(await run([...args, '--output', 'ndjson'], join(folder, 'redirected.ndjson')));
    out.push(await run([...args, '--out', join(folder, 'out.ndjson')]));
  }
  worker.disconnect();
  return { redirected: medians(redirected), out: medians(out) };
}

/** Loaded before the program; writes the microseconds of CPU that the process took to its fourth descriptor. */
const REPORT_CPU = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String(user + system));
  });
`)}`;

async function run(args: readonly string[], target = '/dev/null'): Promise<CommandLineTimes> {
  const stdout = openSync(target, 'w');
  const env = {
    ...process.env,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT_CPU, MAIN, ...args], {
    env,
    stdio: ['ignore', stdout, 'ignore', 'pipe'],
  });
  let cpuMicroseconds = '';
  child.stdio[3]?.on('data', (text: Buffer) => {
    cpuMicroseconds += text.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  closeSync(stdout);
  if (code !== 0) throw new Error(`pageturn ${args.join(' ')} ended with code ${code}`);
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: Number(cpuMicroseconds) / 1_000_000,
  };
}

function medians(times: readonly CommandLineTimes[]): CommandLineTimes {
  return {
    seconds: median(times.map(({ seconds }) => seconds)),
    cpuSeconds: median(times.map(({ cpuSeconds }) => cpuSeconds)),
  };
}
