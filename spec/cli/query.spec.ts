import { describe, expect, it } from 'vitest';
import { at } from '../support/at.js';
import { sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './run-in-process.js';

/** What an expression makes of 25 users in pages of 10. */
async function query(expression: string, ...options: string[]) {
  const sandbox = await sandboxFor({ users: 25 });
  const args = ['users', ...at(sandbox), '--page-size', '10', '--query', expression, ...options];
  return { users: [...sandbox.directory.users()], ...(await runCli(args)) };
}

describe('--query', () => {
  it.each([
    ['Username', (user: User) => JSON.stringify(user.Username)],
    ['[Id, Username]', (user: User) => JSON.stringify([user.Id, user.Username])],
    ['{name: Username}', (user: User) => JSON.stringify({ name: user.Username })],
    ['Id || Username', (user: User) => JSON.stringify(user.Id)],
    ['{name: Username}.name', (user: User) => JSON.stringify(user.Username)],
    ['[].Id', (user: User) => JSON.stringify(user.Id)],
    ['[*].{id: Id}', (user: User) => JSON.stringify({ id: user.Id })],
    ['UserSummaryList[].Id', (user: User) => JSON.stringify(user.Id)],
    ['UserSummaryList[*].[Id]', (user: User) => JSON.stringify([user.Id])],
  ])('--query %s makes a row of each user', async (expression, row) => {
    const { users, stdout, code } = await query(expression);
    expect(stdout).toBe(users.map((user) => `${row(user)}\n`).join(''));
    expect(code).toBe(0);
  });

  it.each([
    ['Typo', 'Typo'],
    ['Usrname', 'Usrname (did you mean Username?)'],
    ['[Id, Usrname]', 'Usrname (did'],
    ['{id: ID}', 'ID (did you mean Id?)'],
    ['[].Typo', 'Typo'],
    ['[*].[Id, Typo]', 'Typo'],
    ['UserSummaryList[].Typo', 'Typo'],
    ['[?Typo==`1`].Id', 'Typo'],
    ["[?ends_with(Usrname, 'x')]", 'Usrname (did'],
    ['[0].Typo', 'Typo'],
    ['sort_by(@, &Typo)[].Id', 'Typo'],
    ['max_by(@, &Username).Typo', 'Typo'],
    ['[?Id==`1`] | [0].Typo', 'Typo'],
    ['length(Typo)', 'Typo'],
  ])(
    '--query %s is refused before anything is sent, because no user has that member',
    async (expression, message) => {
      const sandbox = await sandboxFor({ users: 2 });
      const { code, stdout, stderr } = await runCli(['users', ...at(sandbox), '--query', expression]);
      expect(stderr).toContain(`pageturn: --query: users have no member ${message}`);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(sandbox.stats().requests).toBe(0);
    },
  );

  it('a filter leaves users out, wherever the pages end', async () => {
    const { users, stdout } = await query("[?ends_with(Username, '@acme.com')].Id", '--output', 'text');
    const expected = users.filter(({ Username }) => Username.endsWith('@acme.com')).map(({ Id }) => Id);
    expect(stdout).toBe(expected.map((id) => `${id}\n`).join(''));
  });

  it.each([
    ['length(@)', () => '25\n'],
    ['length(UserSummaryList)', () => '25\n'],
    ['[0].Id', (users: User[]) => `"${users[0]?.Id}"\n`],
    ['[-1].Id', (users: User[]) => `"${users[24]?.Id}"\n`],
    ['[9:11].Id', (users: User[]) => `"${users[9]?.Id}"\n"${users[10]?.Id}"\n`],
    ['UserSummaryList[].Id | [11]', (users: User[]) => `"${users[11]?.Id}"\n`],
    ['@ | length(@)', () => '25\n'],
    [
      'sort_by(@, &Username)[].Username | [0]',
      (users: User[]) => `"${users.map(({ Username }) => Username).sort()[0]}"\n`,
    ],
    ['{first: [0].Id, count: length(@)}', (users: User[]) => `{"first":"${users[0]?.Id}","count":25}\n`],
  ])('--query %s sees all users, not those of one page', async (expression, rows) => {
    const { users, stdout } = await query(expression);
    expect(stdout).toBe(rows(users));
  });

  it.each([
    ['csv', 'n,r\n{name},us-east-1\n'],
    ['text', '{name}\tus-east-1\n'],
    ['table', 'n                     r\n{padded}  us-east-1\n'],
  ])('the members of a row are the columns of %s', async (format, text) => {
    const options = ['--output', format, '--max-items', '1'];
    const { users, stdout } = await query('{n: Username, r: LastModifiedRegion}', ...options);
    const name = users[0]?.Username ?? '';
    expect(stdout).toBe(text.replace('{name}', name).replace('{padded}', name.padEnd(20)));
  });

  it.each([
    ['Username', 'csv', 'Id', 'Id'],
    ['{name: Username}', 'json', 'Id', 'Id'],
    ['{name: Username}', 'csv', 'nmae', 'nmae (did you mean name?)'],
  ])(
    '--columns that no row of %s has are an error, and not blank rows',
    async (expression, format, name, named) => {
      const { code, stderr } = await query(expression, '--output', format, '--columns', name);
      expect(stderr).toContain(`no row has a column ${named}: --columns selects from the result of --query`);
      expect(code).toBe(1);
    },
  );

  it('--columns chooses from the members of a row, by their paths too', async () => {
    const options = ['--output', 'csv', '--columns', 'a.b,c', '--max-items', '1'];
    const { users, stdout } = await query('{a: {b: Username}, c: Id, d: Arn}', ...options);
    expect(stdout).toBe(`a.b,c\n${users[0]?.Username},${users[0]?.Id}\n`);
  });

  it('a row with a member that is no column of the first rows is an error, and no value is lost', async () => {
    const sandbox = await sandboxFor({ users: 3 });
    const [first] = sandbox.directory.users();
    const expression = `merge(@, from_items(Username == '${first?.Username}'))`;
    const { code, stderr } = await runCli(['users', ...at(sandbox), '--query', expression]);
    expect(stderr).toMatch(/^pageturn: --query is not valid JMESPath at character 10: there is no function/);
    expect(code).toBe(2);
  });

  it('an expression that does not fit a user ends the run with its error', async () => {
    const { code, stderr } = await query('abs(Username)');
    expect(stderr).toMatch(/^pageturn: --query cannot be applied to a user: TypeError: abs\(\) expected/);
    expect(code).toBe(1);
  });

  it.each([
    ['[?a', 4, 'the expression ends too early'],
    ['a.', 3, 'the expression ends too early'],
    ['a b', 3, 'b is not expected here'],
    ['[?Username == ]', 15, '] is not expected here'],
    ['a = b', 3, 'write == to compare'],
    ['a =', 3, 'write == to compare'],
    ["[?a=='x]", 6, "the ' is not closed"],
    ['"a', 1, 'the " is not closed'],
    ['[?a==`1]', 6, 'the ` is not closed'],
    ['a#b', 2, '# has no meaning here'],
    ['a..b', 3, '. is not expected here'],
    ['foo(@)', 1, 'there is no function foo'],
    ['[].lenght(@)', 4, 'there is no function lenght'],
    ['{a:}', 4, '} is not expected here'],
    ['[0', 3, 'the expression ends too early'],
    ['a]', 2, '] is not expected here'],
  ])('--query %s is refused with its position before anything is sent', async (expression, at1, what) => {
    const { code, stdout, stderr } = await runCli([
      'users',
      '--instance-id',
      'x',
      '--endpoint-url',
      'http://127.0.0.1:1',
      '--query',
      expression,
    ]);
    expect(stderr).toBe(`pageturn: --query is not valid JMESPath at character ${at1}: ${what}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

interface User {
  readonly Id: string;
  readonly Username: string;
}
