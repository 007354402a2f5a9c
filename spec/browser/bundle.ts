import { resolve } from 'node:path';
import { build } from 'esbuild';

export interface Bundle {
  /** The minified code. */
  readonly code: string;
  /** How many bytes of it each file brings, by its path from the root of the project. */
  readonly bytesOf: ReadonlyMap<string, number>;
  /** What it imports at run time: the `external` modules, and those of Node, which no browser has. */
  readonly imports: readonly string[];
}

export interface BundleOptions {
  /** Modules to leave out of the bundle; none by default. */
  readonly external?: readonly string[];
  /** Makes it a script that leaves its exports in a variable of this name; by default it is a module. */
  readonly globalName?: string;
}

/** Bundles the source of a module for a browser, as an application's build does, from the package in `dist`. */
export async function bundle(
  source: string,
  { external = [], globalName }: BundleOptions = {},
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    ...(globalName === undefined ? { format: 'esm' } : { format: 'iife', globalName }),
    external: ['node:*', ...external],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    code: outputFiles[0]?.text ?? '',
    bytesOf: new Map(files.map(([file, { bytesInOutput }]) => [file, bytesInOutput])),
    imports: (output?.imports ?? []).map(({ path }) => path),
  };
}

const ROOT = resolve(import.meta.dirname, '../..');
