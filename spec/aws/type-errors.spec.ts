import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it('the client of another service is a type error of one line', async () => {
  const errors = await compile(`
import { ListUsersCommand } from '@aws-sdk/client-connect';
import type { S3Client } from '@aws-sdk/client-s3';
import { createSender, paginate } from 'pageturn';
import { listUsers } from 'pageturn/connect';
declare const s3: S3Client;
paginate(s3, ListUsersCommand, { InstanceId: 'x' });
paginate(s3, ListUsersCommand, { InstanceId: 'x' }, { items: 'UserSummaryList' });
paginate(s3, ListUsersCommand, { InstanceId: 'x' }, { items: (output) => output.UserSummaryList });
paginate(s3, ListUsersCommand, { InstanceId: 'x' }, { pageSize: 5 });
createSender(s3, ListUsersCommand);
listUsers(s3, { InstanceId: 'x' });
`);
  const refused = (text: string) =>
    expect.stringMatching(
      new RegExp(`Argument of type 'S3Client' is not assignable to parameter of type '"${text}"'[.]$`),
    );
  expect(errors).toEqual([
    refused('this client does not send this command'),
    refused('this client does not send this command'),
    refused('this client does not send this command'),
    refused('this client does not send this command'),
    refused('this client does not send this command'),
    refused('listUsers needs a ConnectClient'),
  ]);
});

/** The lines that the compiler prints for a module inside the package, where `pageturn` is its own build. */
async function compile(code: string): Promise<string[]> {
  await mkdir(join(root, 'coverage'), { recursive: true });
  const folder = await mkdtemp(join(root, 'coverage', 'types-'));
  try {
    await writeFile(join(folder, 'module.ts'), code);
    await writeFile(
      join(folder, 'tsconfig.json'),
      '{ "extends": "../../tsconfig.json", "include": ["*.ts"] }',
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [
      tsc,
      '-p',
      folder,
      '--pretty',
      'false',
    ]).catch((error: { stdout: string }) => error);
    return stdout.trim().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}
