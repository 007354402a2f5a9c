import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import { runCli, startCli } from '../cli/run-in-process.js';
import { generousQuotas } from '../support/generous-quotas.js';
import { regionRouter } from '../support/region-router.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { startCli as startProcess } from './start-cli.js';

generousQuotas();

it('users of several Regions are all there once after a kill, and the next run resumes', async () => {
  const { second, args, out, rowsOf, kept } = await bed('users', { page: 100 });
  second.inject({ kind: 'hang' }, { operation: 'ListUsers', afterRequests: 3 });
  const { child, ended } = startProcess(args);
  await kept(out, 400);
  child.kill('SIGKILL');
  await ended;
  const resumed = await runCli(args);
  expect(resumed.stderr).toMatch(/^1,003 users, .* in 2 runs, .*: complete\n$/);
  expect(await rowsOf(out)).toEqual(await rowsOf());
});

it('queues of several Regions are all there once after an interruption, and the next run resumes', async () => {
  const { second, args, out, rowsOf, kept } = await bed('list queues', { page: 20 });
  second.inject({ kind: 'hang' }, { operation: 'ListQueues', afterRequests: 3 });
  const run = startCli(args);
  await kept(out, 100);
  run.kill('SIGINT');
  expect(await run.ended).toMatchObject({ code: 130 });
  const resumed = await runCli(args);
  expect(resumed.stderr).toMatch(/^[\d,]+ queues, .* in 2 runs, .*: complete\n$/);
  expect(await rowsOf(out)).toEqual(await rowsOf());
});

/** A command that lists something in all instances of two Regions. */
async function bed(command: string, { page }: { readonly page: number }) {
  const [first, second] = await Promise.all([
    sandboxFor({ users: [500, 3], seed: 1 }),
    sandboxFor({ users: [400, 100], seed: 2 }),
  ]);
  const endpoint = await regionRouter({ 'eu-west-1': first, 'us-east-1': second });
  const folder = await newFolder();
  const to = (out: string) => [
    ...[...command.split(' '), '--endpoint-url', endpoint, '--page-size', String(page), '--out', out],
    ...['--region', 'eu-west-1', '--region', 'us-east-1'],
  ];
  const out = join(folder, 'rows.ndjson');
  /** The rows of each instance, in their order; without a file those of a run without a fault. */
  const rowsOf = async (path?: string) => {
    const undisturbed = join(folder, 'undisturbed.ndjson');
    if (path === undefined) expect(await runCli(to(undisturbed))).toMatchObject({ code: 0 });
    const lines = (await readFile(path ?? undisturbed, 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line): { readonly InstanceId: string } => JSON.parse(line));
    return rows.sort((a, b) => Number(a.InstanceId > b.InstanceId) - Number(a.InstanceId < b.InstanceId));
  };
  /** Resolves once the spool has so many rows. */
  const kept = async (path: string, rows: number) => {
    for (;;) {
      const text = await readFile(`${path}.spool`, 'utf8').catch(() => '');
      if (text.split('\n').filter((line) => line.startsWith('{"')).length >= rows) return;
      await systemClock.sleep(5);
    }
  };
  return { second, args: to(out), out, rowsOf, kept };
}
