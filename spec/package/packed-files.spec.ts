import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

it('every source map of the package has its sources, and every module its source map', {
  timeout: 60_000,
}, async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
  });
  const [{ files }] = JSON.parse(stdout) as [Packed];
  const paths = files.map(({ path }) => path);
  const modules = paths.filter((path) => path.endsWith('.js'));
  expect(modules.length).toBeGreaterThan(50);
  expect(paths).toEqual(expect.arrayContaining(modules.map((path) => `${path}.map`)));
  for (const path of paths.filter((one) => one.endsWith('.map'))) {
    const { sources, sourcesContent = [] } = JSON.parse(
      await readFile(join(root, path), 'utf8'),
    ) as SourceMap;
    const contents = await Promise.all(
      sources.map((source) => readFile(resolve(root, path, '..', source), 'utf8')),
    );
    expect(sourcesContent, path).toEqual(contents);
  }
});

it('the lockfile has the integrity of every package that comes from the registry', async () => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>;
  };
  const missing = Object.entries(packages).filter(
    ([path, { integrity = '', link }]) => path !== '' && !link && !/^sha512-[\w+/]{86}==$/.test(integrity),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(missing.map(([path]) => path)).toEqual([]);
});
