import { assertKnownOptions } from '../core/assert-known-options.js';
import type { PageCall } from '../core/page.js';
import { withOwnSignal } from '../request/with-own-signal.js';
import { checkAnswer } from './check-answer.js';
import type { CommandClass, FittingClient, InputOf, OutputOf } from './command.js';
import { commandOf } from './command-of.js';
import { assertClient, createSend, SEND_OPTIONS, type SendOptions } from './create-send.js';

/** Sends one operation; the signal aborts the request and every wait. */
export type Sender<C extends CommandClass> = (
  input: InputOf<C>,
  call?: Pick<PageCall, 'signal' | 'stats'>,
) => Promise<OutputOf<C>>;

/**
 * One operation of an AWS SDK v3 client as a function that is retried and paced like a listing, however many calls run
 * at once: use it in `mapAsync`. Throws ERR_INVALID_ARGUMENT for bad arguments; the function rejects with
 * ERR_REQUEST_FAILED or ERR_RETRY_EXHAUSTED, with the service's own error as `cause`, or with the signal's reason.
 *
 * @example
 * const describe = createSender(client, DescribeUserCommand);
 * const described = users.mapAsync(({ Id }, { signal }) => describe({ InstanceId, UserId: Id }, { signal }));
 */
export function createSender<C extends CommandClass, K>(
  client: FittingClient<K, C>,
  command: C,
  options: SendOptions = {},
): Sender<C> {
  const whole: unknown = client;
  assertClient(whole);
  assertKnownOptions('options', options, SEND_OPTIONS);
  const { operation, shape, build } = commandOf(whole, command, {});
  const check = checkAnswer({ shape, isPromised: () => false });
  const send = withOwnSignal(createSend<InputOf<C>, OutputOf<C>>(whole, operation, build, options, check));
  return (input, { signal, stats } = {}) => send(input, { signal, stats });
}
