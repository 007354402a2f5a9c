import type { Receipt } from '../../core/receipt.js';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const optional = (isValid: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || isValid(value);

/** The members of a receipt that a check relies on. */
const MEMBERS: readonly (readonly [keyof Receipt, (value: unknown) => boolean])[] = [
  ['target', isText],
  ['end', (value) => ['exhausted', 'limit', 'partial', 'aborted', 'failed'].includes(value as string)],
  ['complete', (value) => typeof value === 'boolean'],
  ['startedAt', isTime],
  ['endedAt', isTime],
  ['items', isCount],
  ['written', isCount],
  ['bytes', optional(isCount)],
  ['sha256', optional((value) => /^[\da-f]{64}$/.test(String(value)))],
];

/** A receipt as JSON has it, or what is wrong with it. */
export function readReceipt(value: unknown): Receipt | { readonly flaw: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { flaw: 'not a receipt: it is not an object' };
  }
  const members = value as Readonly<Record<string, unknown>>;
  const wrong = MEMBERS.find(([name, isValid]) => !isValid(members[name]))?.[0];
  if (wrong !== undefined) {
    const what = members[wrong] === undefined ? 'has no' : 'has a damaged';
    return { flaw: `not a receipt: it ${what} ${wrong}` };
  }
  const receipt = value as Receipt;
  if (receipt.complete !== (receipt.end === 'exhausted')) {
    return { flaw: 'the receipt is damaged: its end and complete disagree' };
  }
  if ((receipt.bytes === undefined) !== (receipt.sha256 === undefined)) {
    return { flaw: 'the receipt is damaged: it has only one of bytes and sha256' };
  }
  return receipt;
}
