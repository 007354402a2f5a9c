import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxFor } from '../support/sandbox-for.js';
import { type Bundle, bundle } from './bundle.js';
import { hasChromium, openPage, startChromium } from './chromium.js';

// Each program leaves its exports in a variable of the page.
declare const listUsers: typeof import('./programs/list-users.js');
declare const listRows: typeof import('./programs/list-rows.js');

describe.skipIf(!hasChromium)('in a browser (needs chromium, or its path in CHROMIUM)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  describe('the SDK client', () => {
    const openProgram = async () => openPage(browser, await scriptOf('listUsers'));

    it('a browser lists 5,000 users at the quota of the service, each once and in order', async () => {
      const sandbox = await sandboxFor({ users: 5000, ratePerSecond: 2, burst: 5, cors: true });
      const page = await openProgram();
      const outcome = await page.evaluate((address) => listUsers.list(address), addressOf(sandbox));
      expect(outcome).toMatchObject({ ids: idsOf(sandbox), reason: 'exhausted' });
    });

    it('a browser ends an aborted run at once, and a page opened later resumes it from its cursor', async () => {
      const sandbox = await sandboxFor({ users: 5000, cors: true });
      sandbox.inject({ kind: 'hang' }, { afterRequests: 2 });
      const page = await openProgram();
      const run = page.evaluate((address) => listUsers.list(address), addressOf(sandbox));
      await expect.poll(() => sandbox.stats().requests).toBe(3);
      await page.evaluate(() => listUsers.leave());
      const { ids, reason, error, cursor } = await run;
      expect([reason, error]).toEqual(['aborted', 'Error: the page was left']);

      const later = await openProgram();
      const rest = await later.evaluate(([address, from]) => listUsers.list(address, { from }), [
        addressOf(sandbox),
        cursor,
      ] as const);
      expect(rest).toMatchObject({ reason: 'exhausted', error: undefined });
      expect(ids).toHaveLength(2000);
      expect([...ids, ...rest.ids]).toEqual(idsOf(sandbox));
    });

    it('a browser waits out throttles, server errors and connections that break', async () => {
      const sandbox = await sandboxFor({ users: 1000, cors: true });
      for (const kind of ['throttle', 'server-error', 'truncated', 'reset'] as const)
        sandbox.inject({ kind });
      const page = await openProgram();
      const outcome = await page.evaluate((address) => listUsers.list(address), addressOf(sandbox));
      expect(outcome).toMatchObject({ ids: idsOf(sandbox), reason: 'exhausted' });
    });
  });

  describe('fetch', () => {
    it('a browser lists an API through fromPages, despite broken connections', async () => {
      const sandbox = await sandboxFor({ users: 500, cors: true });
      sandbox.inject({ kind: 'truncated' });
      sandbox.inject({ kind: 'reset' }, { afterRequests: 1 });
      const page = await openPage(browser, await scriptOf('listRows'));
      const url = `${sandbox.endpoint}/users-summary/${sandbox.instanceId}`;
      const outcome = await page.evaluate((address) => listRows.list(address), url);
      expect(outcome).toEqual({ ids: idsOf(sandbox), reason: 'exhausted' });
    });
  });
});

type Bed = Awaited<ReturnType<typeof sandboxFor>>;

/** A program as a script that leaves its exports in a variable of its name; with the SDK client it takes seconds to bundle. */
async function scriptOf(name: keyof typeof PROGRAMS): Promise<string> {
  const file = resolve(import.meta.dirname, 'programs', PROGRAMS[name]);
  scripts[name] ??= bundle(`export * from ${JSON.stringify(file)}`, { globalName: name });
  return (await scripts[name]).code;
}

const PROGRAMS = { listUsers: 'list-users.ts', listRows: 'list-rows.ts' };
const scripts: Partial<Record<keyof typeof PROGRAMS, Promise<Bundle>>> = {};

const addressOf = ({ instanceId, clientConfig }: Bed) => ({ instanceId, clientConfig });
const idsOf = ({ directory }: Bed) => [...directory.users()].map(({ Id }) => Id);
