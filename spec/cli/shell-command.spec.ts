import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellCommand } from '../../lib/cli/shell-command.js';

it('gives back the command that was run', () => {
  expect(shellCommand(['/usr/bin/node', '/usr/local/bin/pageturn', 'users', '--sandbox'])).toBe(
    'pageturn users --sandbox',
  );
  expect(shellCommand(['/usr/bin/node', `${process.cwd()}/dist/cli/main.js`, 'users'])).toBe(
    'node dist/cli/main.js users',
  );
});

it('quotes what a shell would take apart', () => {
  const words = ['*@acme.com', "it's", 'a b', '$HOME', '', '"x"', '`date`', 'a\\b', 'n\nl', '李'];
  const command = shellCommand(['node', '/bin/pageturn', ...words]).replace(
    'pageturn',
    String.raw`printf '%s\0'`,
  );
  expect(execFileSync('sh', ['-c', command]).toString().split('\0').slice(0, -1)).toEqual(words);
});
