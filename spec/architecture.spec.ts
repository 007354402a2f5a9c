import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The floor of each room. Imports point downwards only, and rooms on one floor do not import each other. */
const FLOORS: Record<string, number> = {
  core: 0,
  request: 1,
  pace: 1,
  listing: 1,
  destinations: 1,
  'from-pages': 2,
  node: 2,
  aws: 2,
  bullmq: 3,
  connect: 3,
  dynamodb: 3,
  otel: 3,
  parquet: 3,
  postgres: 3,
  redis: 3,
  s3: 3,
  index: 3,
  cli: 4,
};

/** Rooms apart: they import the ground floor only, and only the CLI imports them. */
const APART = ['sandbox', 'testing'];

/** The only rooms that may import Node modules. */
const NODE_ONLY = ['node', 'otel', 'redis', 's3', 'sandbox', 'testing', 'cli'];

const lib = resolve(import.meta.dirname, '../lib');
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the rooms of lib', () => {
  it('every room has a floor', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !(room in FLOORS) && !APART.includes(room))).toEqual([]);
    expect([...Object.keys(FLOORS), ...APART].filter((room) => !rooms.has(room))).toEqual([]);
  });

  it.each(files)('%s imports downwards only', (file) => {
    const room = roomOf(file);
    for (const imported of importsOf(file).filter((path) => path.startsWith('.'))) {
      const target = roomOf(relative(lib, resolve(lib, file, '..', imported)));
      if (target !== room) expect([file, imported, mayImport(room, target)]).toEqual([file, imported, true]);
    }
  });

  it('there are no circular imports, type-only ones included', () => {
    expect(circles()).toEqual([]);
  });

  it.each(files.filter((file) => !NODE_ONLY.includes(roomOf(file))))(
    '%s imports no Node module, so it runs in a browser',
    (file) => {
      expect(importsOf(file).filter((path) => path.startsWith('node:'))).toEqual([]);
    },
  );

  it('the only import from ix is the type of its pipe', () => {
    const ofIx = files.flatMap(importsOf).filter((path) => path === 'ix' || path.startsWith('ix/'));
    expect([...new Set(ofIx)]).toEqual(['ix/asynciterable/asynciterablex']);
  });
});

/** Every circular import, as a list of files. */
function circles(): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file) || path.includes(file)) return;
    for (const imported of importsOf(file).filter((one) => one.startsWith('.'))) {
      visit(relative(lib, resolve(lib, file, '..', imported)).replace(/\.js$/, '.ts'), [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

function roomOf(file: string): string {
  return (file.split('/')[0] as string).replace(/\.[jt]s$/, '');
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(lib, file), 'utf8').replace(/\/\*.*?\*\//gs, '');
  return [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([^']+)'/gm)].map(([, path]) => path as string);
}

function mayImport(room: string, target: string): boolean {
  const below = FLOORS[target];
  if (APART.includes(target)) return room === 'cli';
  if (APART.includes(room)) return below === 0;
  // The ground floor is one room.
  return below !== undefined && (below === 0 || below < (FLOORS[room] as number));
}
