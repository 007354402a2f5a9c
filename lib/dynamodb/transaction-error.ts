import type { SendOptions } from '../aws/create-send.js';
import { fieldsOf } from '../core/error-fields.js';
import { type Classification, classify } from '../request/classify.js';

/** Options by which a transaction that was cancelled for a passing reason is sent again. */
export function withTransactions<O extends Pick<SendOptions, 'retry'>>(options: O): O {
  const { retry = {} } = options;
  if (typeof retry !== 'object') return options;
  const usual = retry.classify ?? classify;
  return { ...options, retry: { ...retry, classify: (error) => classifyCancelled(error) ?? usual(error) } };
}

/** The first reason why a transaction was cancelled, and which of its actions had it. */
export function cancellationOf(error: unknown): Cancellation | undefined {
  const { name, CancellationReasons } = fieldsOf(error) as CancelledFields;
  if (name !== 'TransactionCanceledException' || !Array.isArray(CancellationReasons)) return undefined;
  const nth = CancellationReasons.findIndex(({ Code }) => Code !== undefined && Code !== 'None');
  const { Code: code = '', Message: message = '' } = CancellationReasons[nth] ?? {};
  return { nth, code, message };
}

/** Whether the endpoint has no transactions: DynamoDB has, and some emulators have not. */
export function lacksTransactions(error: unknown): boolean {
  const { name } = fieldsOf(fieldsOf(error).cause);
  return name === 'UnknownOperationException';
}

interface Cancellation {
  readonly nth: number;
  readonly code: string;
  readonly message: string;
}

interface CancelledFields {
  readonly name?: unknown;
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Message?: string }[];
}

// "TransactWriteItems", "Errors", in the API reference lists the codes.
const THROTTLES = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'TransactionConflict']);

/** What an error means that only transactions have. */
export function classifyCancelled(error: unknown): Classification | undefined {
  const { code } = cancellationOf(error) ?? {};
  if (code !== undefined && THROTTLES.has(code)) return { kind: 'throttle' };
  return fieldsOf(error).name === 'TransactionInProgressException' ? { kind: 'transient' } : undefined;
}
