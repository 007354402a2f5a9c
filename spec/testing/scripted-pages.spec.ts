import { describe, expect, it } from 'vitest';
import type { Page } from '../../lib/core/page.js';
import {
  type ScriptedPages,
  type ScriptedPagesOptions,
  scriptedPages,
  virtualClock,
} from '../../lib/testing/index.js';

const LETTERS = [...'abcdefghij'];

function script(options: Partial<ScriptedPagesOptions<string>> = {}): ScriptedPages<string> {
  return scriptedPages({ items: LETTERS, pageSize: 4, ...options });
}

/** What a loop that ignores errors gets: the items of each page, or the name of an error. */
async function walk({ fetchPage }: ScriptedPages<string>, most = 10): Promise<string[]> {
  const answers: string[] = [];
  let token: string | undefined;
  while (answers.length < most) {
    const page: Page<string> | Error = await fetchPage(token, {}).catch((error: Error) => error);
    if (page instanceof Error) {
      answers.push(page.name);
      continue;
    }
    answers.push((page.items ?? ['no list']).join(''));
    if (!page.next) break;
    token = page.next;
  }
  return answers;
}

describe('a scripted service', () => {
  it('a scripted service delivers its items in pages, the last one without a token', async () => {
    expect(await walk(script())).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('a scripted service honours the requested page size', async () => {
    const { fetchPage } = script();
    const first = await fetchPage(undefined, { pageSize: 3 });
    expect(first.items).toEqual(['a', 'b', 'c']);
    expect((await fetchPage(first.next ?? undefined, { pageSize: 5 })).items).toEqual([
      'd',
      'e',
      'f',
      'g',
      'h',
    ]);
  });

  it('the same position always has the same token and other positions have others', async () => {
    const { fetchPage, requests } = script();
    await walk({ fetchPage } as ScriptedPages<string>);
    await walk({ fetchPage } as ScriptedPages<string>);
    const tokens = requests.map(({ token }) => token);
    expect(tokens.slice(3)).toEqual(tokens.slice(0, 3));
    expect(new Set(tokens).size).toBe(3);
  });

  it('a scripted service rejects a token it did not issue', async () => {
    const { fetchPage } = script();
    await expect(fetchPage('made-up', {})).rejects.toMatchObject({
      name: 'InvalidRequestException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('the script sets the token of the last page', async () => {
    const { fetchPage } = script({ pageSize: 100, lastToken: '' });
    expect(await fetchPage(undefined, {})).toEqual({ items: LETTERS, next: '' });
  });

  it('the script can add an empty last page', async () => {
    expect(await walk(script({ emptyLastPage: true, pageSize: 5 }))).toEqual(['abcde', 'fghij', '']);
  });

  it('a throttle carries Retry-After in the shape of the SDK', async () => {
    const { fetchPage } = script({ faults: { 1: { kind: 'throttle', retryAfterSeconds: 7 } } });
    await expect(fetchPage(undefined, {})).rejects.toMatchObject({
      name: 'ThrottlingException',
      $fault: 'client',
      $metadata: { httpStatusCode: 429 },
      $response: { headers: { 'retry-after': '7' } },
    });
  });

  it('a scripted failure does not advance the listing', async () => {
    const faults = {
      1: { kind: 'throttle' },
      3: { kind: 'server-error' },
      4: { kind: 'reset' },
      6: { kind: 'error' },
      7: { kind: 'expired-token' },
    } as const;
    expect(await walk(script({ faults }))).toEqual([
      'ThrottlingException',
      'abcd',
      'InternalServiceException',
      'Error',
      'efgh',
      'AccessDeniedException',
      'InvalidRequestException',
      'ij',
    ]);
  });

  it('a scripted error is thrown as it is', async () => {
    const error = new Error('of my own');
    const { fetchPage } = script({ faults: { 1: { kind: 'error', error } } });
    await expect(fetchPage(undefined, {})).rejects.toBe(error);
  });

  it('empty pages and pages without a list continue at the same position', async () => {
    const faults = {
      1: { kind: 'empty-page' },
      3: { kind: 'empty-page' },
      4: { kind: 'missing-list' },
    } as const;
    const service = script({ faults });
    expect(await walk(service)).toEqual(['', 'abcd', '', 'no list', 'efgh', 'ij']);
    expect(new Set(service.requests.map(({ token }) => token)).size).toBe(6);
  });

  it('an empty answer has neither a list nor a token, and does not advance the listing', async () => {
    const { fetchPage } = script({ faults: { 2: { kind: 'empty-answer' } } });
    const { next } = await fetchPage(undefined, {});
    expect(await fetchPage(next ?? undefined, {})).toEqual({ next: undefined });
    expect((await fetchPage(next ?? undefined, {})).items).toHaveLength(4);
  });

  it.each([
    [1, ['abcd', 'efgh', 'efgh', 'efgh']],
    [2, ['abcd', 'efgh', 'ij', 'efgh', 'ij', 'efgh']],
  ])('a token is repeated forever at distance %i', async (distance, pages) => {
    const faults = { [distance + 1]: { kind: 'repeated-token', distance } } as const;
    expect(await walk(script({ faults }), pages.length)).toEqual(pages);
  });

  it('a hanging request ends when its signal aborts, and the log says so', async () => {
    const service = script({ faults: { 1: { kind: 'hang' } } });
    const abort = new AbortController();
    const page = service.fetchPage(undefined, { signal: abort.signal });
    abort.abort('enough');
    await expect(page).rejects.toBe('enough');
    expect(service.requests).toMatchObject([{ number: 1, aborted: true, answer: undefined }]);
  });

  it('latency passes on the clock of the service', async () => {
    const clock = virtualClock();
    const { fetchPage } = script({ clock, faults: { 1: { kind: 'latency', latencyMs: 250 } } });
    await fetchPage(undefined, {});
    expect(clock.now()).toBe(250);
  });

  it('a change of the directory shifts no item across a token', async () => {
    const service = script({
      faults: {
        2: {
          kind: 'change',
          change: (directory) => {
            directory.remove(3);
            directory.insert(0, 'new');
            directory.replace(4, 'E');
          },
        },
      },
    });
    expect(await walk(service)).toEqual(['abcd', 'Efgh', 'ij']);
    expect(service.directory.items.join('')).toBe('newabcEfghij');
  });

  it('beyond maxRequests every request fails, and beyond twice that the listing ends', async () => {
    const service = script({ maxRequests: 2 });
    expect(await walk(service)).toEqual([
      'abcd',
      'efgh',
      'TooManyScriptedRequests',
      'TooManyScriptedRequests',
      '',
    ]);
    expect(service.overrun).toBe(true);
  });

  it.each([0, 1.5, Number.NaN])('a page size of %d is refused', (pageSize) => {
    expect(() => script({ pageSize })).toThrow('pageSize must be a whole number of at least 1');
  });
});
