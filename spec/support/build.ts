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

/** Whether each file of dist is newer than all sources, as after `npm ci`, and dist has the declarations of each module. */
function isBuilt(): boolean {
  if (!existsSync('dist')) return false;
  const sources = filesOf('lib', '.ts');
  const modules = sources.filter((file) => !file.endsWith('.d.ts'));
  const declarations = filesOf('dist', '.d.ts');
  const scripts = filesOf('dist', '.js');
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const builders = [...settings, join('scripts', 'bundle.ts')];
  const changed = Math.max(...[...builders, ...sources.map((file) => join('lib', file))].map(timeOf));
  return (
    // The declarations are written first.
    scripts.length > 0 &&
    modules.map((file) => file.replace(/\.ts$/, '')).join() ===
      declarations.map((file) => file.replace(/\.d\.ts$/, '')).join() &&
    [...declarations, ...scripts].every((file) => timeOf(join('dist', file)) > changed)
  );
}

function filesOf(folder: string, end: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(end)).sort();
}

function timeOf(path: string): number {
  return statSync(path).mtimeMs;
}
