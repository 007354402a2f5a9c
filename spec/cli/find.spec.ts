import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../support/at.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

it('find writes the user with a name, in one request', async () => {
  const sandbox = await sandboxFor({ users: 2000 });
  const user = [...sandbox.directory.users()][1234];
  const name = user?.Username.toUpperCase() ?? '';
  const { code, stdout, stderr } = await runCli(['find', name, ...at(sandbox)]);
  expect(JSON.parse(stdout)).toMatchObject({ Id: user?.Id, Username: user?.Username });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(sandbox.stats().requests).toBe(1);
  const text = await runCli(['find', name, ...at(sandbox), '--columns', 'Id', '--output', 'text']);
  expect(text.stdout).toBe(`${user?.Id}\n`);
});

it('a name that no user has is one line and exit code 1, and the previous file stays', async () => {
  const sandbox = await sandboxFor({ users: 20 });
  const out = join(await newFolder(), 'user.json');
  await writeFile(out, 'before');
  expect(await runCli(['find', 'no.one@acme.com', ...at(sandbox), '--out', out])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      "pageturn: no user has the name no.one@acme.com; to search for part of a name, run pageturn users --filter '*no.one@acme.com*'\n",
  });
  expect(await readFile(out, 'utf8')).toBe('before');
});

it('the command for part of a name is quoted for the shell', async () => {
  const sandbox = await sandboxFor({ users: 2 });
  const { stderr } = await runCli(['find', "conan.o'brien", ...at(sandbox)]);
  expect(stderr).toMatch(/, run pageturn users --filter '\*conan\.o'\\''brien\*'\n$/);
});

it('two users with the same name are named by their ids', async () => {
  const sandbox = await sandboxFor({ users: 20 });
  const one = sandbox.directory.insert({ Username: 'li.wei@acme.com' });
  const other = sandbox.directory.insert({ Username: 'Li.Wei@acme.com' });
  const { code, stdout, stderr } = await runCli(['find', 'li.wei@acme.com', ...at(sandbox)]);
  expect(stderr).toMatch(/^pageturn: 2 users have this name.*; use the id of the one you mean\n$/);
  for (const { Id } of [one, other]) expect(stderr).toContain(Id);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

it('find works in the sandbox of the command line, as a table', async () => {
  const listed = await runCli(['users', '--sandbox', '20', '--query', '[3].Username', '--output', 'text']);
  const name = listed.stdout.trim();
  const { code, stdout } = await runCli(['find', name, '--sandbox', '20'], { isTTY: true });
  expect(stdout.split('\n')[0]).toMatch(/^ID +FIRST NAME +LAST NAME +USERNAME$/);
  expect(stdout).toContain(name);
  expect(code).toBe(0);
});

it('credentials that may not search get an error that names the permission', async () => {
  const sandbox = await sandboxFor({
    users: 1,
    faults: [{ kind: 'access-denied', operation: 'SearchUsers' }],
  });
  const { code, stderr } = await runCli(['find', 'x', ...at(sandbox)]);
  expect(stderr).toMatch(
    /^pageturn: AccessDeniedException: .*; the credentials need the permission connect:SearchUsers\n$/,
  );
  expect(code).toBe(1);
});
