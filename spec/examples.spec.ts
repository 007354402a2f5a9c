import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../examples');

/** The output of each example. */
const OUTPUTS: Record<string, RegExp> = {
  '01-list-users.ts': /^\S+\n\S+\n\S+\n7500 users in 8 pages\n$/,
  '02-filter-and-stop.ts': /^(\S+@acme\.com\n){10}ended by limit after 1 page\n(then \S+@acme\.com\n){10}$/,
  '03-ix-pipeline.ts': /^(\d+ rows saved\n)+2500 rows saved\n$/,
  '04-any-command.ts': /^\[.+\]\n1000 users with fetch\n$/s,
  '05-resume.ts': /^first run: 2500 users\nsecond run: 4000 users, each once\n$/,
  '06-details.ts': /^(\S+ \S.*\n){12}$/,
};

describe('each example', () => {
  it('every example has an expected output', () => {
    expect(readdirSync(folder).filter((file) => file.endsWith('.ts'))).toEqual(Object.keys(OUTPUTS));
  });

  it.each(Object.entries(OUTPUTS))(
    'the example %s runs and prints its expected output',
    async (file, output) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--import',
        'tsx',
        resolve(folder, file),
      ]);
      expect(stdout).toMatch(output);
    },
  );
});
