import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import { expect, it, onTestFinished } from 'vitest';
import { type Difference, type DiffOptions, diff, listUsers, userDetails } from '../../lib/connect/index.js';
import { fromPages } from '../../lib/index.js';
import { connectImport, csv, file, ndjson, readCsv, snapshot } from '../../lib/node/index.js';
import type { Sandbox, SandboxOptions } from '../../lib/sandbox/index.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';

interface Person {
  readonly Username?: string | undefined;
  readonly Email?: string | undefined;
  readonly Groups?: readonly string[] | undefined;
  readonly Id?: string;
}

it('two instances are compared by user name, field by field, with names instead of ids', async () => {
  const { instance, sandbox } = await start({ users: [40, 40] });
  const [first, second] = [instance(0), instance(1)];
  const copies = sandbox.instances[1]?.directory;
  const [one, two, three] = [...(copies?.users() ?? [])];
  copies?.remove(one?.Id ?? '');
  copies?.rename(two?.Id ?? '', 'someone.else@acme.com');
  const found = await differences(diff(first, second));
  const names = [...sandbox.directory.users()].map(({ Username }) => Username);
  expect(found.map(({ type, key }) => [type, key])).toEqual(
    [
      ['removed', one?.Username],
      ['removed', two?.Username],
      ['added', 'someone.else@acme.com'],
    ].sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1)),
  );
  expect(names).toContain(three?.Username);
});

it('a changed user has each field before and after, and lists of names have no order', async () => {
  const a: Person[] = [
    { Username: 'li.wei', Email: 'li@acme.com', Groups: ['Agent', 'Admin'] },
    { Username: 'anna', Email: 'anna@acme.com' },
  ];
  const b: Person[] = [
    { Username: 'anna', Email: 'berg@acme.com', Groups: [] },
    { Username: 'Li.Wei', Email: 'li@acme.com', Groups: ['Admin', 'Agent'] },
  ];
  expect(await differences(diff(a, b))).toEqual([
    {
      type: 'changed',
      key: 'anna',
      previous: a[1],
      item: b[0],
      changes: [{ field: 'Email', before: 'anna@acme.com', after: 'berg@acme.com' }],
    },
  ]);
});

it('duplicate and missing keys are reported, and never merged', async () => {
  const a: Person[] = [{ Username: 'anna', Email: '1' }, { Username: 'ANNA', Email: '2' }, { Email: '3' }];
  const b: Person[] = [{ Username: 'anna', Email: '1' }, { Username: '' }, { Username: 'bo' }];
  expect(await differences(diff(a, b))).toEqual([
    { type: 'unkeyed', in: 'a', item: { Email: '3' } },
    { type: 'unkeyed', in: 'b', item: { Username: '' } },
    { type: 'duplicate', key: 'anna', in: 'a', count: 2, items: [a[0], a[1]] },
    { type: 'added', key: 'bo', item: { Username: 'bo' } },
  ]);
});

it('a duplicate key has the first ten of its rows, and their number', async () => {
  const many = Array.from({ length: 25 }, (_, n) => ({ Username: 'anna', Email: String(n) }));
  const [only] = await differences(diff<Person>(many, []));
  expect(only).toMatchObject({ type: 'duplicate', key: 'anna', count: 25 });
  expect(only?.type === 'duplicate' && only.items).toHaveLength(10);
});

it('a row that comes twice with the same identifier is no duplicate, and the later one counts', async () => {
  const a: Person[] = [
    { Username: 'anna', Id: '1', Email: 'old' },
    { Username: 'anna', Id: '1', Email: 'new' },
  ];
  expect(await differences(diff<Person>(a, [{ Username: 'anna', Id: '9', Email: 'new' }]))).toEqual([]);
});

it('a listing that was not exhausted says so first, and nothing in the other one counts as removed', async () => {
  const { instance, client, InstanceId } = await start({ users: 30 });
  const some = listUsers(client, { InstanceId }, { pace: false }).take(10);
  const all = instance(0);
  const found = await differences(diff<object>(listUsers(client, { InstanceId }, { pace: false }), some));
  expect(found).toEqual([{ type: 'incomplete', in: 'b', reason: 'limit' }]);
  expect(await differences(diff<object>(some, all, { fields: ['Username'] }))).toEqual([
    { type: 'incomplete', in: 'a', reason: 'limit' },
  ]);
});

it('a listing that fails fails the comparison before the first difference', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 1_500 });
  sandbox.inject({ kind: 'expired-token' });
  const seen: unknown[] = [];
  const comparing = async () => {
    for await (const one of diff<object>([], listUsers(client, { InstanceId }, { pace: false })))
      seen.push(one);
  };
  await expect(comparing()).rejects.toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
  expect(seen).toEqual([]);
});

it('a failure on one side aborts the requests of the other', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 5 });
  sandbox.inject({ kind: 'hang' });
  const failing = fromPages<Person>(
    async () => {
      throw new Error('down');
    },
    { retry: false },
  );
  await expect(
    differences(diff<object>(listUsers(client, { InstanceId }, { pace: false }), failing)),
  ).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
});

