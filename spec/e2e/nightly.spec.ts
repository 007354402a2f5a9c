import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { CLEAN_ENV } from '../support/clean-env.js';
import { newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { MAIN } from './start-cli.js';

/** The command of the crontab line in the README. */
async function cronCommand(): Promise<string> {
  const readme = await readFile('README.md', 'utf8');
  const [, command = ''] = /^(?:[\d*]+ ){5}(cd .*)$/m.exec(readme) ?? [];
  return command;
}

it('the cron line of the README leaves a whole file after each of three nights, one of them killed', async () => {
  const sandbox = await sandboxFor({ users: 3000 });
  const root = await newFolder();
  const [home, bin] = [join(root, 'home'), join(root, 'bin')];
  await mkdir(home);
  await mkdir(bin);
  await writeFile(join(bin, 'pageturn'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  await chmod(join(bin, 'pageturn'), 0o755);
  const command = (await cronCommand())
    .replaceAll('/var/lib/pageturn', home)
    .replaceAll(' ID ', ` ${sandbox.instanceId} `);
  const env = { ...CLEAN_ENV, AWS_ENDPOINT_URL: sandbox.endpoint, PATH: `${bin}:${process.env['PATH']}` };
  const night = () => spawn('sh', ['-c', command], { env, detached: true, stdio: 'inherit' });
  const read = (name: string) => readFile(join(home, name), 'utf8');
  const names = async () =>
    (await read('users.csv'))
      .split('\n')
      .slice(1, -1)
      .map((row) => row.split(',')[2]);
  const expected = () => [...sandbox.directory.users()].map(({ Username }) => Username);

  const [first] = await once(night(), 'close');
  expect([first, await names()]).toEqual([0, expected()]);
  const yesterday = await read('users.csv');

  sandbox.directory.insert({ Username: 'second.night@acme.com' });
  sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
  const second = night();
  await requestsAt(sandbox, 3 + 3);
  process.kill(-(second.pid ?? 0), 'SIGKILL');
  await once(second, 'close');
  expect(await read('users.csv')).toBe(yesterday);
  expect((JSON.parse(await read('users.receipt.json')) as Receipt).written).toBe(3000);

  const [third] = await once(night(), 'close');
  expect([third, await names()]).toEqual([0, expected()]);
  expect(JSON.parse(await read('users.receipt.json'))).toMatchObject({
    complete: true,
    written: 3001,
    resumed: 1,
  });
  const log = await read('users.log');
  expect(log.match(/: complete$/gm)).toHaveLength(2);
  expect(log.match(/users\.csv is what was published: 3,\d+ rows/g)).toHaveLength(2);
  expect((await readdir(home)).sort()).toEqual(['users.csv', 'users.log', 'users.receipt.json']);
});
