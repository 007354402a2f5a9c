import { chainOf, type ErrorFields, fieldsOf, messageOf } from './error-fields.js';
import { PageturnError } from './errors.js';
import type { ValueTypes } from './typed-json.js';

/** An item that `mapAsync` failed on, and why. */
export interface FailedItem<T> {
  readonly item: T;
  readonly error: FailedItemError;
  /** Requests sent for it. */
  readonly attempts: number;
  /** When it failed, in ISO 8601. */
  readonly at: string;
  /** In a destination, where the item is plain JSON: what it needs to become itself again, for `readFailed`. */
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
  const [outer = {}] = chainOf(thrown);
  const told: ErrorFields = thrown instanceof PageturnError ? fieldsOf(thrown.cause ?? thrown) : outer;
  const metadata = fieldsOf(told.$metadata) as { readonly requestId?: unknown; readonly attempts?: unknown };
  const attempts = thrown instanceof PageturnError ? thrown.attempts : metadata.attempts;
  const message = typeof thrown === 'string' ? thrown : messageOf(told);
  return {
    item,
    error: {
      name: text(told.name) ?? typeof thrown,
      code: text(outer.code) ?? 'ERR_CALLBACK_FAILED',
      ...(message !== '' && { message }),
      ...(typeof metadata.requestId === 'string' && { requestId: metadata.requestId }),
    },
    attempts: typeof attempts === 'number' ? attempts : 1,
    at: new Date().toISOString(),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
