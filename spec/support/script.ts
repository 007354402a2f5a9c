import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The programs that specs run as processes of their own, each bundled once: starting tsx costs a second a process. */
export const SCRIPTS = {
  entryPoints: ['child', 'drain-child', 'endless-snapshot'].map((name) => join(ROOT, `spec/node/${name}.ts`)),
  folder: join(ROOT, 'coverage/scripts'),
} as const;

/** The path of a bundled program, to run with Node. */
export function scriptPath(name: 'child' | 'drain-child' | 'endless-snapshot'): string {
  return join(SCRIPTS.folder, `${name}.mjs`);
}
