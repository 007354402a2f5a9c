/**
 * Writes the JavaScript of the package to dist, one file per room. Node takes about as long to load a module of ten lines
 * as one of a thousand, and `pageturn/connect` has two hundred. What a room loads when it is used has files of its own.
 * esbuild writes a file for each set of entries that share a module, and cannot join them: 55 for `pageturn/connect`.
 * Run it: npm run build
 */
import { existsSync, readdirSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { build, type ChunkingContext, type PreRenderedChunk } from 'rolldown';

const ROOT = resolve(import.meta.dirname, '..');
const LIB = resolve(ROOT, 'lib');

const indexes = readdirSync(LIB)
  .map((room) => `${room}/index`)
  .filter((entry) => existsSync(resolve(LIB, `${entry}.ts`)));

/** The program, and what it loads whatever it is asked for. */
const programs = ['cli/main', 'cli/run-cli'];

/** The modules of `exports` and `bin` in package.json. */
const entries = ['index', ...indexes, 'connect/browser', ...programs];

const loaded = new Map<string, ReadonlySet<string>>();

await build({
  input: Object.fromEntries(entries.map((entry) => [entry, resolve(LIB, `${entry}.ts`)])),
  cwd: ROOT,
  // All packages and the modules of Node.
  external: /^(?:node:|@?[a-z][\w.-]+(?:\/|$))/,
  platform: 'neutral',
  transform: { target: 'es2022' },
  // So that a module may be in the file of its room and be an entry as well.
  preserveEntrySignatures: 'allow-extension',
  logLevel: 'warn',
  output: {
    dir: 'dist',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: fileOf,
    // Debuggers show the names of `lib`; the documentation is in the declarations.
    minifyInternalExports: false,
    comments: { jsdoc: false },
    codeSplitting: {
      groups: [{ name: roomOf, debugName: 'rooms', tags: ['$initial'] }],
      // Rooms import downwards only, so no file waits for one that waits for it.
      includeDependenciesRecursively: false,
    },
  },
});

/** The file of a module that an entry point loads at once. */
function roomOf(module: string, context: ChunkingContext): string | null {
  const [room = '', file] = pathOf(module).split('/');
  if (file === undefined || programs.includes(pathOf(module))) return null;
  // The command line starts without the AWS client, and a browser's bundler must not see what works with files.
  if (room !== 'connect' || loadedBy('cli/run-cli', context).has(module)) return room;
  return loadedBy('connect/browser', context).has(module) ? 'connect/with-client' : 'connect/with-files';
}

/** The modules that an entry loads at once. */
function loadedBy(entry: string, context: ChunkingContext): ReadonlySet<string> {
  const known = loaded.get(entry);
  if (known) return known;
  const modules = new Set([resolve(LIB, `${entry}.ts`)]);
  // A set hands out what is added while it is read.
  for (const module of modules) {
    for (const imported of context.getModuleInfo(module)?.importedIds ?? []) modules.add(imported);
  }
  loaded.set(entry, modules);
  return modules;
}

/** What is loaded when it is used has its path in `lib`; what several of these share is in the folder of its room. */
function fileOf({ name, facadeModuleId, moduleIds }: PreRenderedChunk): string {
  if (facadeModuleId) return `${pathOf(facadeModuleId)}.js`;
  const [room, ...others] = new Set(moduleIds.map((module) => pathOf(module).split('/')[0]));
  const isOfRoom = others.length === 0 && name !== room && !name.includes('/');
  return isOfRoom ? `${room}/[name].js` : '[name].js';
}

/** The path of a module in `lib`, without its ending. */
function pathOf(module: string): string {
  return relative(LIB, module).split(sep).join('/').replace(/\.ts$/, '');
}
