import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../support/manual-clock.js';
import { start } from './client.js';
import { type RawRequest, send, sendBytes } from './raw-request.js';

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
const search = (fields: string) => `{"InstanceId":"ID",${fields}}`;

// The sandbox shows its own bugs as warnings; that of the AWS SDK is about Node 20.
const warnings: Error[] = [];
const onWarning = (warning: Error) => warning.message.includes('AWS SDK') || warnings.push(warning);
beforeEach(() => process.on('warning', onWarning));
afterEach(() => {
  process.off('warning', onWarning);
  expect(warnings.splice(0)).toEqual([]);
});

describe('a sandbox that gets malformed requests', () => {
  it.each([
    ['a token that is an object', search('"NextToken":{"toString":1}')],
    ['a token that is a list', search('"NextToken":["a"]')],
    ['a token that is a number', search('"NextToken":1e999')],
    ['a token of a million characters', search(`"NextToken":"${'x'.repeat(1_000_000)}"`)],
    ['a page size that is an object', search('"MaxResults":{"valueOf":1}')],
    ['a page size that is a list', search('"MaxResults":[5]')],
    ['a huge page size', search('"MaxResults":1e308')],
    ['a page size that is true', search('"MaxResults":true')],
    ['criteria 20,000 deep', search(`"SearchCriteria":${nested(20_000, '{"AndConditions":[', ']}')}`)],
    [
      'tags 20,000 deep',
      search(`"SearchFilter":${nested(20_000, '{"TagFilter":', '')}1${'}'.repeat(20_000)}`),
    ],
    ['20,000 conditions', search(`"SearchCriteria":{"OrConditions":[${'{},'.repeat(20_000)}{}]}`)],
    ['criteria that are a list', search('"SearchCriteria":[1]')],
    ['a prototype in the criteria', search('"SearchCriteria":{"__proto__":{"StringCondition":{}}}')],
    ['conditions of a prototype', search('"SearchCriteria":{"constructor":{}}')],
    ['an instance that is an object', '{"InstanceId":{"toString":1}}'],
    ['a body that is a list', '[]'],
    ['a body that is null', 'null'],
    ['a body that is a number', '1'],
    ['a body that is empty', ''],
    ['a body of two documents', '{}{}'],
    ['a body that is not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x80, 0x7d])],
    ['a list 200,000 deep', '['.repeat(200_000)],
  ])('a sandbox refuses %s, and keeps serving', async (_what, json) => {
    const { sandbox, InstanceId } = await start();
    const body = typeof json === 'string' ? json.replace('"ID"', JSON.stringify(InstanceId)) : json;
    const { status, errorType } = await send(sandbox.endpoint, {
      method: 'POST',
      path: '/search-users',
      body,
    });
    expect(status).toBe(400);
    expect(errorType).toMatch(/^(InvalidRequest|InvalidParameter|Serialization)Exception$/);
    expect((await send(sandbox.endpoint, { path: `/users-summary/${InstanceId}` })).status).toBe(200);
  });

  it('a sandbox reads null, and members named like those of a prototype, as plain data', async () => {
    const { sandbox, InstanceId } = await start({ users: 10 });
    const ask = async (fields: string) => {
      const body = search(fields).replace('ID', InstanceId);
      const { status, body: answer } = await send(sandbox.endpoint, {
        method: 'POST',
        path: '/search-users',
        body,
      });
      return [status, JSON.parse(answer).Users?.length];
    };
    expect(await ask('"__proto__":{"MaxResults":1},"constructor":{"prototype":1}')).toEqual([200, 10]);
    expect(await ask('"NextToken":null,"MaxResults":null,"SearchCriteria":null')).toEqual([200, 10]);
    for (const TagKey of ['__proto__', 'toString', 'constructor'])
      expect(await ask(`"SearchFilter":{"TagFilter":{"TagCondition":{"TagKey":"${TagKey}"}}}`)).toEqual([
        200, 0,
      ]);
  });

  it('a sandbox refuses a body above a megabyte without keeping it', async () => {
    const { sandbox } = await start();
    const body = Buffer.alloc(8_000_000, 0x20);
    const { status, errorType } = await send(sandbox.endpoint, {
      method: 'POST',
      path: '/search-users',
      body,
    });
    expect([status, errorType]).toEqual([413, 'RequestEntityTooLargeException']);
  });

  it.each([
    ['GET', '/users-summary/%E0%A4%A', 400],
    ['GET', '/users-summary/%00?maxResults=%FF&nextToken=%ZZ', 404],
    ['GET', '/users/__proto__/constructor', 404],
    ['GET', 'http://[', 404],
    ['GET', '*', 404],
    ['OPTIONS', '*', 404],
    ['HEAD', '/search-users', 404],
    ['DELETE', '/search-users', 404],
    ['PROPFIND', '/search-users', 404],
  ])('a sandbox answers %s %s with %i', async (method, path, status) => {
    const { sandbox } = await start();
    expect((await send(sandbox.endpoint, { method, path })).status).toBe(status);
  });

  it('a sandbox answers a long path', async () => {
    const { sandbox } = await start();
    const path = `/users-summary/${'%C3%A9'.repeat(2000)}`;
    expect((await send(sandbox.endpoint, { path })).status).toBe(400);
    expect((await send(sandbox.endpoint, { path: '/'.repeat(10_000) })).status).toBe(404);
  });

  it.each<[string, object]>([
    ['a name that would end the header', { name: 'Odd\r\nset-cookie: a=b' }],
    ['a name with a line feed', { name: 'Odd\n' }],
    ['a name outside of ASCII', { name: 'Öd' }],
    ['an empty name', { name: '' }],
    ['a name of a megabyte', { name: 'x'.repeat(1_000_000) }],
    ['a name that is an object', { name: {} }],
  ])('a sandbox refuses a fault with %s', async (_what, fields) => {
    const { sandbox } = await start();
    const fault = { kind: 'error', status: 400, ...fields } as Parameters<typeof sandbox.inject>[0];
    expect(() => sandbox.inject(fault)).toThrow(
      'fault.name must be a name of 1 to 200 visible ASCII characters',
    );
  });

  it('a sandbox lets more than ten requests wait at once without a warning about listeners', async () => {
    const clock = manualClock();
    const { sandbox } = await start({ latencyMs: 1000, clock });
    const waiting = Array.from({ length: 30 }, () => send(sandbox.endpoint, { path: '/instance' }));
    await expect.poll(() => clock.sleepers).toBe(30);
    await clock.advance(1000);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(30).fill(200));
  });

  it('a sandbox answers any request at all, and serves the next one', async () => {
    const { sandbox, InstanceId } = await start({ users: 20 });
    const known = fc.constantFrom(
      'NextToken',
      'MaxResults',
      'SearchCriteria',
      'AndConditions',
      'OrConditions',
    );
    const more = fc.constantFrom(
      'StringCondition',
      'TagFilter',
      'TagCondition',
      'TagKey',
      'Value',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        tie('record'),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
      record: fc.dictionary(fc.oneof(known, more), tie('tree'), { maxKeys: 3 }),
    }));
    const segment = fc.oneof(
      fc.constantFrom('users', 'search-users', InstanceId, '%', '..'),
      fc.webSegment(),
    );
    const requests: fc.Arbitrary<RawRequest> = fc.record({
      method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'PATCH'),
      path: fc.oneof(
        fc.constant('/search-users'),
        fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
        fc.webQueryParameters().map((query) => `/users-summary/${InstanceId}?${query}`),
      ),
      headers: fc.dictionary(
        fc.constantFrom('content-type', 'expect', 'origin', 'x-amz-date', 'authorization'),
        fc.stringMatching(/^[!-~]{1,20}$/),
      ),
      body: fc.oneof(
        tree.map((value) => JSON.stringify(Object.assign({ InstanceId }, value))),
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
      ),
    });
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { status = 0 } = await send(sandbox.endpoint, request);
        expect([200, 400, 403, 404, 417]).toContain(status);
        expect((await send(sandbox.endpoint, { path: '/instance' })).status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });

  it('a sandbox survives bytes that are not HTTP', async () => {
    const { sandbox } = await start();
    const lines = fc.oneof(
      fc.string(),
      fc.constantFrom('POST /search-users HTTP/1.1', 'host: x', 'content-length: 9', ''),
    );
    const texts = fc.array(lines).map((all) => Buffer.from(all.join('\r\n')));
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, fc.uint8Array()), async (bytes) => {
        await sendBytes(sandbox.endpoint, bytes);
        expect((await send(sandbox.endpoint, { path: '/instance' })).status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });
});
