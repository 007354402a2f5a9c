import { fieldsOf, messageOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import { isCredentialError } from '../core/is-credential-error.js';
import { classify } from '../request/classify.js';
import { TOO_LARGE } from './row-items.js';
import { classifyCancelled } from './transaction-error.js';

/** What a failed request means, and what to do. The service's own message stays in the cause: it may quote values of a row. */
export function describeTableError(error: unknown, key: readonly string[]): string {
  const { cause } = fieldsOf(error);
  const { name } = fieldsOf(cause);
  const known = KNOWN.find(([wanted]) => wanted === name);
  if (known) return known[1];
  if (isCredentialError(cause)) return `AWS rejected the credentials (${name}); renew them`;
  if (name === 'ValidationException' && KEY_FLAW.test(messageOf(fieldsOf(cause)))) {
    return `its key is not ${key.join(' and ')}, or has another type; pass the names of its key attributes`;
  }
  if ((classifyCancelled(cause) ?? classify(cause)).kind === 'throttle') {
    return 'the table is throttled for too long; raise its capacity, and run it again to resume';
  }
  const message = error instanceof PageturnError ? error.message : `it failed (${name})`;
  return `${message}; fix the cause and run it again to resume`;
}

/** What DynamoDB says against one row, or undefined if its error is not about the content of a request. */
export function rowFlawOf(error: unknown): string | undefined {
  const { cause } = fieldsOf(error);
  if (fieldsOf(cause).name !== 'ValidationException') return undefined;
  return flawIn(messageOf(fieldsOf(cause)));
}

/** What is wrong with a row of which DynamoDB says this. */
export function flawIn(message: string): string {
  return (
    ROW_FLAWS.find(([pattern]) => pattern.test(message))?.[1] ??
    'was rejected (ValidationException; the cause says why)'
  );
}

const KNOWN: readonly (readonly [string, string])[] = [
  [
    'ResourceNotFoundException',
    'the table does not exist in this account and Region; create it, or correct its name',
  ],
  ['CredentialsProviderError', 'no AWS credentials were found; configure them, for example with AWS_PROFILE'],
  [
    'AccessDeniedException',
    'the credentials do not allow it; allow dynamodb:GetItem, UpdateItem, DeleteItem and BatchWriteItem on the table, and ConditionCheckItem and PutItem if a lease is given',
  ],
];

// What DynamoDB says about keys ("Programmatic errors" does not list the texts; these are what it answers).
const KEY_FLAW =
  /key element does not match|type mismatch for key|missing the key|key schema|number of conditions on the keys/i;

const ROW_FLAWS: readonly (readonly [RegExp, string])[] = [
  [/size has exceeded/i, TOO_LARGE],
  [KEY_FLAW, 'has a key of another type than the table; convert it with map()'],
  [
    /significant digits|magnitude|number overflow|number underflow/i,
    'has a number that DynamoDB cannot hold; convert it with map()',
  ],
  [/nesting levels/i, 'is nested more than 32 levels deep; convert it with map()'],
  [/size of (hashkey|rangekey)|aggregated size/i, 'has a key that is too long for DynamoDB'],
];
