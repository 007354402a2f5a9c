import { invalidArgument } from '../core/errors.js';
import { composeSend, type RetryOptions } from '../request/compose-send.js';
import type { Send } from '../request/with-attempt.js';
import { type PaceChoice, pacerFor } from './pacer-for.js';
import { unretried } from './unretried.js';

/** How the requests of one operation are sent. */
export interface SendOptions extends PaceChoice {
  /**
   * Retries within these bounds, the SDK's own retry being taken out of these requests (the client is not touched).
   * `'sdk'` leaves retrying to the client as it is configured, `false` tries once. Default `{}`, with an
   * `attemptTimeoutMs` of 60,000, the read timeout of the AWS CLI and boto3; none on a clock of the caller's, whose
   * minutes are not the network's.
   */
  readonly retry?: RetryOptions | 'sdk' | false | undefined;
}

/** The names of {@link SendOptions}. */
export const SEND_OPTIONS = ['retry', 'pace', 'pacers', 'clock'] as const;

/** Anything with the `send` of an AWS SDK v3 client. */
export interface SendingClient {
  send(command: object, options: { readonly abortSignal: AbortSignal | undefined }): Promise<unknown>;
}

/** Builds the command afresh, for the SDK's middleware may write into it. */
type BuildCommand<I> = (input: I) => object;

/** One operation of a client as a send that is retried once and paced once: the retry outside, the pacer within. */
export function createSend<I, O>(
  client: SendingClient,
  operation: string,
  build: BuildCommand<I>,
  options: SendOptions,
): Send<I, O> {
  const { retry = {}, clock } = options;
  const sender = retry === 'sdk' ? client : unretried(client);
  const send: Send<I, O> = (input, { signal }) =>
    sender.send(build(input), { abortSignal: signal }) as Promise<O>;
  const pacer = pacerFor(client, operation, options);
  const timeLimitMs = clock ? undefined : 60_000;
  const whole = composeSend(send, {
    // The SDK's retries and their back-off all happen within one of its sends.
    retry:
      typeof retry === 'object'
        ? { ...retry, attemptTimeoutMs: retry.attemptTimeoutMs ?? timeLimitMs }
        : retry !== 'sdk' && retry,
    pacer,
    clock,
  });
  return (input, call) => whole(input, { ...call, operation });
}

/** Throws ERR_INVALID_ARGUMENT unless `client` can send. */
export function assertClient(client: unknown): asserts client is SendingClient {
  const { send } = (client ?? {}) as Partial<SendingClient>;
  if (typeof send !== 'function')
    throw invalidArgument('client', 'an AWS SDK v3 client, with a send', client);
}
