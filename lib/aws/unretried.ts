/**
 * A view of a client whose requests the SDK does not retry, because pageturn retries them. The caller's client is not
 * modified: the view inherits everything but the middleware stack, and each request gets a copy of that with a
 * pass-through in place of the retry step (removing the step breaks signing, which is placed relative to it). A custom
 * client without a middleware stack is returned as it is.
 */
export function unretried<C extends object>(client: C): C {
  if (!hasStack(client)) return client;
  const view = views.get(client) ?? createView(client);
  views.set(client, view);
  return view as C;
}

const views = new WeakMap<object, object>();

interface Stack {
  clone(): Stack;
  add(middleware: (next: Next) => Next, options: object): void;
}

type Next = (args: unknown) => unknown;

function createView(client: { readonly middlewareStack: Stack }): object {
  return Object.create(client, {
    // A getter, so that middleware the caller adds later applies here too.
    middlewareStack: {
      get() {
        const stack = client.middlewareStack.clone();
        stack.add((next) => (args) => next(args), PASS_THROUGH);
        return stack;
      },
    },
  });
}

function hasStack(client: object): client is { readonly middlewareStack: Stack } {
  const { middlewareStack } = client as { middlewareStack?: Partial<Stack> };
  return typeof middlewareStack?.clone === 'function';
}

// The options of the SDK's own retry step (@smithy/core 3.41, retryMiddlewareOptions), which put this one in its place.
const PASS_THROUGH = {
  name: 'retryMiddleware',
  tags: ['RETRY'],
  step: 'finalizeRequest',
  priority: 'high',
  override: true,
};
