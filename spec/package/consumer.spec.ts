import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { sandboxFor } from '../support/sandbox-for.js';
import { createConsumer } from './consumer.js';

const ROOT = resolve(import.meta.dirname, '../..');

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** What needs a package of others, and what is not a module. */
const NOT_ALONE = ['./connect', './otel', './package.json'];

const consumer = await createConsumer();
afterAll(() => consumer?.[Symbol.asyncDispose]());

describe.skipIf(!consumer)('the package installed alone (needs the npm registry or its cache)', () => {
  if (!consumer) return;

  it('the package installed alone brings no AWS package', async () => {
    const packages = await consumer.packages();
    expect(packages).toContain('pageturn');
    expect(packages.filter((name) => /aws|smithy/.test(name))).toEqual([]);
  });

  it('every source map has its sources, and every module with code has a source map', async () => {
    const installed = join(consumer.folder, 'node_modules/pageturn');
    const paths = await readdir(installed, { recursive: true });
    const modules = paths.filter((path) => path.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(50);
    for (const path of modules.filter((one) => !paths.includes(`${one}.map`))) {
      const lines = (await readFile(join(installed, path), 'utf8')).trim().split('\n');
      expect(
        lines.filter((line) => !/^(import|export) .* from "[^"]+";$|^export \{.*\};$/.test(line)),
      ).toEqual([]);
    }
    for (const path of paths.filter((one) => one.endsWith('.map'))) {
      const map = JSON.parse(await readFile(join(installed, path), 'utf8')) as SourceMap;
      const contents = map.sources.map((source) => readFile(resolve(ROOT, path, '..', source), 'utf8'));
      expect(map.sourcesContent, path).toEqual(await Promise.all(contents));
    }
  });

  it.each([
    ['node16', ['list-rows.ts'], { module: 'node16' }],
    ['nodenext, as a module and as CommonJS', ['list-rows.ts', 'list-rows.cts'], { module: 'nodenext' }],
    ['bundler', ['list-rows.ts'], { module: 'esnext', moduleResolution: 'bundler' }],
  ])(
    'type-checks under module settings %s with all declarations, and lists an API',
    async (_, files, options) => {
      expect(await consumer.compile(files, options)).toBe('');
      const { directory, endpoint, instanceId } = await sandboxFor({ users: 250 });
      const url = `${endpoint}/users-summary/${instanceId}`;
      for (const file of files) {
        const load = `import('./out/${file.replace('ts', 'js')}')`;
        const program = `${load}.then((m) => m.listRows(...process.argv.slice(-2))).then((ids) => console.log(ids.join()))`;
        const { stdout } = await consumer.node('--eval', program, url, join(consumer.folder, 'checkpoint'));
        expect(stdout.trim().split(','), file).toEqual([...directory.users()].map(({ Id }) => Id));
      }
    },
  );

  it('every entry point loads by import and by require without an AWS package', async () => {
    const names = Object.keys(manifest.exports)
      .filter((subpath) => !NOT_ALONE.includes(subpath))
      .map((subpath) => subpath.replace('.', 'pageturn'));
    const loaded = { stdout: `${names.map(() => 'true').join('\n')}\n`, stderr: '' };
    const required = names.map((name) => `console.log(Object.keys(require('${name}')).length > 0);`);
    expect(await consumer.node('--eval', required.join('\n'))).toEqual(loaded);
    const imported = names.map((name) => `console.log(Object.keys(await import('${name}')).length > 0);`);
    expect(await consumer.node('--input-type=module', '--eval', imported.join('\n'))).toEqual(loaded);
  });

  it('an error names the missing package where a Parquet file is to be written', async () => {
    const program = "import { parquet } from 'pageturn/parquet'; await parquet().prepare()";
    const prepared = consumer.node('--input-type=module', '--eval', program);
    await expect(prepared).rejects.toThrow('npm install hyparquet-writer');
  });

  it('an error names the missing AWS package where pageturn/connect or the command line needs it', async () => {
    const load = consumer.node('--input-type=module', '--eval', "import 'pageturn/connect'");
    await expect(load).rejects.toThrow("Cannot find package '@aws-sdk/client-connect'");
    const list = consumer.node(join('node_modules', '.bin', 'pageturn'), 'users', '--sandbox', '10');
    await expect(list).rejects.toThrow('npm install @aws-sdk/client-connect');
  });
});
