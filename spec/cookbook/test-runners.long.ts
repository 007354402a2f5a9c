import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLEAN_ENV } from '../support/clean-env.js';
import { isUnreachable, npm } from '../support/npm.js';
import { type CookbookFolder, cookbookFolder } from './cookbook-folder.js';

const root = resolve(import.meta.dirname, '../..');

let folder: CookbookFolder;
let path: string;
beforeAll(async () => {
  folder = await cookbookFolder();
  path = folder.of('tests');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs a program of a test runner in the folder of the page, without the settings of the one that runs this spec. */
function run(...args: string[]) {
  return promisify(execFile)(process.execPath, args, { cwd: path, env: { ...CLEAN_ENV, NO_COLOR: '1' } });
}

it('the tests of the cookbook pass in Vitest', async () => {
  // The folder is inside this package, which has settings of its own.
  await writeFile(join(path, 'vitest.config.js'), 'export default {};');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await run(vitest, 'run', '--root', path);
  expect(stdout).toMatch(/Tests +3 passed/);
});

// It brings 250 packages, which nothing else needs.
it('the test of the cookbook passes in Jest', async ({ skip }) => {
  const [install = ''] = folder.block('tests', 'sh', 2).split('\n');
  expect(install).toBe('npm install --save-dev jest');
  try {
    await npm(
      path,
      'install',
      '--no-save',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--prefix',
      path,
      'jest',
    );
  } catch (error) {
    if (isUnreachable(error)) skip('npm reaches no registry, and its cache has no Jest');
    throw error;
  }
  const [command = ''] = folder.block('tests', 'sh', 3).split('\n');
  const [, options = '', pattern = ''] = /NODE_OPTIONS=(\S+) npx jest --testMatch '(.*)'/.exec(command) ?? [];
  const jest = join(path, 'node_modules/jest/bin/jest.js');
  const { stderr } = await run(options, jest, '--rootDir', path, '--testMatch', pattern);
  expect(stderr).toContain('1 passed');
});
