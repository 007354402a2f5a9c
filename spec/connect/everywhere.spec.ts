import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ConnectClient, ListApprovedOriginsCommand, type UserSummary } from '@aws-sdk/client-connect';
import { expect, expectTypeOf, it, onTestFinished } from 'vitest';
import {
  type EverywhereInstance,
  everywhere,
  type FromInstance,
  type InstanceFailure,
  instances,
  list,
  listUsers,
  userDetails,
} from '../../lib/connect/index.js';
import type { Listing } from '../../lib/index.js';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { memoryDestination } from '../../lib/testing/index.js';
import { sandboxFor } from '../support/sandbox-for.js';

it('everywhere lists the users of every instance of every client, each row with its origin', async () => {
  const { clients, sandboxes } = await regions({ users: [30, 20] }, { users: [40] });
  const users = everywhere({ clients, list: usersOf });
  expectTypeOf(users).toEqualTypeOf<Listing<FromInstance<UserSummary>>>();
  const rows = await users.toArray();
  expect(rows).toHaveLength(90);
  for (const { instances } of sandboxes)
    for (const { id, alias, arn, directory } of instances) {
      const own = rows.filter(({ InstanceId }) => InstanceId === id);
      expect(own.map(({ Username }) => Username)).toEqual([...directory.users()].map((one) => one.Username));
      const [, , , Region, AccountId] = arn.split(':');
      for (const row of own) expect(row).toMatchObject({ AccountId, Region, InstanceAlias: alias });
    }
});

it('everywhere sends nothing before it is iterated, and lists the instances of a client once', async () => {
  const { clients, sandboxes } = await regions({ users: [3] }, { users: [3] });
  const users = everywhere({ clients, list: usersOf });
  const walk = users.open();
  expect(sandboxes.map((one) => one.stats().requests)).toEqual([0, 0]);
  for await (const _ of walk);
  for (const sandbox of sandboxes)
    expect(requestsOf(sandbox)).toEqual({ ListInstances: 2, ListUsers: sandbox.instances.length });
  expect(walk.stats.attempts).toBe(2 * (2 + 12));
  expect(walk.end?.reason).toBe('exhausted');
});

it('an instance that fails does not stop the others, and the error names it', async () => {
  const { clients, sandboxes } = await regions({ users: [5, 5] }, { users: [5, 5] });
  const gone = sandboxes[0]?.instances[1];
  const rows: FromInstance<UserSummary>[] = [];
  const walk = everywhere({
    clients,
    list: (client, instance) => {
      if (instance.InstanceId === gone?.id) gone.delete();
      return firstTwo(client, instance);
    },
  }).open();
  const failed = async () => {
    for await (const row of walk) rows.push(row);
  };
  await expect(failed()).rejects.toMatchObject({
    code: 'ERR_LISTING_INCOMPLETE',
    message: expect.stringMatching(
      `^1 of 24 instances was not listed to the end: ${gone?.alias} in \\S+ \\(ResourceNotFoundException\\);`,
    ),
  });
  expect(rows).toHaveLength(15);
  expect(walk.end).toMatchObject({ reason: 'failed' });
  expect(rows.filter(({ InstanceId }) => InstanceId === gone?.id)).toEqual([]);
});

it('a cursor of a run with failed instances continues with them alone', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [7] });
  sandboxes[1]?.inject({ kind: 'access-denied' }, { operation: 'ListUsers' });
  const users = everywhere({ clients, list: firstTwo });
  const walk = users.open();
  const first = await rowsUntilError(walk);
  expect(first).toHaveLength(5);
  const before = sandboxes.map((one) => one.stats().requests);
  const denied = await rowsUntilError(users.open({ from: walk.cursor }));
  expect(denied).toEqual([]);
  expect(sandboxes[0]?.stats().requests).toBe(before[0]);
});

