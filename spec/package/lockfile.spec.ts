import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

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
