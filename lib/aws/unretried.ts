/**
 * A view of a client whose requests are not retried by the SDK, for pageturn to retry them itself. The caller's client
 * is not touched: the view inherits everything from it but the middleware stack, of which each request gets a copy with
 * a pass-through under the name of the retry step (removing the step breaks the signing, which is placed relative to
 * it). A client without a middleware stack, somebody's own with a `send`, is its own view.
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
    // A getter, so that middleware the caller adds later is in force here too.
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

// The options of the SDK's own retry step (@smithy/core 3.41, retryMiddlewareOptions), to stand where it stood.
const PASS_THROUGH = {
  name: 'retryMiddleware',
  tags: ['RETRY'],
  step: 'finalizeRequest',
  priority: 'high',
  override: true,
};
