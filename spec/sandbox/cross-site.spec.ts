import { describe, expect, it } from 'vitest';
import { start } from './client.js';
import { send } from './raw-request.js';

const body = JSON.stringify({ InstanceId: 'x' });

describe('a request of a web page', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['another site that sends plain text', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['another site, as the browser reports it', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site, as the browser reports it', { 'sec-fetch-site': 'same-site' }],
    ['a name that points to this machine', { host: 'evil.example' }],
    ['a name that looks like this machine', { host: 'localhost.evil.example' }],
    ['a host that is none', { host: 'a b' }],
  ])('a request of %s is refused, and takes nothing from the quota', async (_what, headers) => {
    const { sandbox, InstanceId } = await start({ ratePerSecond: 0.001, burst: 1 });
    const { status, errorType } = await send(sandbox.endpoint, {
      method: 'POST',
      path: '/search-users',
      headers,
      body,
    });
    expect([status, errorType]).toEqual([403, 'AccessDeniedException']);
    const path = `/users-summary/${InstanceId}`;
    expect((await send(sandbox.endpoint, { path, headers })).status).toBe(403);
    expect((await send(sandbox.endpoint, { path })).status).toBe(200);
    expect(sandbox.stats().requests).toBe(1);
  });

  it('a request of any page is answered where cors is true', async () => {
    const { sandbox, InstanceId } = await start({ cors: true });
    const headers = { origin: 'https://page.example', 'sec-fetch-site': 'cross-site', host: 'page.example' };
    expect((await send(sandbox.endpoint, { path: `/users-summary/${InstanceId}`, headers })).status).toBe(
      200,
    );
  });

  it.each([
    ['localhost', { host: 'localhost:8080' }],
    ['a subdomain of localhost', { host: 'connect.localhost' }],
    ['an IPv4 address', { host: '127.0.0.1' }],
    ['an IPv6 address', { host: '[::1]:80' }],
    ['the address bar of a browser', { 'sec-fetch-site': 'none' }],
  ])('a request to %s is answered', async (_what, headers) => {
    const { sandbox, InstanceId } = await start();
    expect((await send(sandbox.endpoint, { path: `/users-summary/${InstanceId}`, headers })).status).toBe(
      200,
    );
  });
});