it('an instance is compared with a snapshot, and with an NDJSON file, by the fields that these have', async () => {
  const { instance, client, InstanceId, sandbox } = await start({ users: 25 });
  const folder = await newFolder();
  const fields = ['Id', 'Username', 'RoutingProfileName', 'SecurityProfileNames', 'HierarchyPath'] as const;
  const users = () => userDetails(client, { InstanceId }, { fields, pace: false });
  await snapshot(users(), join(folder, 'users.snapshot'));
  await snapshot(listUsers(client, { InstanceId }, { pace: false }), join(folder, 'names.snapshot'));
  await users().drainTo(file(join(folder, 'users.ndjson'), { format: ndjson() }));
  const [gone] = sandbox.directory.users();
  sandbox.directory.remove(gone?.Id ?? '');
  for (const name of ['users.snapshot', 'names.snapshot', 'users.ndjson']) {
    const found = await differences(diff(join(folder, name), instance(0)));
    expect(found.map(({ type, key }) => [type, key])).toEqual([['removed', gone?.Username]]);
  }
});

it('an instance is compared with the CSV file of an identity provider, whose cells are read as the types of the fields', async () => {
  const { instance, client, InstanceId } = await start({ users: 12 });
  const folder = await newFolder();
  const path = join(folder, 'people.csv');
  const columns = ['Username', 'FirstName', 'SecurityProfileNames', 'AutoAccept', 'DeskPhoneNumber'] as const;
  const users = () => userDetails(client, { InstanceId }, { fields: columns, pace: false });
  await users().drainTo(file(path, { format: csv({ columns: [...columns], bom: true }) }));
  expect(await differences(diff(path, instance(0)))).toEqual([]);
  // The template of the console has other headings, and names separated by |.
  const template = join(folder, 'import.csv');
  await users().drainTo(file(template, { format: connectImport({ directory: 'CONNECT_MANAGED' }) }));
  const imported = readCsv(template, {
    columns: {
      Username: 'user login',
      FirstName: 'first name',
      SecurityProfileNames: 'security_profile_name_1|security_profile_name_2',
      AutoAccept: 'soft phone auto accept (yes/no)',
    },
  });
  expect(await differences(diff<object>(imported, instance(0)))).toEqual([]);
  const [first] = await users().toArray();
  await writeFile(path, `Username,FirstName\n${first?.Username?.toUpperCase()},Zoë\nzora,Ada\n`);
  const found = await differences(diff(instance(0), path));
  expect(found.filter(({ type }) => type !== 'removed')).toEqual([
    expect.objectContaining({
      type: 'changed',
      key: first?.Username?.toLowerCase(),
      changes: [{ field: 'FirstName', before: first?.FirstName, after: 'Zoë' }],
    }),
    { type: 'added', key: 'zora', item: { Username: 'zora', FirstName: 'Ada' } },
  ]);
  expect(found.filter(({ type }) => type === 'removed')).toHaveLength(11);
});

