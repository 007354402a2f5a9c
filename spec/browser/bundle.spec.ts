import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type Bundle, bundle } from './bundle.js';

const FROM_PAGES = `
  import { fromPages } from 'pageturn';
  export const rows = fromPages(async (token) => ({ items: [token], next: undefined }));
`;

/** The rooms of pageturn and the packages a bundle brings code of. */
const partsOf = ({ bytesOf }: Bundle) =>
  [
    ...new Set([...bytesOf.keys()].map((file) => file.replace(/\.js$/, '').split('/').slice(0, 2).join('/'))),
  ].sort();

it.each([
  ['pageturn', "export * from 'pageturn'"],
  ['a program with fromPages', FROM_PAGES],
  ['pageturn/connect, the SDK included', "export * from 'pageturn/connect'"],
])('%s bundles for a browser without a module of Node', async (_, source) => {
  const { imports, code } = await bundle(source);
  expect(imports).toEqual([]);
  expect(code).not.toBe('');
});

it('pageturn brings no code of the AWS SDK', async () => {
  const parts = partsOf(await bundle("export * from 'pageturn'"));
  expect(parts).toContain('dist/aws');
  expect(parts.filter((part) => part.startsWith('node_modules/@'))).toEqual([]);
});

it('a program with fromPages brings nothing that is there for AWS only', async () => {
  const parts = partsOf(await bundle(FROM_PAGES));
  expect(parts).toContain('dist/listing');
  expect(parts.filter((part) => /aws|smithy|connect/.test(part))).toEqual([]);
});

it('a program with fromPages brings no pacer unless it creates one', async () => {
  expect(partsOf(await bundle(FROM_PAGES))).not.toContain('dist/pace');
  const paced = FROM_PAGES.replace('undefined }))', 'undefined }), { pace: adaptivePacer() })');
  expect(partsOf(await bundle(paced.replace('{ fromPages', '{ adaptivePacer, fromPages')))).toContain(
    'dist/pace',
  );
});

it('a program with fromPages has less than 35 KB, minified and gzipped', async () => {
  const { code } = await bundle(FROM_PAGES);
  expect(gzipSync(code).byteLength).toBeLessThan(35_000);
});

it('the only package a program with fromPages brings is p-retry, with what it imports', async () => {
  const parts = partsOf(await bundle(FROM_PAGES));
  expect(parts.filter((part) => !part.startsWith('dist/') && part !== '<stdin>')).toEqual([
    'node_modules/is-network-error',
    'node_modules/p-retry',
  ]);
});
