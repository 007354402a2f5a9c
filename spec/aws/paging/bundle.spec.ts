import { expect, it } from 'vitest';
import { bundle } from '../../browser/bundle.js';

it('a program with fromPages contains nothing of how AWS operations are paged', async () => {
  const { bytesOf } = await bundle("export { fromPages } from 'pageturn';");
  expect([...bytesOf].map(([file]) => file).filter((file) => file.includes('/aws'))).toEqual([]);
  const { bytesOf: whole } = await bundle("export { paginate } from 'pageturn';");
  expect([...whole].map(([file]) => file)).toContain('dist/aws.js');
});
