import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets a page of any origin read the answer, and answers the preflight that a browser sends before the request itself.
 * Returns true when the request was such a preflight and is done: it takes nothing from the quota.
 */
export function crossOrigin({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', READABLE);
  const wantedMethod = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || wantedMethod === undefined) return false;
  response.setHeader('access-control-allow-methods', wantedMethod);
  // The headers are named one by one: a wildcard does not cover `authorization` (Fetch standard, CORS protocol).
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '');
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  response.writeHead(204).end();
  return true;
}

/** What a client reads besides the body: which error it is, how long to wait, and the service's time. */
const READABLE = 'x-amzn-errortype, x-amzn-requestid, retry-after, date';

/** Chromium keeps a preflight for two hours at most. */
const PREFLIGHT_SECONDS = 7200;
