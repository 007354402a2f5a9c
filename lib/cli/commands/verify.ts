import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { verifyReceipt } from '../../node/verify-receipt.js';
import { inputFlaw } from '../arguments/input-flaw.js';
import { CliError, type ExitCode, fileError, isFileError, usageError } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { formatCount, formatNumber, printable } from '../format.js';
import { standardOutput } from '../output/standard-output.js';
import { isBackupReceipt, verifyBackup } from './verify-backup.js';

/** `pageturn verify`: checks a published file, or the folder of a backup, against its receipt. It loads no AWS code. */
export async function verify(
  name: string,
  published: string | undefined,
  { stdout }: Pick<CliProcess, 'stdout'>,
): Promise<ExitCode> {
  assertThere('receipt', name);
  const receipt = await readJson(name);
  const line = isBackupReceipt(receipt)
    ? verifyBackup(receipt, published ?? dirname(resolve(name)))
    : verifyFile(receipt, { name, file: published });
  const found = await line.catch((error: unknown) => {
    throw isFileError(error) ? fileError(`cannot verify ${name}`, name, error) : error;
  });
  await standardOutput(stdout).write(Buffer.from(`${printable(found)}\n`));
  return 0;
}

/** Resolves to what was found; throws if the file is not what the receipt says. */
async function verifyFile(
  receipt: unknown,
  { name, file }: { readonly name: string; readonly file: string | undefined },
): Promise<string> {
  if (file !== undefined) assertThere('file', file);
  const verified = await verifyReceipt(receipt, { path: file });
  if (!verified.matches) {
    const isAboutFile = verified.reason === 'changed' || verified.reason === 'missing';
    const advice = verified.reason === 'no-file' ? `: pageturn verify ${name} FILE` : '';
    throw new CliError(`${isAboutFile ? '' : `${name}: `}${verified.message}${advice}`);
  }
  const { path, rows, bytes, complete } = verified;
  const figures = [
    ...(rows === undefined ? [] : [formatCount(rows, 'row')]),
    `${formatNumber(bytes)} bytes`,
    `SHA-256 ${verified.sha256}`,
  ].join(', ');
  const limit = complete ? '' : '; the run stopped at its limit, so it may not be the whole listing';
  return `${path} is what was published: ${figures}${limit}`;
}

/** Throws a usage error for a file that is named and not there. What the receipt itself names may be missing. */
function assertThere(noun: string, path: string): void {
  const flaw = inputFlaw(path, { allowsPipes: true });
  if (flaw !== undefined) throw usageError(`the ${noun} ${path} ${flaw}; check its name`);
}

async function readJson(name: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (error) {
    throw fileError(`cannot read the receipt ${name}`, resolve(name), error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${name} is not a receipt: it is not JSON`, 1, error);
  }
}
