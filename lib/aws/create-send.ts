import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import type { Pacer } from '../core/pacer.js';
import { type ComposedSend, composeSend, RETRY_OPTIONS, type RetryOptions } from '../request/compose-send.js';
import type { AttemptCall, CheckAnswer, Send } from '../request/with-attempt.js';
import { classifyFor } from './classify-for.js';
import { clientView } from './client-view.js';
import { identified } from './identified.js';
import { pacedByAccount } from './paced-by-account.js';
import { isPacedByAccount, type PaceChoice, pacerFor } from './pacer-for.js';

/** How the requests of an operation are sent. */
export interface SendOptions extends PaceChoice {
  /**
   * Bounds for retries. pageturn retries and the SDK does not: its own retry is switched off for these requests, on a
   * view of the client. `'sdk'` leaves retrying to the client as it is configured, which does not retry an empty answer;
   * `false` tries once. Default `{}`, with an `attemptTimeoutMs` of 60,000, the read timeout of the AWS CLI and boto3; no time limit if you pass a
   * `clock`, because its minutes are not those of the network.
   */
  readonly retry?: RetryOptions | 'sdk' | false | undefined;
}

/** The names of {@link SendOptions}. */
export const SEND_OPTIONS = ['retry', 'pace', 'pacers', 'clock'] as const;

/** Anything with the `send` of an AWS SDK v3 client. */
export interface SendingClient {
  send(command: object, options: { readonly abortSignal: AbortSignal | undefined }): Promise<unknown>;
}

/** Builds a new command for each attempt, because the SDK's middleware may write to it. */
type BuildCommand<I> = (input: I) => object;

/** One operation of a client as a function that is retried and paced: the retry outside, the pacer inside. */
export function createSend<I extends object, O>(
  client: SendingClient,
  operation: string,
  build: BuildCommand<I>,
  options: SendOptions,
  check: CheckAnswer<I, O>,
): ComposedSend<I, O> {
  const { retry = {}, clock } = options;
  if (typeof retry === 'object') assertKnownOptions('retry', retry, RETRY_OPTIONS);
  const sdkRetries = retry === 'sdk';
  const sender = clientView(client, { sdkRetries });
  const send: Send<I, O> = (input, { signal }) =>
    sender.send(build(input), { abortSignal: signal }) as Promise<O>;
  const pacer = pacerFor(client, operation, options);
  const timeLimitMs = clock ? undefined : 60_000;
  const classify = classifyFor(operation);
  const compose = (one: Send<I, O>, its: Pacer | undefined) =>
    composeSend(one, {
      // With 'sdk', the retries and their backoff happen inside one send.
      retry:
        typeof retry === 'object'
          ? { ...retry, attemptTimeoutMs: retry.attemptTimeoutMs ?? timeLimitMs }
          : retry !== 'sdk' && retry,
      pacer: its,
      clock,
      check,
      classify,
    });
  const own = compose(send, pacer);
  if (!pacer || !isPacedByAccount(options)) {
    const { acquire } = own;
    const named: Send<I, O> = (input, call) => own(input, { ...call, operation });
    return Object.assign(named, {
      acquire: acquire && ((input: I, call: AttemptCall) => acquire(input, { ...call, operation })),
    });
  }
  const limits = typeof retry === 'object' ? retry : {};
  return pacedByAccount({
    client,
    operation,
    sharesUnknown: options.pacers?.forAccount !== undefined,
    pacerOf: (account) => pacerFor(account, operation, options, account) ?? pacer,
    compose: (its) => compose(send, its),
    own,
    unidentified: (pace) => {
      const identifying: Send<I, O> = (input, call) =>
        clientView(client, { sdkRetries, identify: identified((id, rest) => pace(id, rest, call)) }).send(
          build(input),
          { abortSignal: call.signal },
        ) as Promise<O>;
      return compose(identifying, pacer);
    },
    pace: { classify: limits.classify ?? classify, maxElapsedMs: limits.maxElapsedMs, clock },
  });
}

/** Throws ERR_INVALID_ARGUMENT unless `client` has a `send` method. */
export function assertClient(client: unknown): asserts client is SendingClient {
  const { send } = (client ?? {}) as Partial<SendingClient>;
  if (typeof send !== 'function')
    throw invalidArgument('client', 'an AWS SDK v3 client, passed before the input', client);
}
