type Next = (args: unknown) => Promise<unknown>;

/**
 * Middleware that learns the account of the credentials that the SDK has resolved for a request, before the request is signed
 * and sent: asking for them earlier could cost a request to another service. `send` gets the account, if the credentials name
 * it, and sends the rest of the way.
 */
export function identified(
  send: (accountId: string | undefined, rest: () => Promise<unknown>) => Promise<unknown>,
) {
  return (next: Next, context: object) => (args: unknown) => send(accountIdIn(context), () => next(args));
}

/** Where the SDK keeps the identity that it has selected (@smithy/core 3.41, httpAuthSchemeMiddleware). */
function accountIdIn(context: object): string | undefined {
  const { selectedHttpAuthScheme } = Object(Reflect.get(context, '__smithy_context'));
  const { accountId } = Object(Object(selectedHttpAuthScheme).identity);
  return typeof accountId === 'string' && accountId !== '' ? accountId : undefined;
}

// After the step that resolves the credentials, before the SDK's retry and the signature, which has the time in it.
export const IDENTIFIED = { name: 'pageturnIdentified', step: 'build', priority: 'low', override: true };
