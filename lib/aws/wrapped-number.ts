/** A number as the DynamoDB document client takes it, and gives it with `wrapNumbers: true`. */
export interface WrappedNumber {
  readonly value: string;
}

export function isWrappedNumber(value: unknown): value is WrappedNumber {
  const { value: text, toAttributeValue } = Object(value) as { value?: unknown; toAttributeValue?: unknown };
  return typeof text === 'string' && typeof toAttributeValue === 'function';
}
