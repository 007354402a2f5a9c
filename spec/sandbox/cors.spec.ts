import { expect, it } from 'vitest';
import { start } from './client.js';

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: {
    origin: 'http://page.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization,x-amz-date',
  },
};

/** The names of the headers of an answer that belong to CORS. */
const corsHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

it('a sandbox sends no CORS headers by default, so that a browser keeps other pages away', async () => {
  const { sandbox, InstanceId } = await start();
  const url = `${sandbox.endpoint}/users-summary/${InstanceId}`;
  const preflight = await fetch(url, PREFLIGHT);
  expect([preflight.status, corsHeaders(preflight)]).toEqual([403, []]);
  expect(corsHeaders(await fetch(url))).toEqual([]);
});

it('a sandbox with cors: true lets a page of any origin read the answers and the headers of errors', async () => {
  const { sandbox } = await start({ cors: true });
  const { status, headers } = await fetch(`${sandbox.endpoint}/users-summary/wrong`);
  expect(status).toBe(404);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-expose-headers')?.split(', ')).toContain('x-amzn-errortype');
});

it('a sandbox with cors: true answers a preflight with the method and headers it asks for', async () => {
  const { sandbox, InstanceId } = await start({ cors: true });
  const { status, headers } = await fetch(`${sandbox.endpoint}/users-summary/${InstanceId}`, PREFLIGHT);
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-methods')).toBe('GET');
  expect(headers.get('access-control-allow-headers')).toBe('authorization,x-amz-date');
});

it('a preflight takes nothing from the quota, and does not count as a request', async () => {
  const { sandbox, InstanceId } = await start({ cors: true, ratePerSecond: 0.001, burst: 1 });
  const url = `${sandbox.endpoint}/users-summary/${InstanceId}`;
  for (let n = 0; n < 3; n++) await fetch(url, PREFLIGHT);
  expect((await fetch(url)).status).toBe(200);
  expect(sandbox.stats().requests).toBe(1);
});
