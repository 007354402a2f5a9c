import { ConnectClient, ListUsersCommand } from '@aws-sdk/client-connect';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paginate } from '../../lib/aws/paginate.js';
import { fromPages } from '../../lib/from-pages.js';
import { leapingClock } from '../support/leaping-clock.js';
import { cannedServer } from './canned-server.js';

/** What happens to the text of one answer on its way. */
interface Mutation {
  readonly name: string;
  readonly apply: (text: string) => string;
}

const onBody = (name: string, apply: (body: Record<string, unknown>) => unknown): Mutation => ({
  name,
  apply: (text) => {
    try {
      const body: unknown = JSON.parse(text);
      return typeof body === 'object' && body !== null && !Array.isArray(body)
        ? (JSON.stringify(apply({ ...body })) ?? '')
        : text;
    } catch {
      return text;
    }
  },
});

const keys = fc.constantFrom('UserSummaryList', 'NextToken', 'ApproximateTotalCount');
const renames = fc.constantFrom<(name: string) => string>(
  (name) => name.toLowerCase(),
  (name) => name.toUpperCase(),
  (name) => `${name[0]?.toLowerCase()}${name.slice(1)}`,
  (name) => `${name}s`,
  (name) => name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);
const odd = fc.constantFrom<unknown>(
  null,
  '',
  0,
  7,
  true,
  false,
  {},
  [],
  [null],
  { a: 1 },
  'text',
  [[]],
  Number.MAX_VALUE,
);
const bodies = fc.constantFrom(
  '',
  ' ',
  '{}',
  '[]',
  'null',
  'true',
  '0',
  '"text"',
  '[[]]',
  '[{}]',
  '{"data":{}}',
  '{"error":null}',
  '{"message":"Rate exceeded"}',
  '{"message":""}',
  '{"error":{"code":"AccessDenied"}}',
  '{"errors":[]}',
  '{"__type":"ThrottlingException"}',
  '{"$metadata":{"UserSummaryList":[]}}',
  '{"__proto__":{"UserSummaryList":[]}}',
  '{"constructor":1}',
  '<html></html>',
  'Service Unavailable',
);

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  keys.map((key) => onBody(`without ${key}`, ({ [key]: _, ...rest }) => rest)),
  fc
    .tuple(keys, renames)
    .map(([key, rename]) =>
      onBody(`${key} as ${rename(key)}`, ({ [key]: value, ...rest }) => ({ ...rest, [rename(key)]: value })),
    ),
  renames.map((rename) =>
    onBody(`every key renamed`, (body) =>
      Object.fromEntries(Object.entries(body).map(([key, value]) => [rename(key), value])),
    ),
  ),
  fc
    .tuple(keys, odd)
    .map(([key, value]) =>
      onBody(`${key} = ${JSON.stringify(value)}`, (body) => ({ ...body, [key]: value })),
    ),
  fc
    .constantFrom('data', 'result', 'error', 'Output')
    .map((name) => onBody(`in ${name}`, (body) => ({ [name]: body }))),
  fc.nat(60).map((length) => ({
    name: `the first ${length} characters`,
    apply: (text: string) => text.slice(0, length),
  })),
  fc
    .nat(60)
    .map((length) => ({ name: `without ${length} characters`, apply: (text: string) => text.slice(length) })),
  bodies.map((body) => ({ name: `instead: ${body}`, apply: () => body })),
);

const scripts = fc.record({
  page: fc.nat(4),
  times: fc.constantFrom(1, 2, 1_000),
  row: fc.array(mutations, { minLength: 1, maxLength: 3 }),
});

const IDS = Array.from({ length: 10 }, (_, i) => `u${i}`);

function wholePage(page: number) {
  const UserSummaryList = IDS.slice(2 * page, 2 * page + 2).map((Id) => ({ Id }));
  return { UserSummaryList, NextToken: page < 4 ? String(page + 1) : undefined, ApproximateTotalCount: 10 };
}

/** Whether a reader who knows the three members finds any of them in a body. */
function hasContent(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return false;
    return ['UserSummaryList', 'NextToken', 'ApproximateTotalCount'].some((name) =>
      Object.hasOwn(body, name),
    );
  } catch {
    return false;
  }
}

/** The allowed outcomes of a run when the answers of one page were mutated. */
function judge({ text, page }: { text: string; page: number }, ids: readonly unknown[], error: unknown) {
  if (error !== undefined) {
    expect((error as { code?: string }).code).toMatch(
      /^ERR_(PAGE_INVALID|REQUEST_FAILED|RETRY_EXHAUSTED|TOKEN_)/,
    );
    return;
  }
  const isComplete = IDS.every((id) => ids.includes(id));
  // On the first page, an empty answer is an empty listing; any other answer with content is accepted.
  if (!isComplete) expect(page === 0 || hasContent(text)).toBe(true);
}

/** The answers of a service, those of one page mutated this many times. */
function mutated({ page, times, row }: { page: number; times: number; row: readonly Mutation[] }) {
  let left = times;
  const text = row.reduce((body, { apply }) => apply(body), JSON.stringify(wholePage(page)));
  const answer = (asked: number) => (asked === page && left-- > 0 ? text : JSON.stringify(wholePage(asked)));
  return { text, page, answer };
}

async function drain(listing: AsyncIterable<{ readonly Id?: string | undefined } | null>) {
  const ids: unknown[] = [];
  try {
    for await (const item of listing) ids.push(item?.Id);
    return { ids, error: undefined };
  } catch (error) {
    return { ids, error };
  }
}

describe('fuzzed answers', () => {
  it('a body mutated at random never ends a fromPages listing in silence', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const service = mutated(script);
        const listing = fromPages<{ Id: string }>(
          async (token) => {
            const body = JSON.parse(service.answer(Number(token ?? 0)));
            return {
              items: body.UserSummaryList,
              next: body.NextToken,
              total: body.ApproximateTotalCount,
              output: body,
            };
          },
          { clock: leapingClock() },
        );
        const { ids, error } = await drain(listing);
        judge(service, ids, error);
      }),
      { numRuns: 500 },
    );
  });

  it('a body mutated at random never ends a listing of the real client in silence', async () => {
    let service = mutated({ page: 0, times: 0, row: [] });
    const { config } = await cannedServer(({ url }) => ({
      body: service.answer(Number(new URL(url, 'http://x').searchParams.get('nextToken') ?? 0)),
    }));
    const client = new ConnectClient(config);
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        service = mutated(script);
        const users = paginate(
          client,
          ListUsersCommand,
          { InstanceId: 'i' },
          { pace: false, clock: leapingClock() },
        );
        const { ids, error } = await drain(users);
        judge(service, ids, error);
      }),
      { numRuns: 100 },
    );
  });
});