it('a client whose instances cannot be listed is reported with its Region, and the others are listed', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [7] });
  sandboxes[1]?.inject({ kind: 'access-denied' }, { operation: 'ListInstances' });
  const failures: InstanceFailure[] = [];
  const walk = everywhere({ clients, list: usersOf, onFailed: (one) => void failures.push(one) }).open();
  const rows: unknown[] = [];
  for await (const row of walk) rows.push(row);
  expect(rows).toHaveLength(5);
  expect(failures).toEqual([
    { Region: 'us-east-1', error: expect.objectContaining({ code: 'ERR_REQUEST_FAILED' }) },
  ]);
  expect(walk.end).toMatchObject({
    reason: 'partial',
    error: {
      code: 'ERR_LISTING_INCOMPLETE',
      message: expect.stringContaining('the instances in us-east-1 (AccessDeniedException)'),
    },
  });
});

it('a drain with onFailed publishes the instances that were listed, and its receipt is not complete', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [7] });
  sandboxes[1]?.inject({ kind: 'access-denied' }, { operation: 'ListInstances' });
  const destination = memoryDestination<object>();
  const receipt = await everywhere({ clients, list: usersOf, onFailed: () => {} }).drainTo(destination);
  expect(receipt).toMatchObject({
    end: 'partial',
    complete: false,
    written: 5,
    missing: expect.stringContaining('AccessDeniedException'),
  });
  expect(destination.published).toHaveLength(5);
});

it('a drain without onFailed publishes nothing, and the next run lists only what is missing', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [7] });
  sandboxes[1]?.inject(
    { kind: 'error', status: 403, name: 'AccessDeniedException' },
    { operation: 'ListInstances' },
  );
  const destination = memoryDestination<{ readonly Username?: string | undefined }>();
  const users = everywhere({ clients, list: usersOf });
  await expect(users.drainTo(destination)).rejects.toMatchObject({ code: 'ERR_LISTING_INCOMPLETE' });
  expect(destination.published).toBeUndefined();
  expect(destination.unfinished).toHaveLength(5);
  const [requests] = sandboxes.map((one) => one.stats().requests);
  const receipt = await users.drainTo(destination);
  expect(receipt).toMatchObject({ complete: true, written: 12, resumed: 1 });
  expect(sandboxes[0]?.stats().requests).toBe(requests);
  expect(namesOf(destination.published)).toEqual(allNames(sandboxes));
});

it('a drain that is cut off anywhere delivers every row of every instance exactly once', async () => {
  const { sandboxes } = await regions({ users: [230, 101] }, { users: [70, 1] }, { users: [0] });
  const all = allNames(sandboxes);
  for (const cut of [0, 1, 30, 100, 170, 299, 401]) {
    const destination = memoryDestination<{ readonly Username?: string | undefined }>();
    const abort = new AbortController();
    const clients = clientsOf(sandboxes);
    const users = everywhere({ clients, list: inSmallPages, concurrency: 1 + (cut % 4) });
    const stopped = users.drainTo(destination, {
      batch: 30,
      signal: abort.signal,
      onProgress: ({ written }) => {
        if (written >= cut) abort.abort(new Error('cut off'));
      },
    });
    await expect(stopped).rejects.toThrow('cut off');
    const receipt = await users.drainTo(destination);
    expect([cut, receipt.complete, receipt.written]).toEqual([cut, true, all.length]);
    expect(namesOf(destination.published)).toEqual(all);
  }
});

it('a cursor from within a page continues there, although other instances answer first', async () => {
  const { sandboxes } = await regions({ users: [90] }, { users: [80] });
  for (const cut of [1, 45, 89, 90, 91, 150]) {
    const users = everywhere({ clients: clientsOf(sandboxes), list: firstTwo });
    const walk = users.open();
    const seen: FromInstance<UserSummary>[] = [];
    for await (const row of walk) {
      if (seen.length === cut) break;
      seen.push(row);
    }
    const slow = sandboxes.find(({ instances }) => instances[0]?.id === seen.at(-1)?.InstanceId);
    slow?.inject({ kind: 'latency', latencyMs: 30 }, { operation: 'ListUsers', times: 12 });
    for await (const row of users.open({ from: walk.cursor })) seen.push(row);
    expect(namesOf(seen)).toEqual(allNames(sandboxes));
  }
});

