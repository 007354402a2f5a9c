import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { buckets } from '../support/buckets.js';
import { hasPostgres, startPostgres } from '../support/start-postgres.js';
import { tables } from '../support/tables.js';
import { type CookbookFolder, cookbookFolder } from './cookbook-folder.js';
import { NAMES, startPeopleApi } from './people-api.js';

const root = resolve(import.meta.dirname, '../..');
const USERS = 1_200;

const dynamo = tables();
const bucketStore = buckets();
let folder: CookbookFolder;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ users: USERS, ratePerSecond: Number.POSITIVE_INFINITY });
  folder = await cookbookFolder();
});
afterAll(async () => {
  await sandbox.close();
  await folder[Symbol.asyncDispose]();
});

/** What the sandbox prints for the shell of the reader, without the settings of the runner of these specs. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|AWS_)/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    INSTANCE_ID: sandbox.instanceId,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint(),
    AWS_ENDPOINT_URL_S3: bucketStore.endpoint(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    ...more,
  };
}

/** Runs a program of a page in the folder of the page; resolves to what it prints. */
async function run(page: string, program: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  return node(page, [`${program}.js`], more);
}

async function node(page: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder.of(page),
    env: environment(more),
  });
  return stdout;
}

/** Starts a program that keeps running; resolves to the first line that it prints. */
async function start(page: string, program: string, more: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [`${program}.js`], {
    cwd: folder.of(page),
    env: environment(more),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  if (!child.stdout) throw new Error('the program has no output');
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  return { child, line, lines };
}

const userNames = () => [...sandbox.directory.users()].map(({ Username }) => Username);

describe('the cookbook', () => {
  it('the index of the cookbook links every page', async () => {
    const index = await readFile(join(root, 'docs/cookbook/README.md'), 'utf8');
    const pages = readdirSync(join(root, 'docs/cookbook')).filter((file) => file !== 'README.md');
    expect([...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page).sort()).toEqual(pages.sort());
  });

  it('the programs of the cookbook compile under strict settings', () => {
    expect(folder.compileErrors).toBe('');
  });

  it('the sandbox of the index prints what the other programs need', async () => {
    const { line } = await start('README', 'sandbox');
    expect(line).toMatch(/^export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+ INSTANCE_ID=[\w-]+$/);
  });

  it.each(['page-numbers', 'offsets', 'link-header', 'body-cursor'])(
    'the program %s of your-own-api lists everyone once, although requests fail',
    async (program) => {
      const api = await startPeopleApi();
      onTestFinished(() => void api.close());
      const printed = await run('your-own-api', program, { API_URL: api.url });
      expect(printed.trim().split('\n')).toEqual(NAMES);
    },
  );

  it('the program of duckdb counts the users of each domain', async () => {
    const printed = await run('duckdb', 'domains');
    const domains = new Map<string, number>();
    for (const name of userNames()) {
      const domain = name.split('@')[1] ?? '';
      domains.set(domain, (domains.get(domain) ?? 0) + 1);
    }
    for (const [domain, users] of domains) {
      expect(printed).toMatch(new RegExp(`│ '${domain}' +│ ${users} +│ '\\d{4}-`));
    }
  });

  it('the program of dynamodb fills its table', async () => {
    await createDocumentedTable('dynamodb');
    expect(await run('dynamodb', 'users-to-dynamodb')).toContain('written: 1200, resumed: 0, complete: true');
    const items = await dynamo.scan('users');
    expect(items.map(({ Username }) => Username?.S).sort()).toEqual(userNames().sort());
  });

  it('the program of s3 uploads the whole listing', async () => {
    const BUCKET = bucketStore.create();
    expect(await run('s3', 'users-to-s3', { BUCKET })).toContain('written: 1200');
    const lines = bucketStore.object(BUCKET, 'connect/users.csv')?.body.toString().trim().split('\n') ?? [];
    expect(lines[0]).toBe('Id,Username,LastModifiedTime');
    expect(lines).toHaveLength(USERS + 1);
    expect(bucketStore.uploads(BUCKET)).toEqual([]);
  });

  it('the commands of nightly-csv write a file that its receipt describes, and so does its script', async () => {
    const path = folder.of('nightly-csv');
    // What npx runs in a project that has installed the package.
    const npx = `#!/bin/sh\n[ "$1" = pageturn ] && shift && exec "${process.execPath}" "${root}/dist/cli/main.js" "$@"\n`;
    await writeFile(join(path, 'npx'), npx, { mode: 0o755 });
    await writeFile(join(path, 'list-users.sh'), folder.block('nightly-csv', 'sh', 1), { mode: 0o755 });
    const more = { PATH: `${path}:${process.env['PATH']}` };
    const sh = (command: string) =>
      promisify(execFile)('sh', ['-c', command], { cwd: path, env: environment(more) });
    for (const command of [folder.block('nightly-csv', 'sh', 0), './list-users.sh']) {
      await sh(command);
      const text = await readFile(join(path, 'users.csv'), 'utf8');
      expect(text.trim().split('\n')).toHaveLength(USERS + 1);
      const receipt = JSON.parse(await readFile(join(path, 'users.receipt.json'), 'utf8'));
      expect(receipt).toMatchObject({ complete: true, written: USERS });
    }
  });

  it('the function of lambda handles every user in several invocations, each of which ends before its deadline', async () => {
    await createDocumentedTable('lambda');
    // Its deadline comes after every 500 users, and Step Functions invoke it again, after a lock too.
    const program = `
      const names = [];
      const answers = [];
      const deadlines = [];
      const print = console.log;
      let abort;
      AbortSignal.timeout = (ms) => {
        deadlines.push(ms);
        abort = new AbortController();
        return abort.signal;
      };
      console.log = (name) => {
        if (names.push(name) % 500 === 0) abort.abort();
      };
      const { handler } = await import('./handler.js');
      for (let done = false; !done; ) {
        try {
          const answer = await handler({}, { getRemainingTimeInMillis: () => 900_000 });
          answers.push(answer);
          ({ done } = answer);
        } catch (error) {
          if (error.code !== 'ERR_CHECKPOINT_LOCKED') throw error;
        }
      }
      print(JSON.stringify({ names, answers, deadlines }));`;
    const printed = await node('lambda', ['--input-type=module', '--eval', program]);
    const { names, answers, deadlines } = JSON.parse(printed);
    expect(answers.map(({ done }: { readonly done: boolean }) => done)).toEqual([false, false, true]);
    expect(new Set(deadlines)).toEqual(new Set([890_000]));
    expect(new Set(names)).toEqual(new Set(userNames()));
    expect(names.length - USERS).toBeLessThanOrEqual(2);
  });

  it('the server of express streams the requested users, and survives a client that disconnects', async () => {
    const { line } = await start('express', 'server', { PORT: '0' });
    const url = `${addressIn(line)}/users`;
    const gone = new AbortController();
    await fetch(url, { signal: gone.signal });
    gone.abort();
    const response = await fetch(`${url}?domain=@acme.com`);
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const names = (await response.text())
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).Username);
    expect(names).toEqual(userNames().filter((name) => name.endsWith('@acme.com')));
  });

  it('the server of express cuts its response off when the listing fails', async () => {
    await using failing = await startSandbox({ users: 2_500, ratePerSecond: Number.POSITIVE_INFINITY });
    failing.inject({ kind: 'expired-token' }, {});
    const more = { PORT: '0', AWS_ENDPOINT_URL: failing.endpoint, INSTANCE_ID: failing.instanceId };
    const { line } = await start('express', 'server', more);
    const response = await fetch(`${addressIn(line)}/users`);
    await expect(response.text()).rejects.toThrow();
  });

  it('the program of regions-and-accounts writes a file for each profile, and one that fails does not stop the others', async () => {
    const path = folder.of('regions-and-accounts');
    const profiles = ['europe', 'america'].map(
      (name) => `[profile ${name}]\nregion = us-east-1\naws_access_key_id = a\naws_secret_access_key = b\n`,
    );
    await writeFile(join(path, 'config'), profiles.join('\n'));
    const { instanceId } = sandbox;
    const instances = ['europe', 'missing', 'america'].map((profile) => ({ profile, instanceId }));
    await writeFile(join(path, 'instances.json'), JSON.stringify(instances));
    const more = { AWS_ACCESS_KEY_ID: undefined, AWS_CONFIG_FILE: join(path, 'config') };
    await expect(run('regions-and-accounts', 'list-everywhere', more)).rejects.toMatchObject({
      code: 1,
      stdout: 'europe 1200 users\namerica 1200 users\n',
      stderr: expect.stringContaining('missing Connect.ListUsers failed: CredentialsProviderError'),
    });
    const text = await readFile(join(path, 'users-america.csv'), 'utf8');
    expect(text.split('\n')[0]).toBe('profile,Id,Username');
    expect(text.match(/^america,/gm)).toHaveLength(USERS);
  });

  describe.skipIf(!hasPostgres)('with a PostgreSQL (needs the Debian package postgresql)', () => {
    it('the programs of postgresql fill their tables, and the first one removes deleted users', async () => {
      await using server = await startPostgres();
      const pool = server.pool();
      await pool.query(folder.block('postgresql', 'sql', 0));
      await pool.query(folder.block('postgresql', 'sql', 1));
      expect(await run('postgresql', 'sync-users', server.env)).toContain('written: 1200, removed: 0');
      await pool.query("insert into users values ('gone', 'gone')");
      expect(await run('postgresql', 'sync-users', server.env)).toContain('written: 1200, removed: 1');
      // Its own quota begins at two requests a second.
      await using few = await startSandbox({ users: 5 });
      const more = { ...server.env, AWS_ENDPOINT_URL: few.endpoint, INSTANCE_ID: few.instanceId };
      expect(await run('postgresql', 'sync-details', more)).toContain('written: 5');
      const { rows } = await pool.query('select name from users order by name');
      expect(rows.map(({ name }) => name)).toEqual(userNames().sort());
    });
  });
});

/** Creates the table of DynamoDB that a page creates with the AWS CLI. */
async function createDocumentedTable(page: string): Promise<void> {
  const command = folder.block(page, 'sh');
  const [, table = ''] = /--table-name (\w+)/.exec(command) ?? [];
  const [, name = ''] = /AttributeName=(\w+),AttributeType=S/.exec(command) ?? [];
  expect(command).toContain(`--key-schema AttributeName=${name},KeyType=HASH`);
  await dynamo.createNamed(table, { name, type: 'S' });
}

/** Where a server that prints its address listens. */
function addressIn(line: string): string {
  const [, port] = /port: (\d+)/.exec(line) ?? [];
  return `http://127.0.0.1:${port}`;
}
