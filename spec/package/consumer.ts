import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isUnreachable, npm } from '../support/npm.js';

/** A project of its own, with a program as a module (list-rows.ts) and as CommonJS (.cts), and with only the package installed. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** The names of the packages in its node_modules. */
  packages(): Promise<string[]>;
  /** Runs a Node program in it; resolves to what it prints. */
  node(...args: string[]): Promise<{ stdout: string; stderr: string }>;
  /** Compiles files with these settings, the declarations of all packages checked; resolves to the errors. */
  compile(files: readonly string[], options: object): Promise<string>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Packs what is built and installs it; undefined where npm reaches no registry and its cache has too little. */
export async function createConsumer(): Promise<Consumer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-consumer-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  const program = join(import.meta.dirname, 'consumer', 'list-rows.ts');
  for (const copy of ['list-rows.ts', 'list-rows.cts']) await cp(program, join(folder, copy));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const [tarball = ''] = (await npm(ROOT, 'pack', '--ignore-scripts', '--pack-destination', folder))
    .trim()
    .split('\n')
    .slice(-1);
  try {
    await npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`);
  } catch (error) {
    await dispose();
    if (isUnreachable(error)) return undefined;
    throw error;
  }
  return {
    folder,
    packages: () => readdir(join(folder, 'node_modules')),
    node: (...args) => run(process.execPath, args, { cwd: folder }),
    async compile(files, options) {
      const config = { compilerOptions: { ...STRICT, ...options }, files };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      return run(process.execPath, [tsc], { cwd: folder }).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
    },
    [Symbol.asyncDispose]: dispose,
  };
}

const STRICT = {
  target: 'ES2022',
  lib: ['ES2022', 'DOM'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  // Those of TypeScript itself take most of the time.
  skipDefaultLibCheck: true,
  rootDir: '.',
  outDir: 'out',
};
