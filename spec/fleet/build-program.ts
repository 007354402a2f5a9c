import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

interface Program {
  readonly path: string;
  remove(): Promise<void>;
}

/** One file that Node starts without a compiler; it lies in the package, where its packages are found. */
export async function buildProgram(source: string): Promise<Program> {
  const parent = resolve(import.meta.dirname, '../../coverage');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'fleet-'));
  const path = join(folder, 'program.mjs');
  await build({
    entryPoints: [source],
    outfile: path,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return { path, remove: () => rm(folder, { recursive: true }) };
}
