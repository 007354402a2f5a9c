import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../examples');

/** The output of each example. */
const OUTPUTS: Record<string, RegExp> = {
  '01-list-users.ts': /^\S+\n\S+\n\S+\n7500 users in 8 pages\n$/,
  '02-filter-and-stop.ts': /^(\S+@acme\.com\n){10}ended by limit after 1 page\n(then \S+@acme\.com\n){10}$/,
  '03-ix-pipeline.ts': /^(\d+ rows saved\n)+2500 rows saved\n$/,
  '04-any-command.ts': /^\[.+\]\n1000 users with fetch\n$/s,
  '05-resume.ts': /^first run: 2500 users\nsecond run: 4000 users, each once\n$/,
  '06-details.ts': /^(\S+ \S.*\n){12}$/,
  '07-access-audit.ts': /^(\S.*: \d+ users, such as \S+\n){6}exhausted after 4 requests\n$/,
  '08-directory-diff.ts':
    /^(?=.*^added new\.hire$)(?=.*^changed \S+ FirstName \S+ Zoë$)((added|changed|removed) .*\n){5}$/ms,
  '09-console-import.ts':
    /^800 users in \d+ requests\n800 users read back, 0 differences from the instance\nwritten again, the file is the same\n$/,
  '10-look-up-before-update.ts':
    /^(would update \S+\n){3}not updating anything: not\.there@acme\.com is missing\n$/,
};

describe('each example', () => {
  let printed: ReadonlyMap<string, string>;
  beforeAll(async () => {
    printed = await runAll(Object.keys(OUTPUTS));
  });

  it('every example has an expected output', () => {
    expect(readdirSync(folder).filter((file) => file.endsWith('.ts'))).toEqual(Object.keys(OUTPUTS));
  });

  it.each(Object.entries(OUTPUTS))('the example %s runs and prints its expected output', (file, output) => {
    expect(printed.get(file)).toMatch(output);
  });
});

/**
 * What each of the examples prints, run one after the other by one tsx: starting it and loading the AWS SDK takes two
 * seconds. The process ends by itself only if no example leaves anything open.
 */
async function runAll(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const program = `
    for (const file of ${JSON.stringify(files)}) {
      console.log('\\f' + file);
      await import(${JSON.stringify(`${folder}/`)} + file).catch((error) => console.log(error));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '--eval',
    program,
  ]);
  const outputs = stdout.split('\f').slice(1);
  return new Map(
    outputs.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]),
  );
}
