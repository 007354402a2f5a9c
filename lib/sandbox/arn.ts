/** The region the sandbox reports. */
export const REGION = 'us-east-1';

/** The account number AWS uses in its own examples. */
export const ACCOUNT_ID = '123456789012';

export function instanceArn(instanceId: string): string {
  return `arn:aws:connect:${REGION}:${ACCOUNT_ID}:instance/${instanceId}`;
}