it('a checkpoint covers all instances', async () => {
  const { clients, sandboxes } = await regions({ users: [50] }, { users: [40] });
  const { memoryCheckpoint } = await import('../../lib/index.js');
  const store = memoryCheckpoint();
  const users = everywhere({ clients, list: firstTwo });
  const seen: FromInstance<UserSummary>[] = [];
  for await (const row of users.resume(store)) {
    if (seen.length === 60) break;
    seen.push(row);
  }
  for await (const row of users.resume(store)) seen.push(row);
  expect(namesOf(seen)).toEqual(allNames(sandboxes));
});

it('a limit in the listing of an instance makes the end a limit', async () => {
  const { clients } = await regions({ users: [50] }, { users: [2] });
  const walk = everywhere({ clients, list: (one, at) => firstTwo(one, at)?.take(10) }).open();
  const rows: unknown[] = [];
  for await (const row of walk) rows.push(row);
  expect(rows).toHaveLength(12);
  expect(walk.end?.reason).toBe('limit');
});

it('two clients for the same instances list them once', async () => {
  const { clients, sandboxes } = await regions({ users: [9] });
  const again = new ConnectClient(sandboxes[0]?.clientConfig ?? {});
  onTestFinished(() => again.destroy());
  const rows = await everywhere({ clients: [...clients, again], list: usersOf }).toArray();
  expect(rows).toHaveLength(9);
  expect(() => everywhere({ clients: [again, again], list: usersOf })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
  );
});

it('an instance that is created after the run began comes with the next run', async () => {
  const { clients, sandboxes } = await regions({ users: [5, 5] });
  const [first, second] = sandboxes[0]?.instances ?? [];
  let isCreated = false;
  // Left out: as if it had not been there.
  const users = everywhere({
    clients,
    list: (client, at) => (at.Id === second?.id && !isCreated ? undefined : firstTwo(client, at)),
  });
  const walk = users.open();
  for await (const _ of walk) break;
  isCreated = true;
  const rest = users.open({ from: walk.cursor });
  const seen: unknown[] = [];
  for await (const { InstanceId } of rest) seen.push(InstanceId);
  expect(seen).toEqual(Array.from({ length: 5 }, () => first?.id));
  expect(await users.toArray()).toHaveLength(10);
});

it('a cursor is refused by another listing, by another number of clients, and by clients in another order', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [5] });
  const walk = everywhere({ clients, list: firstTwo }).open();
  for await (const _ of walk) break;
  const from = walk.cursor;
  const open = async (other: Listing<object>) => {
    for await (const _ of other.open({ from }));
  };
  const mismatch = { code: 'ERR_CURSOR_MISMATCH' };
  const details = everywhere({
    clients,
    list: (client, { InstanceId }) => userDetails(client, { InstanceId }, { fields: ['Username', 'Tags'] }),
  });
  await expect(open(details)).rejects.toMatchObject(mismatch);
  const filtered = everywhere({ clients, list: (one, at) => firstTwo(one, at)?.filter(() => true) });
  await expect(open(filtered)).rejects.toMatchObject(mismatch);
  await expect(open(everywhere({ clients: clients.slice(1), list: firstTwo }))).rejects.toMatchObject(
    mismatch,
  );
  const [, two] = clients;
  const moved = new ConnectClient({ ...sandboxes[0]?.clientConfig, region: 'eu-west-2' });
  onTestFinished(() => moved.destroy());
  await expect(
    open(everywhere({ clients: [moved, two as ConnectClient], list: firstTwo })),
  ).rejects.toMatchObject({ ...mismatch, message: expect.stringContaining('eu-west-2') });
});

