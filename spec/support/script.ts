import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

const NAMES = [
  'dynamodb/drain-child',
  'node/child',
  'node/drain-child',
  'node/endless-snapshot',
  'node/failing-drain-child',
  'postgres/drain-child',
  'redis/hold-child',
  'redis/list-child',
  's3/drain-child',
] as const;

/** The programs that specs run as processes of their own, each bundled once: starting tsx costs a second a process. */
export const SCRIPTS = {
  base: join(ROOT, 'spec'),
  entryPoints: NAMES.map((name) => join(ROOT, `spec/${name}.ts`)),
  folder: join(ROOT, 'coverage/scripts'),
} as const;

/** The path of a bundled program, to run with Node. */
export function scriptPath(name: (typeof NAMES)[number]): string {
  return join(SCRIPTS.folder, `${name}.mjs`);
}
