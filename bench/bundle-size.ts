/**
 * How many bytes pageturn adds to an application that is bundled for a browser, as the table of the README, and which
 * parts they are. Needs the package built. Run it: npm run size
 */
import { gzipSync } from 'node:zlib';
import { type Bundle, bundle } from '../spec/browser/bundle.js';

/** The AWS client stays outside: an application that talks to AWS has it anyway. */
const external = ['@aws-sdk/*'];

const CASES: Record<string, string> = {
  '`pageturn`, all of it': "export * from 'pageturn'",
  'a program with `fromPages`': `
    import { fromPages } from 'pageturn';
    for await (const row of fromPages(async (token) => ({ items: [token], next: undefined }))) console.log(row);
  `,
  '`pageturn/connect`, without the SDK': "export * from 'pageturn/connect'",
};

/** Parts below this share of the largest bundle are added up as the others. */
const SMALLEST_SHARE = 0.02;

const bundles = new Map<string, Bundle>();
for (const [name, source] of Object.entries(CASES)) bundles.set(name, await bundle(source, { external }));

console.log('| bundle | minified, KB | gzipped, KB |\n|---|--:|--:|');
for (const [name, { code }] of bundles) {
  console.log(
    `| ${name} | ${kilobytes(Buffer.byteLength(code))} | ${kilobytes(gzipSync(code).byteLength)} |`,
  );
}

const [whole] = bundles.values();
console.log('\n| part of `pageturn` | minified, KB |\n|---|--:|');
for (const [part, bytes] of whole ? partsOf(whole) : []) console.log(`| ${part} | ${kilobytes(bytes)} |`);

/** The bytes of each room and each package, largest first. */
function partsOf({ bytesOf }: Bundle): [part: string, bytes: number][] {
  const parts = new Map<string, number>();
  let all = 0;
  for (const [file, bytes] of bytesOf) {
    const part = file.replace(/\.js$/, '').split('/').slice(0, 2).join('/');
    parts.set(part, (parts.get(part) ?? 0) + bytes);
    all += bytes;
  }
  const large = [...parts].filter(([, bytes]) => bytes >= all * SMALLEST_SHARE).sort(([, a], [, b]) => b - a);
  const rest = large.reduce((left, [, bytes]) => left - bytes, all);
  return rest > 0 ? [...large, ['others', rest]] : large;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