it('a client whose endpoint answers with instances of another Region resumes as it began', async () => {
  const { sandboxes } = await regions({ users: [50] });
  // As behind the endpoint of a stand-in, whose ARNs are in one Region.
  const clients = ['eu-west-1', 'eu-west-2'].map(
    (region) => new ConnectClient({ ...sandboxes[0]?.clientConfig, region }),
  );
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  const users = everywhere({ clients, list: inSmallPages });
  const walk = users.open();
  const seen: FromInstance<UserSummary>[] = [];
  for await (const row of walk) {
    if (seen.length === 30) break;
    seen.push(row);
  }
  for await (const row of users.open({ from: walk.cursor })) seen.push(row);
  expect(namesOf(seen)).toEqual(allNames(sandboxes));
});

it('a rejected token starts a drain over in all instances', async () => {
  const { clients, sandboxes } = await regions({ users: [2_500] }, { users: [700] });
  sandboxes[0]?.inject({ kind: 'expired-token' });
  const destination = memoryDestination<{ readonly Username?: string | undefined }>();
  const receipt = await everywhere({ clients, list: firstTwo }).drainTo(destination);
  expect(receipt).toMatchObject({ complete: true, restarts: 1, written: 3_200 });
  expect(namesOf(destination.published)).toEqual(allNames(sandboxes));
});

it('a rejected token fails a loop at once', async () => {
  const { clients, sandboxes } = await regions({ users: [2_500] });
  sandboxes[0]?.inject({ kind: 'expired-token' });
  await expect(everywhere({ clients, list: firstTwo }).toArray()).rejects.toMatchObject({
    code: 'ERR_TOKEN_REJECTED',
  });
});

it('an abort takes effect at once and leaves no request', async () => {
  const { clients, sandboxes } = await regions({ users: [5] }, { users: [5] });
  for (const sandbox of sandboxes) sandbox.inject({ kind: 'hang' }, { operation: 'ListUsers', times: 12 });
  const abort = new AbortController();
  const reason = new Error('enough');
  const walk = everywhere({ clients, list: firstTwo }).open({ signal: abort.signal });
  const next = walk.next();
  while (sandboxes.some((one) => !requestsOf(one)['ListUsers'])) await new Promise(setImmediate);
  abort.abort(reason);
  await expect(next).rejects.toBe(reason);
  expect(walk.end).toMatchObject({ reason: 'aborted', cause: reason });
});

it('only one page per instance is fetched until the consumer asks for more', async () => {
  const { clients, sandboxes } = await regions({ users: [5_000] }, { users: [5_000] });
  const arrived: string[] = [];
  const note = (event: unknown) => arrived.push(Object(event).operation);
  subscribe('pageturn:page', note);
  onTestFinished(() => void unsubscribe('pageturn:page', note));
  const walk = everywhere({ clients, list: firstTwo }).open();
  for (let taken = 0; taken < 900; taken++) await walk.next();
  const isUsers = (operation: string) => operation === 'Connect.ListUsers';
  while (arrived.filter(isUsers).length < 4) await new Promise(setImmediate);
  // A request that a page had caused would be answered before this one.
  for (const client of clients) await instances(client, { pace: false }).open().next();
  expect(sandboxes.map((one) => requestsOf(one)['ListUsers'])).toEqual([2, 2]);
  await walk.return();
});

it('an instance that waits for its quota does not delay the others', async () => {
  const { clients, sandboxes } = await regions({ users: [3_000] }, { users: [3] });
  sandboxes[1]?.inject({ kind: 'hang' }, { operation: 'ListUsers', times: 12 });
  const walk = everywhere({ clients, list: firstTwo }).open();
  for (let taken = 0; taken < 3_000; taken++) await walk.next();
  expect(walk.stats.itemsYielded).toBe(3_000);
  await walk.return();
});

