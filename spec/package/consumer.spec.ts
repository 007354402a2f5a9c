import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { sandboxFor } from '../e2e/sandbox-for.js';
import { createConsumer } from './consumer.js';

// A compilation with all declarations takes two seconds, and ten on a machine with other work.
vi.setConfig({ testTimeout: 60_000 });

const consumer = await createConsumer();
afterAll(() => consumer?.[Symbol.asyncDispose]());

describe.skipIf(!consumer)('the package installed alone (needs the npm registry or its cache)', () => {
  if (!consumer) return;

  it('brings no AWS package along', async () => {
    const packages = await consumer.packages();
    expect(packages).toContain('pageturn');
    expect(packages.filter((name) => /aws|smithy/.test(name))).toEqual([]);
  });

  it.each([
    ['node16', 'list-rows.ts', { module: 'node16' }],
    ['nodenext', 'list-rows.ts', { module: 'nodenext' }],
    ['nodenext, as CommonJS,', 'list-rows.cts', { module: 'nodenext' }],
    ['bundler', 'list-rows.ts', { module: 'esnext', moduleResolution: 'bundler' }],
  ])(
    'type-checks under module settings %s with all declarations, and lists an API',
    async (_, file, options) => {
      expect(await consumer.compile(file, options)).toBe('');
      const { directory, endpoint, instanceId } = await sandboxFor({ users: 250 });
      const load = `import('./out/${file.replace('ts', 'js')}')`;
      const program = `${load}.then((m) => m.listRows(...process.argv.slice(-2))).then((ids) => console.log(ids.join()))`;
      const url = `${endpoint}/users-summary/${instanceId}`;
      const { stdout } = await consumer.node('--eval', program, url, join(consumer.folder, 'checkpoint'));
      expect(stdout.trim().split(',')).toEqual([...directory.users()].map(({ Id }) => Id));
    },
  );

  it.each(['pageturn', 'pageturn/dynamodb', 'pageturn/node', 'pageturn/sandbox', 'pageturn/testing'])(
    '%s loads by import and by require without an AWS package',
    async (name) => {
      const load = `console.log(Object.keys(require('${name}')).length > 0)`;
      expect(await consumer.node('--eval', load)).toEqual({ stdout: 'true\n', stderr: '' });
      const program = `import * as all from '${name}'; console.log(Object.keys(all).length > 0)`;
      const imported = await consumer.node('--input-type=module', '--eval', program);
      expect(imported).toEqual({ stdout: 'true\n', stderr: '' });
    },
  );

  it('an error names the missing AWS package where pageturn/connect or the command line needs it', async () => {
    const load = consumer.node('--input-type=module', '--eval', "import 'pageturn/connect'");
    await expect(load).rejects.toThrow("Cannot find package '@aws-sdk/client-connect'");
    const list = consumer.node(join('node_modules', '.bin', 'pageturn'), 'users', '--sandbox', '10');
    await expect(list).rejects.toThrow('npm install @aws-sdk/client-connect');
  });
});
