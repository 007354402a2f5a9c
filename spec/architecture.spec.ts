import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The floors of the house. Imports point downwards only, and rooms on one floor do not know each other. What is not
 * named here has no place yet: name it.
 */
const FLOORS: Record<string, number> = {
  page: 0,
  cursor: 0,
  errors: 0,
  events: 0,
  abort: 0,
  clock: 0,
  fingerprint: 0,
  tally: 0,
  'checkpoint-store': 0,
  'refuse-unknown': 0,
  'replace-file': 0,
  listing: 1,
  retry: 1,
  pace: 1,
  checkpoint: 1,
  snapshot: 1,
  sinks: 1,
  'compose-send': 2,
  'from-pages': 3,
  aws: 3,
  connect: 4,
  index: 4,
  cli: 5,
};

/** Beside the house: they stand on the ground floor, and only the CLI looks in on them. */
const APART = ['sandbox', 'testing'];

/** Where a browser must be able to follow. */
const PORTABLE = [
  'page',
  'cursor',
  'errors',
  'events',
  'abort',
  'clock',
  'fingerprint',
  'tally',
  'checkpoint-store',
  'refuse-unknown',
  'listing',
  'retry',
  'pace',
  'compose-send',
  'from-pages',
];

const lib = resolve(import.meta.dirname, '../lib');
const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the house', () => {
  it('has a floor for everything in it', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !(room in FLOORS) && !APART.includes(room))).toEqual([]);
    expect([...Object.keys(FLOORS), ...APART].filter((room) => !rooms.has(room))).toEqual([]);
  });

  it.each(files)('lets %s import downwards only', (file) => {
    const room = roomOf(file);
    for (const imported of importsOf(file).filter((path) => path.startsWith('.'))) {
      const target = roomOf(relative(lib, resolve(lib, file, '..', imported)));
      if (target !== room) expect([file, imported, mayImport(room, target)]).toEqual([file, imported, true]);
    }
  });

  it.each(files.filter((file) => PORTABLE.includes(roomOf(file))))('lets %s run in a browser', (file) => {
    expect(importsOf(file).filter((path) => path.startsWith('node:'))).toEqual([]);
  });

  it('imports no more of ix than the one class a listing extends', () => {
    const ofIx = files.flatMap(importsOf).filter((path) => path === 'ix' || path.startsWith('ix/'));
    expect([...new Set(ofIx)]).toEqual(['ix/asynciterable/asynciterablex']);
  });
});

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
