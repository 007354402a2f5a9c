import { readFileSync } from 'node:fs';

/** A `ts` block of a Markdown file. */
export interface Snippet {
  /** Where it begins, such as `README.md:32`. */
  readonly place: string;
  readonly code: string;
}

/** The `ts` blocks of a Markdown file. */
export function snippetsOf(path: string, name: string): Snippet[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code = '' }) => ({
    place: `${name}:${text.slice(0, index).split('\n').length + 1}`,
    code,
  }));
}

/** The snippet as a module: preceded by the definitions of the names it uses without declaring them. */
export function toModule({ code }: Snippet): string {
  const names = new Set<string>();
  const add = (text: string) => {
    for (const [name, definition] of Object.entries(DEFINITIONS)) {
      if (names.has(name) || !uses(text, name) || declares(code, name)) continue;
      names.add(name);
      add(definition);
    }
  };
  add(code);
  const definitions = Object.keys(DEFINITIONS).filter((name) => names.has(name));
  return [...definitions.map((name) => DEFINITIONS[name]), code, 'export {};\n'].join('\n');
}

/**
 * The names that the documentation takes for granted, as code that runs against the sandbox named in the environment. A
 * definition may use the ones before it.
 */
const DEFINITIONS: Readonly<Record<string, string>> = {
  UserSummary: `import type { UserSummary } from '@aws-sdk/client-connect';`,
  InstanceId: `const InstanceId = process.env['INSTANCE_ID'] ?? '';`,
  client: `const client = new (await import('@aws-sdk/client-connect')).ConnectClient({});`,
  users: `const users = (await import('pageturn/connect')).listUsers(client, { InstanceId });`,
  dynamo: `const dynamo = new (await import('@aws-sdk/client-dynamodb')).DynamoDBClient({});`,
  redis: `const redis = new (await import('ioredis')).Redis(process.env['REDIS_URL'] ?? '');`,
  pool: `const pool = new (await import('pg')).default.Pool({ allowExitOnIdle: true });`,
  s3: `const s3 = new (await import('@aws-sdk/client-s3')).S3Client({});`,
  Bucket: `const Bucket = 'bucket';`,
  cursor: 'const { cursor } = users.open();',
  signal: 'const { signal } = new AbortController();',
  handle: 'const handle = async (_item: unknown) => {};',
  save: 'const save = async (_value: unknown) => {};',
  metrics: 'const metrics = { increment(_name: string, _fields: object) {} };',
  toCsv: `const toCsv = async function* (rows: AsyncIterable<{ readonly Username?: string | undefined }>) {
  for await (const { Username } of rows) yield \`\${Username}\\n\`;
};`,
  writable: `const writable = new (await import('node:stream/web')).WritableStream<unknown>();`,
  transaction: `const transaction = (work: (tx: Record<'upsert' | 'savePosition', (row: unknown) => Promise<void>>) => Promise<void>) =>
  work({ upsert: async () => {}, savePosition: async () => {} });`,
  myPager: `const myPager = async function* (
  fetchPage: import('pageturn').FetchPage<import('pageturn/testing').Item>,
  _options: object,
) {
  yield* (await fetchPage(undefined, {})).items ?? [];
};`,
};

function uses(text: string, name: string): boolean {
  // Neither a member nor the key of an object literal.
  return new RegExp(String.raw`(?<![.\w])${name}\b(?!\s*:)`).test(text);
}

function declares(code: string, name: string): boolean {
  const declaration = String.raw`\b(?:const|let|class|function|interface)\s+${name}\b`;
  const imported = String.raw`^import [^;]*\b${name}\b[^;]*\bfrom\b`;
  return new RegExp(`${declaration}|${imported}`, 'm').test(code);
}
