import { chainOf, type ErrorFields, fieldsOf, messageOf } from './error-fields.js';
import { isPageturnError } from './errors.js';
import type { ValueTypes } from './typed-json.js';

/** An item that `mapAsync` failed on, and why. */
export interface FailedItem<T> {
  readonly item: T;
  readonly error: FailedItemError;
  /** Requests sent for it. */
  readonly attempts: number;
  /** When it failed, in ISO 8601. */
  readonly at: string;
  /** In a destination, where the item is plain JSON: what `readFailed` needs to restore it. */
  readonly types?: ValueTypes;
}

/** The error of the service, if there is one, or what was thrown. */
export interface FailedItemError {
  readonly name: string;
  /** The code of an error of pageturn or of Node; ERR_CALLBACK_FAILED for any other. */
  readonly code: string;
  /** As the service or the callback wrote it: it may contain names. */
  readonly message?: string;
  readonly requestId?: string;
}

/** The record of an item that failed now. */
export function failedItem<T>(item: T, thrown: unknown): FailedItem<T> {
  const chain: readonly ErrorFields[] = [...chainOf(thrown)];
  const [outer = {}, inner = outer] = chain;
  const isOurs = isPageturnError(thrown);
  const source = isOurs ? inner : outer;
  const metadata = chain.map(({ $metadata }) => fieldsOf($metadata) as Metadata);
  const requestId = metadata.find((one) => typeof one.requestId === 'string')?.requestId;
  const attempts = isOurs ? thrown.attempts : metadata[0]?.attempts;
  const message = typeof thrown === 'string' ? thrown : messageOf(source);
  return {
    item,
    error: {
      name: text(source.name) ?? typeof thrown,
      code: text(outer.code) ?? 'ERR_CALLBACK_FAILED',
      ...(message !== '' && { message }),
      ...(typeof requestId === 'string' && { requestId }),
    },
    attempts: typeof attempts === 'number' ? attempts : 1,
    at: new Date().toISOString(),
  };
}

/** What the AWS SDK notes about the request of an answer or an error. */
interface Metadata {
  readonly requestId?: unknown;
  readonly attempts?: unknown;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
