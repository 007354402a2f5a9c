import { invalidArgument } from '../core/errors.js';
import { ambiguousUser } from './ambiguous-user.js';
import { usernameKey } from './username-key.js';

/** What an index needs to know of a user: rows of ListUsers, SearchUsers and DescribeUser have it. */
export interface NamedUser {
  readonly Id?: string | undefined;
  readonly Username?: string | undefined;
}

/** Users by user name, as {@link usernameIndex} makes it. Case is ignored, as in `findUser`. */
export class UsernameIndex<T extends NamedUser> implements Iterable<T> {
  readonly #byName = new Map<string, readonly [T, ...T[]]>();
  readonly #unnamed: T[] = [];

  /** @internal Indexes are made by `usernameIndex`. */
  add(user: T): void {
    const { Id, Username } = user;
    if (!Username) {
      this.#unnamed.push(user);
      return;
    }
    const key = usernameKey(Username);
    const [first, ...others] = this.#byName.get(key) ?? [];
    // A listing that starts over delivers a user again; the later row is the newer one.
    const rest = others.filter((other) => Id === undefined || other.Id !== Id);
    const isRepeated = first === undefined || (Id !== undefined && first.Id === Id);
    this.#byName.set(key, isRepeated ? [user, ...rest] : [first, ...rest, user]);
  }

  /** The number of different user names. */
  get size(): number {
    return this.#byName.size;
  }

  has(username: string): boolean {
    return this.#byName.has(usernameKey(username));
  }

  /** The user with a name; undefined if there is none. Throws ERR_AMBIGUOUS_USER if several have it, with their ids. */
  get(username: string): T | undefined {
    const users = this.#byName.get(usernameKey(username));
    if (users && users.length > 1) throw ambiguousUser(users);
    return users?.[0];
  }

  /** The users that share a name, in groups of two or more. */
  get duplicates(): (readonly T[])[] {
    return [...this.#byName.values()].filter((users) => users.length > 1);
  }

  /** The users without a name: the service may omit it. */
  get unnamed(): readonly T[] {
    return this.#unnamed;
  }

  /** All users that have a name, those that share one next to each other. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const users of this.#byName.values()) yield* users;
  }
}

/**
 * Reads users once and resolves to an index of them by user name, for bulk work: 44 requests look up any number of 44,000
 * users. Users that share a name, apart from case, are in `duplicates`, and looking one of them up throws; users without a
 * name are in `unnamed`. It holds all users in memory. Rejects as the listing does.
 *
 * @example
 * const index = await usernameIndex(listUsers(client, { InstanceId }));
 * for (const { Email } of rows) console.log(Email, index.get(Email)?.Id ?? 'not in Amazon Connect');
 */
export async function usernameIndex<T extends NamedUser>(
  users: AsyncIterable<T> | Iterable<T>,
): Promise<UsernameIndex<T>> {
  const { [Symbol.asyncIterator]: asyncIterator, [Symbol.iterator]: iterator } = Object(users);
  if (typeof (asyncIterator ?? iterator) !== 'function' || typeof users === 'string')
    throw invalidArgument('users', 'a listing or another iterable', users);
  const index = new UsernameIndex<T>();
  for await (const user of users) {
    if (typeof user !== 'object' || user === null) throw invalidArgument('a user', 'an object', user);
    index.add(user);
  }
  return index;
}