it('rows that are not objects are refused, with what to do', async () => {
  const { clients } = await regions({ users: [1] });
  const origins = (client: ConnectClient, { InstanceId }: EverywhereInstance) =>
    list(client, ListApprovedOriginsCommand, { InstanceId }, { pace: false });
  const wrong: object = { clients, list: origins };
  await expect(everywhere(wrong as never).toArray()).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining('map others'),
  });
  const rows = await everywhere({
    clients,
    list: (one, at) => origins(one, at).map((Origin) => ({ Origin })),
  }).toArray();
  expect(rows.length).toBeGreaterThan(0);
});

it('everywhere refuses wrong arguments before anything is sent', () => {
  const client = new ConnectClient({ region: 'eu-central-1' });
  const clients = [client];
  for (const wrong of [
    {},
    { clients: [], list: usersOf },
    { clients: client, list: usersOf },
    { clients: [{}], list: usersOf },
    { clients },
    { clients, list: usersOf, concurrency: 0 },
    { clients, list: usersOf, onFailed: true },
    { clients, list: usersOf, onError: () => {} },
  ])
    expect(() => everywhere(wrong as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
});

it('a list that returns no listing or throws ends the run at once', async () => {
  const { clients } = await regions({ users: [1] });
  const wrong: object = { clients, list: () => [] };
  await expect(everywhere(wrong as never).toArray()).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  const thrower = () => {
    throw new Error('no');
  };
  await expect(everywhere({ clients, list: thrower }).toArray()).rejects.toMatchObject({
    code: 'ERR_CALLBACK_FAILED',
  });
});

const usersOf = (client: ConnectClient, { InstanceId }: EverywhereInstance) =>
  listUsers(client, { InstanceId }, { pace: false });

const inSmallPages = (client: ConnectClient, { InstanceId, InstanceAlias }: EverywhereInstance) =>
  FIRST_TWO.includes(InstanceAlias ?? '')
    ? listUsers(client, { InstanceId }, { pace: false, pageSize: 25 })
    : undefined;

const FIRST_TWO = ['acme-contact-center', 'acme-staging'];

/** The users of the first two instances. */
const firstTwo = (client: ConnectClient, instance: EverywhereInstance) =>
  FIRST_TWO.includes(instance.InstanceAlias ?? '') ? usersOf(client, instance) : undefined;

/** A sandbox for each Region, with its own ids. */
async function regions(...options: SandboxOptions[]) {
  const sandboxes = await Promise.all(options.map((one, seed) => sandboxFor({ seed: seed + 1, ...one })));
  return { sandboxes, clients: clientsOf(sandboxes) };
}

function clientsOf(sandboxes: readonly Sandbox[]): ConnectClient[] {
  const clients = sandboxes.map(({ clientConfig }) => new ConnectClient({ ...clientConfig, maxAttempts: 1 }));
  onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  return clients;
}

async function rowsUntilError<T>(walk: AsyncIterable<T>): Promise<T[]> {
  const rows: T[] = [];
  try {
    for await (const row of walk) rows.push(row);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_LISTING_INCOMPLETE' });
    return rows;
  }
  throw new Error('the traversal did not fail');
}

function requestsOf(sandbox: Sandbox): Readonly<Record<string, number>> {
  const { operations } = sandbox.stats();
  const counts = Object.entries(operations).map(([name, { requests }]) => [name, requests] as const);
  return Object.fromEntries(counts.filter(([, requests]) => requests > 0));
}

function namesOf(rows: readonly { readonly Username?: string | undefined }[] = []) {
  return rows.map(({ Username }) => Username).sort();
}

function allNames(sandboxes: readonly Sandbox[]) {
  const directories = sandboxes.flatMap(({ instances }) => instances.map(({ directory }) => directory));
  return namesOf(directories.flatMap((one) => [...one.users()]));
}
