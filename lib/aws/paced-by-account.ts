import type { Pacer } from '../core/pacer.js';
import type { ComposedSend } from '../request/compose-send.js';
import type { AttemptCall } from '../request/with-attempt.js';
import { type WithPaceOptions, withPace } from '../request/with-pace.js';
import { type Account, accountInArn, accountOf, keepAccount } from './account.js';

/** Sends the rest of the way of a request whose credentials are resolved, at the pace of their account. */
type PaceRest = (
  accountId: string | undefined,
  rest: () => Promise<unknown>,
  call: AttemptCall,
) => Promise<unknown>;

interface PacedByAccountOptions<I, O> {
  readonly client: object;
  readonly operation: string;
  /** Whether clients whose credentials name no account share a pacer, too. */
  readonly sharesUnknown: boolean;
  /** The pacer of the operation in an account. */
  readonly pacerOf: (account: Account) => Pacer;
  /** The whole send, paced by an account's pacer. */
  readonly compose: (pacer: Pacer) => ComposedSend<I, O>;
  /** The whole send, paced by the client's own pacer. */
  readonly own: ComposedSend<I, O>;
  /** The same, but it hands the account that it learns to `pace`. */
  readonly unidentified: (pace: PaceRest) => ComposedSend<I, O>;
  readonly pace: WithPaceOptions;
}

/**
 * Paces each request by the pacer of its account, so that all clients of an account in a Region share one for each
 * operation. Until the account of a client is known, a request waits for the client's own pacer, and then, once the SDK has
 * resolved the credentials, for the account's as well. So the account's pacer counts every request, and none is sent only to
 * learn the account.
 */
export function pacedByAccount<I extends object, O>(
  options: PacedByAccountOptions<I, O>,
): ComposedSend<I, O> {
  const { client, operation, sharesUnknown, pacerOf, compose, own, unidentified, pace } = options;
  const [service = ''] = operation.split('.');
  const composed = new WeakMap<Account, ComposedSend<I, O>>();
  const sendIn = (account: Account) => {
    const send = composed.get(account) ?? compose(pacerOf(account));
    composed.set(account, send);
    return send;
  };
  const isShared = (account: Account | null | undefined): account is Account =>
    !!account && (sharesUnknown || account.id !== undefined);
  const sendUnidentified = unidentified(async (accountId, rest, call) => {
    const account = await keepAccount(client, accountId);
    if (!isShared(account)) return rest();
    return withPace(rest, pacerOf(account), pace)(undefined, call);
  });

  const choose = async (input: I): Promise<ComposedSend<I, O>> => {
    const inArn = accountOf(client)?.id ? undefined : accountInArn(input, service);
    if (inArn) await keepAccount(client, inArn);
    const account = accountOf(client);
    return isShared(account) ? sendIn(account) : account === undefined ? sendUnidentified : own;
  };
  const send = async (input: I, call: AttemptCall) => (await choose(input))(input, { ...call, operation });
  const acquire = async (input: I, call: AttemptCall) => {
    const { acquire: wait } = await choose(input);
    return wait ? wait(input, { ...call, operation }) : call;
  };
  return Object.assign(send, { acquire });
}
