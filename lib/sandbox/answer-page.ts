import { fingerprint } from '../core/fingerprint.js';
import type { Fault } from './fault.js';
import type { Call, PagedOperation } from './operation.js';
import { expiredToken, invalidParameter, invalidToken } from './service-error.js';

/** Answers one page of a paged operation and applies any paging fault to its list and token. */
export function answerPage(
  operation: PagedOperation,
  call: Call,
  { fault, sentTokens }: { readonly fault: Fault | undefined; readonly sentTokens: readonly string[] },
): object {
  const { NextToken, MaxResults, ...query } = call.input;
  const { tokens } = call.account;
  const limit = parseMaxResults(MaxResults, operation.pageSize);
  const scope = `${operation.name}|${fingerprint({ ...query, InstanceId: call.instance?.summary.Id })}`;
  if (NextToken !== undefined && typeof NextToken !== 'string')
    throw invalidParameter('NextToken must be a string');
  const position = NextToken === undefined ? FIRST : tokens.read(scope, NextToken);
  if (!position) throw invalidToken('it was not issued for this request');
  if (position === 'expired') throw expiredToken();

  if (fault?.kind === 'empty-page' || fault?.kind === 'missing-list') {
    const token = tokens.write(scope, { ...position, repeats: position.repeats + 1 });
    return { ...(fault.kind === 'empty-page' && { [operation.itemsKey]: [] }), NextToken: token };
  }
  const { items, next, extras } = operation.list({ ...call, after: position.after, limit });
  const token = next === undefined ? undefined : tokens.write(scope, { after: next, repeats: 0 });
  const repeated = fault?.kind === 'repeated-token' ? sentTokens.at(-(fault.distance ?? 1)) : undefined;
  return { [operation.itemsKey]: items, NextToken: repeated ?? token, ...extras };
}

const FIRST = { after: undefined, repeats: 0 };

function parseMaxResults(value: unknown, { max, default: fallback }: PagedOperation['pageSize']): number {
  if (value === undefined) return fallback;
  const size = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof size !== 'number' || !Number.isInteger(size))
    throw invalidParameter('MaxResults must be a whole number');
  if (size < 1 || size > max) {
    const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${max}`;
    throw invalidParameter(
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return size;
}
