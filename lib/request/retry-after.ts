/**
 * How long the service asked to wait, in milliseconds: `x-amz-retry-after` (milliseconds) or `Retry-After` (seconds or a
 * date) from the headers of an error, which may be a `Headers` or a plain object. Undefined if it did not say.
 */
export function retryAfter(error: unknown): number | undefined {
  const { $response, response, headers } = error as Record<string, { headers?: unknown } | undefined>;
  for (const candidate of [$response?.headers, response?.headers, headers]) {
    if (typeof candidate !== 'object' || candidate === null) continue;
    const ms = readMs(header(candidate, 'x-amz-retry-after')) ?? readSecondsOrDate(candidate);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

function readSecondsOrDate(headers: object): number | undefined {
  const value = header(headers, 'retry-after');
  const seconds = readMs(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(value ?? '');
  if (Number.isNaN(date)) return undefined;
  // By the service's own clock if it sends the date: the local clock may be wrong.
  const sent = Date.parse(header(headers, 'date') ?? '');
  return Math.max(0, date - (Number.isNaN(sent) ? Date.now() : sent));
}

function readMs(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function header(headers: object, name: string): string | undefined {
  if ('get' in headers && typeof headers.get === 'function') return text(headers.get(name));
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return text(entry?.[1]);
}

function text(value: unknown): string | undefined {
  if (Array.isArray(value)) return text(value[0]);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
