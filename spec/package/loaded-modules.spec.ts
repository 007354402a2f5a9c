import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const DIST = resolve(import.meta.dirname, '../../dist');

/** One for each room below an entry point, and few more: the time that an import takes is that of its files. */
const MOST_FILES = 12;

const PACKAGES: [entry: string, packages: string[]][] = [
  ['index.js', ['p-retry']],
  ['bullmq/index.js', ['p-retry']],
  ['cli/main.js', []],
  ['cli/run-cli.js', ['commander']],
  ['connect/browser.js', ['@aws-sdk/client-connect', 'p-retry']],
  ['connect/index.js', ['@aws-sdk/client-connect', 'p-retry']],
  ['dynamodb/index.js', ['p-retry']],
  ['node/index.js', []],
  ['otel/index.js', ['@opentelemetry/api']],
  ['parquet/index.js', []],
  ['postgres/index.js', ['p-retry']],
  ['redis/index.js', ['p-retry']],
  ['s3/index.js', ['p-retry']],
  ['sandbox/index.js', []],
  ['testing/index.js', []],
];

const known = new Map<string, string[]>();
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });

it.each(PACKAGES)(
  'importing dist/%s loads few files and only the packages it needs: %j',
  (entry, packages) => {
    const loaded = loadedBy(entry);
    expect(loaded.filter((path) => !files.includes(path) && !path.startsWith('node:'))).toEqual(packages);
    const own = loaded.filter((path) => files.includes(path));
    expect(own).toContain(entry);
    expect(own.length, own.join(' ')).toBeLessThanOrEqual(MOST_FILES);
  },
);

it('the entry points of the package are those whose imports are counted', () => {
  const entries = files.filter((path) => /^([^/]+\/)?(index|browser|main|run-cli)\.js$/.test(path));
  expect(entries.sort()).toEqual(PACKAGES.map(([entry]) => entry).sort());
});

it('each module of lib is in one file, so a class is the same whatever entry point it comes from', () => {
  const sources = files
    .filter((path) => path.endsWith('.map'))
    .flatMap((path) => {
      const map = JSON.parse(readFileSync(join(DIST, path), 'utf8')) as { sources: string[] };
      return map.sources.map((source) => resolve(DIST, path, '..', source));
    });
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((source, index) => sources.indexOf(source) !== index)).toEqual([]);
});

it('no file of the package imports itself by way of others', () => {
  const modules = files.filter((path) => path.endsWith('.js'));
  const circular = modules.filter((path) => importsOf(path).some((one) => loadedBy(one).includes(path)));
  expect(circular).toEqual([]);
});

/** What an entry imports statically, and what its imports do: files of dist, packages and modules of Node. */
function loadedBy(entry: string): string[] {
  const loaded = new Set([entry]);
  for (const path of loaded) {
    if (files.includes(path)) for (const imported of importsOf(path)) loaded.add(imported);
  }
  return [...loaded].sort();
}

function importsOf(file: string): string[] {
  const read = known.get(file);
  if (read) return read;
  const text = readFileSync(join(DIST, file), 'utf8');
  const imports = [...text.matchAll(/^(?:import|export)\b(?:[^'"]*\bfrom)? ?"([^"]+)"/gm)].map(
    ([, path = '']) => (path.startsWith('.') ? relative(DIST, resolve(DIST, dirname(file), path)) : path),
  );
  known.set(file, imports);
  return imports;
}