it('a CSV file without the key or a field, and a column that is no field of users, are one clear error', async () => {
  const { instance, sandbox } = await start({ users: 2 });
  const folder = await newFolder();
  const path = join(folder, 'people.csv');
  const fails = async (text: string, message: RegExp, fields?: string[]) => {
    await writeFile(path, text);
    await expect(differences(diff(instance(0), path, fields && { fields }))).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  };
  await fails('login,FirstName\na,b\n', /has no column "Username"; name its columns: readCsv/);
  await fails('Username,FirstName\na,b\n', /has no column "Email"/, ['FirstName', 'Email']);
  await fails('Username,FristName\na,b\n', /no field "FristName" \(did you mean FirstName\?\)/);
  await fails('Username,FirstName,FirstName\na,b,c\n', /two columns "FirstName"/);
  await fails('Username,FirstName\na,b\nc\n', /a row has more or fewer cells than the headings near line 3/);
  await fails('Username,FirstName\n"a,b\n', /a quoted cell does not end/);
  await fails('', /^cannot read \S+: it is empty$/);
  expect(sandbox.stats().requests).toBeLessThan(10);
  await expect(differences(diff(instance(0), join(folder, 'none.csv')))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

it('a key or a field that no row of a file has is one clear error, with a suggestion', async () => {
  const folder = await newFolder();
  const fileOf = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const csv = await fileOf('people.csv', 'Username,Email\na,b\n');
  const ndjson = await fileOf('a.ndjson', '{"Username":"a","Email":"e"}\n{"Username":"b"}\n');
  const other = await fileOf('b.ndjson', '{"Username":"a","Mobile":"m"}\n');
  const empty = await fileOf('empty.ndjson', '');
  const failure = (a: string, b: string, options: DiffOptions) =>
    differences(diff(a, b, options)).then(
      (found) => found,
      ({ code, message }) => `${code} ${message.replace(`${folder}/`, '')}`,
    );
  expect(await failure(csv, ndjson, { key: 'Emial' })).toMatch(
    /^ERR_INVALID_ARGUMENT people\.csv has no column "Emial" \(did you mean Email\?\); name its columns/,
  );
  expect(await failure(ndjson, other, { key: 'Emial' })).toBe(
    'ERR_INVALID_ARGUMENT no row of a.ndjson has the field "Emial" (did you mean Email?)',
  );
  expect(await failure(ndjson, other, { key: 'username' })).toMatch(
    /"username" \(did you mean Username\?\)$/,
  );
  expect(await failure(ndjson, other, { fields: ['Mobil'] })).toBe(
    'ERR_INVALID_ARGUMENT no row has the field "Mobil" (did you mean Mobile?)',
  );
  // Rows omit what is undefined, so one side may not have it.
  expect(await failure(ndjson, other, { fields: ['Mobile'] })).toMatchObject([
    { key: 'a', type: 'changed' },
    { key: 'b', type: 'removed' },
  ]);
  expect(await failure(ndjson, empty, { fields: ['Mobil'] })).toMatch(/no row has the field "Mobil"/);
  expect(await failure(empty, empty, { key: 'Emial', fields: ['Mobil'] })).toEqual([]);
});

it('a file that is neither CSV nor NDJSON nor a snapshot is an error that does not advise to delete it', async () => {
  const path = join(await newFolder(), 'users.json');
  await writeFile(path, '[{"Username":"a"}]');
  const failed = await differences(diff(path, [])).catch((error: Error) => error);
  expect(failed).toMatchObject({
    code: 'ERR_SNAPSHOT_CORRUPT',
    message: `cannot read ${path}: it is not a snapshot, or only part of one; the name of a CSV file ends in .csv, and of NDJSON in .ndjson`,
  });
});

it('NDJSON with a byte order mark is read, and a key of spaces counts as missing', async () => {
  const path = join(await newFolder(), 'users.ndjson');
  await writeFile(path, '\ufeff{"Username":"a"}\r\n{"Username":"  "}\r\n');
  expect(await differences(diff<object>(path, [{ Username: 'a' }]))).toEqual([
    { type: 'unkeyed', in: 'a', item: { Username: '  ' } },
  ]);
});

it('a user who vanished meanwhile is unread, and neither added nor removed', async () => {
  const vanished = { Username: 'anna', Vanished: true };
  expect(await differences(diff<object>([vanished], []))).toEqual([{ type: 'unread', key: 'anna', in: 'a' }]);
  expect(await differences(diff<object>([{ Username: 'anna', Email: 'e' }], [vanished]))).toEqual([
    { type: 'unread', key: 'anna', in: 'b' },
  ]);
});

it('the order of a hierarchy path counts', async () => {
  const a = [{ Username: 'anna', HierarchyPath: ['Lisbon', 'Red Team'] }];
  const b = [{ Username: 'anna', HierarchyPath: ['Red Team', 'Lisbon'] }];
  expect(await differences(diff(a, b))).toMatchObject([{ type: 'changed' }]);
});

it('rows can be compared by another field, exactly', async () => {
  const a = [{ Email: 'a@acme.com', Name: 'A' }];
  const b = [{ Email: 'A@acme.com', Name: 'A' }];
  expect((await differences(diff(a, b, { key: 'Email' }))).map(({ type }) => type)).toEqual([
    'added',
    'removed',
  ]);
});

it('an abort ends a comparison', async () => {
  const { client, InstanceId, sandbox } = await start({ users: 5 });
  sandbox.inject({ kind: 'hang' });
  const abort = new AbortController();
  const users = listUsers(client, { InstanceId }, { pace: false });
  const comparing = differences(diff<object>(users, [], { signal: abort.signal }));
  while (sandbox.stats().requests === 0) await new Promise(setImmediate);
  abort.abort(new Error('enough'));
  await expect(comparing).rejects.toThrow('enough');
});

it('diff refuses wrong arguments at once', () => {
  for (const wrong of [
    [undefined, []],
    [[], 7],
    [{ client: {} }, []],
    [{ client: {}, InstanceId: 'i' }, []],
    [[], [], { key: '' }],
    [[], [], { fields: [] }],
    [[], [], { fields: 'Email' }],
    [[], [], { field: ['Email'] }],
  ] as const)
    expect(() => Reflect.apply(diff, undefined, wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
});

async function start(options: SandboxOptions) {
  const sandbox = await sandboxFor(options);
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const instance = (n: number) => ({ client, InstanceId: idOf(sandbox, n) });
  return { sandbox, client, InstanceId: sandbox.instanceId, instance };
}

function idOf({ instances }: Sandbox, n: number): string {
  return instances[n]?.id ?? '';
}

async function differences<T>(comparing: AsyncIterable<Difference<T>>) {
  const found: (Difference<T> & { readonly key?: string })[] = [];
  for await (const one of comparing) found.push(one);
  return found;
}
