import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './attribute-value.js';

/** The largest item. "Limits" in the developer guide. */
export const LARGEST_ITEM = 400 * 1024;

/**
 * The size of an item as DynamoDB counts it, or less: a character is counted as one byte, and a number of n digits as n / 2.
 * Its JSON is at most eight times as long, because an escaped character takes six bytes, and an element that is counted as
 * two takes fourteen.
 */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
}

function sizeOf({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return S.length;
  if (N !== undefined) return N.length / 2;
  if (B !== undefined) return B.length;
  if (SS) return sum(SS, (text) => text.length);
  if (NS) return sum(NS, (digits) => digits.length / 2);
  if (BS) return sum(BS, (bytes) => bytes.length);
  if (L) return 3 + sum(L, (value) => 1 + sizeOf(value));
  if (M) return 3 + Object.keys(M).length + itemSize(M);
  return 1;
}

function sum<T>(list: readonly T[], sizeOfOne: (one: T) => number): number {
  return list.reduce((total, one) => total + sizeOfOne(one), 0);
}
