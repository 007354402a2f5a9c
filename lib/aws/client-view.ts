import { KEEP_BODIES, keepBodies } from './answer-body.js';
import { IDENTIFIED, type identified } from './identified.js';

/**
 * A view of a client for pageturn's own requests. The caller's client is not modified: the view inherits everything but
 * the middleware stack, of which each request gets a copy. In that copy the bodies of short answers are kept, and unless
 * the SDK is to retry, a pass-through takes the place of its retry step (removing the step breaks signing, which is
 * placed relative to it). A custom client without a middleware stack is returned as it is.
 */
export function clientView<C extends object>(client: C, { sdkRetries, identify }: ClientViewOptions): C {
  if (!hasStack(client)) return client;
  if (identify) return createView(client, sdkRetries, identify) as C;
  const views = sdkRetries ? RETRIED : UNRETRIED;
  const view = views.get(client) ?? createView(client, sdkRetries);
  views.set(client, view);
  return view as C;
}

interface ClientViewOptions {
  readonly sdkRetries: boolean;
  /** Middleware of `identified`, for one request. */
  readonly identify?: ReturnType<typeof identified> | undefined;
}

const RETRIED = new WeakMap<object, object>();
const UNRETRIED = new WeakMap<object, object>();

interface Stack {
  clone(): Stack;
  add(middleware: unknown, options: object): void;
}

type Next = (args: unknown) => unknown;

interface StackedClient {
  readonly middlewareStack: Stack;
  send(...args: readonly unknown[]): unknown;
}

function createView(
  client: StackedClient,
  sdkRetries: boolean,
  identify?: ClientViewOptions['identify'],
): object {
  const bodies = keepBodies(client);
  // For each request, so that middleware the caller adds later applies here too.
  const newStack = () => {
    const stack = client.middlewareStack.clone();
    if (!sdkRetries) stack.add((next: Next) => (args: unknown) => next(args), PASS_THROUGH);
    if (bodies) stack.add(bodies, KEEP_BODIES);
    if (identify) stack.add(identify, IDENTIFIED);
    return stack;
  };
  return Object.create(client, {
    send: {
      // One stack for the whole request: an instrumentation of `send` patches the one it finds on the client.
      value: (...args: readonly unknown[]) =>
        client.send.apply(Object.create(client, { middlewareStack: { value: newStack() } }), [...args]),
    },
  });
}

function hasStack(client: object): client is StackedClient {
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
