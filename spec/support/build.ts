import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { SCRIPTS } from './script.js';

/** Builds once before the specs: the package, which the CLI and the examples run from, and the programs of the specs. */
export async function setup(): Promise<void> {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
  await build({
    entryPoints: [...SCRIPTS.entryPoints],
    outdir: SCRIPTS.folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
}
