import { execFileSync } from 'node:child_process';

/** Builds the package once before the specs: the CLI and the examples run from `dist`. */
export function setup(): void {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
}
