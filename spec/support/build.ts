import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { SCRIPTS } from './script.js';

/** Builds once before the specs: the package, which the CLI and the examples run from, and the programs of the specs. */
export async function setup(): Promise<void> {
  if (!isBuilt()) execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
  await build({
    entryPoints: [...SCRIPTS.entryPoints],
    outbase: SCRIPTS.base,
    outdir: SCRIPTS.folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
}

/** Whether each module of dist is newer than all sources, as after `npm ci`, and neither has a module that the other lacks. */
function isBuilt(): boolean {
  if (!existsSync('dist')) return false;
  const sources = filesOf('lib', '.ts');
  const modules = sources.filter((file) => !file.endsWith('.d.ts'));
  const outputs = filesOf('dist', '.js');
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const changed = Math.max(...[...settings, ...sources.map((file) => join('lib', file))].map(timeOf));
  return (
    modules.map((file) => file.replace(/\.ts$/, '')).join() ===
      outputs.map((file) => file.replace(/\.js$/, '')).join() &&
    outputs.every((file) => timeOf(join('dist', file)) > changed)
  );
}

function filesOf(folder: string, end: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(end)).sort();
}

function timeOf(path: string): number {
  return statSync(path).mtimeMs;
}
