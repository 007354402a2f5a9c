import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../lib/sandbox/index.js';
import { buckets } from './support/buckets.js';
import { type Snippet, snippetsOf, toModule } from './support/snippets.js';
import { hasRedis, type RedisServer, startRedis } from './support/start-redis.js';
import { tables } from './support/tables.js';

const root = resolve(import.meta.dirname, '..');
const docs = (await readdir(join(root, 'docs'))).filter((file) => file.endsWith('.md'));
const pages = ['README.md', ...docs.map((file) => join('docs', file))];
const snippets = pages.flatMap((page) => snippetsOf(join(root, page), page));
// A snippet that defines tests only runs inside a test runner; spec/postgres runs those that need a database.
const runnable = snippets.filter(
  ({ code }) =>
    !/from '(vitest|pg|pageturn\/postgres)'/.test(code) && (hasRedis || !code.includes('pageturn/redis')),
);

/** The instance id in the README's first snippet. */
const EXAMPLE_ID = 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111';

const dynamo = tables();
const store = buckets();

let redis: RedisServer | undefined;
let folder: string;
/** By file name: the errors of the compiler, and those at run time. */
const compileErrors = new Map<string, string[]>();
let runErrors: Readonly<Record<string, string>>;

// The modules must be inside the package, where `pageturn` resolves to its own build.
beforeAll(async () => {
  await mkdir(join(root, 'coverage'), { recursive: true });
  folder = await mkdtemp(join(root, 'coverage', 'snippets-'));
  const quotas = createServer((_request, response) => response.end('{"Quotas":[]}')).listen(0, '127.0.0.1');
  await once(quotas, 'listening');
  await using sandbox = await startSandbox({ users: 3, ratePerSecond: Number.POSITIVE_INFINITY });
  const { endpoint, instanceId } = sandbox;
  for (const snippet of snippets) {
    await writeFile(join(folder, fileOf(snippet)), toModule(snippet).replaceAll(EXAMPLE_ID, instanceId));
  }
  await compile();
  await dynamo.createNamed('users', { name: 'Id', type: 'S' });
  await dynamo.createNamed('checkpoints', { name: 'key', type: 'S' });
  store.create('exports');
  redis = hasRedis ? await startRedis() : undefined;
  await run({
    ...(redis && { REDIS_URL: redis.url }),
    AWS_ENDPOINT_URL_S3: store.endpoint(),
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint(),
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: `http://127.0.0.1:${(quotas.address() as AddressInfo).port}`,
    INSTANCE_ID: instanceId,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
  });
  quotas.close();
}, 300_000);
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('the documentation', () => {
  it('the README and the docs contain snippets', () => {
    expect(snippets.length).toBeGreaterThan(10);
  });

  it.each(snippets)('the snippet at $place compiles', (snippet) => {
    expect(compileErrors.get(fileOf(snippet))).toBeUndefined();
  });

  it.each(runnable)('the snippet at $place runs against the sandbox', (snippet) => {
    expect(runErrors[fileOf(snippet)]).toBe('');
  });
});

function fileOf({ place }: Snippet): string {
  return `${place.replace(/\W/g, '-')}.ts`;
}

async function compile(): Promise<void> {
  const tsconfig = {
    extends: '../../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  for (const line of stdout.split('\n').filter((text) => text.includes(': error '))) {
    const file = basename(line.slice(0, line.indexOf('(')));
    compileErrors.set(file, [...(compileErrors.get(file) ?? []), line]);
  }
}

/** Runs the snippets one after the other in one process, in the folder, where some of them write files. */
async function run(environment: NodeJS.ProcessEnv): Promise<void> {
  const files = runnable.map(fileOf);
  await writeFile(
    join(folder, 'run.mjs'),
    `import { writeFileSync } from 'node:fs';
const results = {};
for (const file of ${JSON.stringify(files)}) {
  results[file] = await import('./' + file).then(() => '', (error) => String(error?.stack ?? error));
}
writeFileSync('results.json', JSON.stringify(results));
process.exit();
`,
  );
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'run.mjs'], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  runErrors = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
}
