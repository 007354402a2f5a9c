import { LogLevel, WebClient } from '@slack/web-api';
import type { Item, Pager } from '../../../lib/testing/index.js';
import { startLoopback } from '../loopback.js';

interface Body {
  readonly members?: Item[];
}

/** The Slack client's pagination over loopback; resumes with `cursor`. It keeps its ten retries, but not their delays. */
export const slack: Pager = {
  name: '@slack/web-api',
  supports: ['retry', 'resume', 'input'],
  async list(fetchPage) {
    const service = await startLoopback(fetchPage, {
      tokenName: 'cursor',
      pageOf: (members, next) => ({ ok: true, members, response_metadata: { next_cursor: next ?? '' } }),
      errorBodyOf: (error) => ({ ok: false, error }),
    });
    const client = new WebClient('xoxb-scripted', {
      slackApiUrl: service.url,
      logLevel: LogLevel.ERROR,
      retryConfig: { minTimeout: 0, maxTimeout: 1 },
    });
    const input = {};
    return {
      input,
      close: service.close,
      open({ from }) {
        let { cursor } = (from ?? {}) as { cursor?: string | undefined };
        async function* items(): AsyncGenerator<Item> {
          for await (const page of client.paginate('users.list', cursor ? { cursor } : input)) {
            yield* (page as Body).members ?? [];
            cursor = page.response_metadata?.next_cursor || undefined;
          }
        }
        return {
          [Symbol.asyncIterator]: items,
          get cursor() {
            return { cursor };
          },
        };
      },
    };
  },
};
