import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = join(ROOT, 'docs/cookbook');

export interface CookbookFolder extends AsyncDisposable {
  /** The files of all pages that compile with errors, each with its errors. */
  readonly compileErrors: string;
  /** The folder of a page, with its programs as TypeScript and as JavaScript. */
  of(page: string): string;
  /** The n-th block of a language on a page. */
  block(page: string, language: string, n?: number): string;
}

/** A folder with the programs of the cookbook as they are printed, inside the package, whose name and packages they import. */
export async function cookbookFolder(): Promise<CookbookFolder> {
  await mkdir(join(ROOT, 'coverage'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'coverage', 'cookbook-'));
  const texts = new Map<string, string>();
  for (const file of await readdir(PAGES)) {
    const page = basename(file, '.md');
    const text = await readFile(join(PAGES, file), 'utf8');
    texts.set(page, text);
    await mkdir(join(folder, page));
    for (const [, language, name, code = ''] of text.matchAll(/^```([jt]s)\n\/\/ (\S+)\n(.*?)^```$/gms)) {
      await writeFile(join(folder, page, name ?? ''), code);
      if (language === 'js' || name?.includes('.test.')) continue;
      const script = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
      await writeFile(join(folder, page, `${basename(name ?? '', '.ts')}.js`), script.code);
    }
  }
  return {
    compileErrors: await compile(folder),
    of: (page) => join(folder, page),
    block(page, language, n = 0) {
      const blocks = [
        ...(texts.get(page) ?? '').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')),
      ];
      const [, code] = blocks[n] ?? [];
      if (code === undefined) throw new Error(`${page} has no block ${n} of ${language}`);
      return code;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** With the settings that `tsc --init` recommends. */
async function compile(folder: string): Promise<string> {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
  }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}
