import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

it('two instances are compared by user name, each by its id, ARN or alias', async () => {
  const sandbox = await sandboxFor({ users: [40, 40] });
  const [production, staging] = sandbox.instances;
  const [leaver] = staging?.directory.users() ?? [];
  staging?.directory.remove(leaver?.Id ?? '');
  staging?.directory.insert({ Username: 'new.joiner@acme.com' });
  const pairs = [
    [production?.id, staging?.arn],
    [production?.alias, staging?.id],
  ];
  for (const [a = '', b = ''] of pairs) {
    const { code, stdout, stderr } = await runCli(['diff', a, b, '--endpoint-url', sandbox.endpoint]);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toMatchObject(
      [
        { type: 'removed', key: leaver?.Username },
        { type: 'added', key: 'new.joiner@acme.com' },
      ].sort((one, other) => (String(one.key) < String(other.key) ? -1 : 1)),
    );
    expect(stderr).toMatch(/^1 added, 1 removed, 0 changed \([\d.]+ s\)\n$/);
    expect(code).toBe(0);
  }
});

it('two CSV files are compared if one has its own headings, which the advice names', async () => {
  const folder = await newFolder();
  const [a, b, empty] = ['a.csv', 'b.csv', 'empty.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(a, '\ufeffUsername,FirstName\r\n"a@x","Ann\r\nMarie"\r\nb@x,Bob\r\n');
  await writeFile(b, 'USERNAME,FirstName\na@x,"Ann\r\nMarie"\nB@x,Rob\n');
  await writeFile(empty, '');
  const unnamed = await runCli(['diff', a, b]);
  expect(unnamed.stderr).toMatch(
    /b\.csv has no column "Username"; name its heading: --headings Username=USERNAME\n$/,
  );
  for (const headings of ['Username=USERNAME', 'Username=USERNAME,FirstName=FirstName']) {
    const named = await runCli(['diff', a, b, '--headings', headings, '--fields', 'FirstName']);
    expect(named.stderr).toMatch(/^0 added, 0 removed, 1 changed /);
    expect(JSON.parse(named.stdout)).toMatchObject({
      key: 'b@x',
      changes: [{ field: 'FirstName', before: 'Bob', after: 'Rob' }],
    });
  }
  const nothing = await runCli(['diff', a, empty]);
  expect(nothing.stderr).toMatch(/^pageturn: cannot read \S+empty\.csv: it is empty\n$/);
  expect(nothing.code).toBe(2);
});

it('a CSV file with its own headings is compared with an instance, a row for each field that differs', async () => {
  const sandbox = await sandboxFor({ users: 5 });
  const path = await exported(sandbox);
  const [head = '', first = '', ...others] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const [name = '', , last] = first.split(',');
  expect(head).toBe('Username,FirstName,LastName');
  await writeFile(
    path,
    ['login,FirstName,surname', `${name},Changed,${last}`, ...others, 'x@acme.com,X,Y'].join('\n'),
  );
  const args = ['diff', path, sandbox.instanceId, '--endpoint-url', sandbox.endpoint, '--output', 'text'];
  const unnamed = await runCli(args);
  expect(unnamed.stderr).toMatch(
    /has no column "Username"; name its heading: --headings Username=HEADING\n$/,
  );
  expect(unnamed.code).toBe(2);
  const headings = ['--headings', 'Username=login,FirstName=FirstName,LastName=surname'];
  const { code, stdout } = await runCli([...args, ...headings, '--columns', 'type,key,field,before']);
  expect(stdout.trimEnd().split('\n').sort()).toEqual([
    `changed\t${name}\tFirstName\tChanged`,
    'removed\tx@acme.com\tNone\tNone',
  ]);
  expect(code).toBe(0);
});

it('--headings renames columns, and those that have the name of a field stay', async () => {
  const sandbox = await sandboxFor({ users: 5 });
  const path = await exported(sandbox);
  const text = (await readFile(path, 'utf8'))
    .replace('Username', 'login')
    .replace(/,\w+\n(?!.*\n)/, ',Changed\n');
  await writeFile(
    path,
    text
      .replace(/$/gm, ',IT')
      .replace(',IT', ',department')
      .replace(/\n,IT$/, '\n'),
  );
  const args = ['diff', path, sandbox.instanceId, '--endpoint-url', sandbox.endpoint, '--output', 'text'];
  const { code, stdout } = await runCli([
    ...args,
    '--headings',
    'Username=login',
    '--columns',
    'field,before',
  ]);
  expect(stdout).toBe('LastName\tChanged\n');
  expect(code).toBe(0);
  const mistyped = await runCli([...args, '--headings', 'Username=logn']);
  expect(mistyped.stderr).toMatch(/has no column "logn" \(did you mean "login"\?\)/);
});

it('a CSV file with semicolons or tabs is read with --delimiter, which the message names', async () => {
  const sandbox = await sandboxFor({ users: 5 });
  const path = await exported(sandbox);
  const text = await readFile(path, 'utf8');
  const args = ['diff', path, sandbox.instanceId, '--endpoint-url', sandbox.endpoint, '--output', 'text'];
  for (const [sign, option] of [
    [';', ';'],
    ['\t', String.raw`\t`],
  ] as const) {
    await writeFile(path, text.replaceAll(',', sign));
    const without = await runCli(args);
    expect(without.stderr).toContain(`"Username"; pass its delimiter: --delimiter '${option}'\n`);
    expect(without.code).toBe(2);
    const { code, stdout, stderr } = await runCli([...args, '--delimiter', option]);
    expect(stderr).toMatch(/^0 added, 0 removed, 0 changed/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  }
  const wrong = await runCli([...args, '--delimiter', 'ab']);
  expect(wrong.stderr).toMatch(/--delimiter.*It must be one character/);
});

it('an instance that cannot be read fails the comparison, and the previous file stays', async () => {
  const sandbox = await sandboxFor({
    users: [5, 5],
    faults: [{ kind: 'access-denied', operation: 'SearchUsers' }],
  });
  const out = join(await newFolder(), 'differences.csv');
  await writeFile(out, 'before');
  const [a = '', b = ''] = sandbox.instances.map(({ id }) => id);
  const { code, stderr } = await runCli(['diff', a, b, '--endpoint-url', sandbox.endpoint, '--out', out]);
  expect(stderr).toMatch(
    /^pageturn: AccessDeniedException: .*; the credentials need the permission connect:SearchUsers\n$/,
  );
  expect(code).toBe(1);
  expect(await readFile(out, 'utf8')).toBe('before');
});

it('a folder is refused by its name before anything is sent, and so is a pipe', async () => {
  const folder = await newFolder();
  const pipe = join(folder, 'users.ndjson');
  execFileSync('mkfifo', [pipe]);
  const at = ['--endpoint-url', 'http://127.0.0.1:9'];
  const compared = await runCli(['diff', folder, 'acme', ...at]);
  expect(compared.stderr).toBe(
    `pageturn: ${folder} is a folder; name a file in it, such as ${pipe}, or the id of an instance\n`,
  );
  expect(compared.code).toBe(2);
  const { code, stderr } = await runCli(['diff', 'acme', pipe, ...at]);
  expect(stderr).toBe(`pageturn: ${pipe} is a named pipe; name a file, or the id of an instance\n`);
  expect(code).toBe(2);
});

it('in the sandbox of the command line, staging differs from production in a few users', async () => {
  const args = ['diff', 'acme-contact-center', 'acme-staging', '--sandbox', '20', '--output', 'table'];
  const { code, stdout, stderr } = await runCli(args);
  expect(stdout).toMatch(/^TYPE +KEY +FIELD +BEFORE +AFTER\n/);
  expect(stdout).toMatch(/^added +new\.joiner@acme\.com/m);
  expect(stdout).toMatch(/^removed +\S+@\S+/m);
  expect(stdout).toMatch(/^changed +\S+@\S+ +LastName +\S.* Newlywed/m);
  expect(stdout).toMatch(/^changed +\S+@\S+ +RoutingProfileName +\S.* Tasks – Specialist/m);
  expect(stderr).toMatch(/\n1 added, 1 removed, 2 changed \(/);
  expect(code).toBe(0);
});

async function exported(sandbox: Sandbox): Promise<string> {
  const path = join(await newFolder(), 'people.csv');
  const connected = ['--endpoint-url', sandbox.endpoint, '--instance-id', sandbox.instanceId];
  await runCli(['users', ...connected, '--fields', 'Username,FirstName,LastName', '--out', path]);
  return path;
}
