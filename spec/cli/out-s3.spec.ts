import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../support/at.js';
import { buckets } from '../support/buckets.js';
import { newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './run-in-process.js';

const store = buckets();

it('--out s3://BUCKET/KEY uploads a whole object, and resumes a run that was interrupted', async () => {
  const bucket = store.create();
  const env = { AWS_ENDPOINT_URL_S3: store.endpoint() };
  const sandbox = await sandboxFor({ users: 500 });
  const receipt = join(await newFolder(), 'receipt.json');
  const url = `s3://${bucket}/exports/users.csv`;
  const args = ['users', ...at(sandbox), '--page-size', '100', '--out', url, '--receipt', receipt];
  store.put(bucket, 'exports/users.csv', 'yesterday');
  sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
  const first = startCli(args, { env });
  await requestsAt(sandbox, 3);
  first.kill('SIGINT');
  const { code, stderr } = await first.ended;
  expect(stderr).toContain(`kept in the spool of ${url}; continue with: pageturn users`);
  expect(code).toBe(130);
  expect(store.object(bucket, 'exports/users.csv')?.body.toString()).toBe('yesterday');

  const second = await runCli([...args, '--columns', 'Id'], { env });
  expect(second.stderr).toMatch(/^500 users, .* in 2 runs, .*: complete\n$/);
  const ids = [...sandbox.directory.users()].map(({ Id }) => `${Id}\n`);
  expect(store.object(bucket, 'exports/users.csv')?.body.toString()).toBe(`Id\n${ids.join('')}`);
  expect(store.uploads(bucket)).toEqual([]);
  expect(JSON.parse(await readFile(receipt, 'utf8'))).toMatchObject({
    target: url,
    complete: true,
    resumed: 1,
  });
  expect(await runCli(['verify', receipt])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${url} is not a file on this machine`),
  });
});

it('a bucket that does not exist is one line, before any user is listed', async () => {
  const env = { AWS_ENDPOINT_URL_S3: store.endpoint() };
  const sandbox = await sandboxFor({ users: 50 });
  const { code, stderr } = await runCli(['users', ...at(sandbox), '--out', 's3://no-such-bucket/a.csv'], {
    env,
  });
  expect(stderr).toMatch(/^pageturn: .*no-such-bucket.*\n$/);
  expect(code).toBe(1);
  expect(sandbox.stats().requests).toBe(0);
});

it('changes --out s3://BUCKET/KEY uploads the changes as a whole, without those of a run that was killed', async () => {
  const bucket = store.create();
  const env = { AWS_ENDPOINT_URL_S3: store.endpoint() };
  const sandbox = await sandboxFor({ users: 40 });
  const since = join(await newFolder(), 'users.snapshot');
  const out = ['--out', `s3://${bucket}/changes.csv`, '--columns', 'type,Username'];
  const args = ['changes', ...at(sandbox), '--since', since, '--update', ...out];
  const text = () => store.object(bucket, 'changes.csv')?.body.toString();
  expect(await runCli(args, { env })).toMatchObject({ code: 0 });
  expect(text()).toBe('type,Username\n');

  sandbox.directory.insert({ Username: 'new@acme.com' });
  store.inject({ on: 'PutObject', hangs: true, meanwhile: () => run.kill('SIGINT') });
  const run = startCli(args, { env });
  const { code, stderr } = await run.ended;
  expect(stderr).toBe(`interrupted: ${since} is unchanged\n`);
  expect(code).toBe(130);
  expect(text()).toBe('type,Username\n');

  sandbox.directory.insert({ Username: 'newer@acme.com' });
  expect(await runCli(args, { env })).toMatchObject({ code: 0 });
  expect(text()?.split('\n').toSorted()).toEqual([
    '',
    'added,new@acme.com',
    'added,newer@acme.com',
    'type,Username',
  ]);
});

it('a run that is interrupted while it publishes says that all users are read', async () => {
  const bucket = store.create();
  const env = { AWS_ENDPOINT_URL_S3: store.endpoint() };
  const sandbox = await sandboxFor({ users: 40 });
  const args = ['users', ...at(sandbox), '--out', `s3://${bucket}/users.csv`];
  store.inject({ on: 'PutObject', hangs: true, meanwhile: () => run.kill('SIGINT') });
  const run = startCli(args, { env });
  const { code, stderr } = await run.ended;
  expect(stderr).toMatch(/^40 users, .*: all were read; interrupted before they were published\nkept in /);
  expect(code).toBe(130);
  expect((await runCli(args, { env })).stderr).toMatch(/^40 users, .* in 2 runs, .*: complete\n$/);
  expect(sandbox.stats().requests).toBe(1);
});
