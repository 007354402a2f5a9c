import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { verifyReceipt } from '../../node/verify-receipt.js';
import { CliError, usageError } from '../cli-error.js';
import { formatCount, formatNumber } from '../format.js';

/** The part of a backup's receipt that is about its files. */
export interface VerifiableBackup {
  readonly complete?: unknown;
  readonly resources: readonly VerifiableResource[];
}

interface VerifiableResource {
  readonly resource: string;
  readonly complete?: unknown;
  readonly receipt?: unknown;
  readonly error?: unknown;
}

export function isBackupReceipt(value: unknown): value is VerifiableBackup {
  const { resources } = Object(value) as { readonly resources?: unknown };
  if (!Array.isArray(resources) || resources.length === 0) return false;
  return resources.every((one) => {
    const { resource } = Object(one) as { readonly resource?: unknown };
    return typeof resource === 'string' && /^[a-z-]+$/.test(resource);
  });
}

/** Compares the files in the folder of a backup with its receipt; resolves to what was found, and throws if one differs. */
export async function verifyBackup(backup: VerifiableBackup, folder: string): Promise<string> {
  const { resources } = backup;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw usageError(`the folder ${folder} does not exist; name that of the backup`);
  const damage = damageOf(backup);
  if (damage !== undefined) throw new CliError(`the receipt of the backup is damaged: ${damage}`);
  const flaws: string[] = [];
  const unread: string[] = [];
  const partial: string[] = [];
  const found = { files: 0, rows: 0, bytes: 0 };
  for (const { resource, receipt, complete } of resources) {
    if (receipt === undefined) {
      unread.push(resource);
      continue;
    }
    const path = join(folder, `${resource}.ndjson`);
    const verified = await verifyReceipt(receipt, { path });
    if (verified.matches) {
      found.files++;
      found.rows += verified.rows ?? 0;
      found.bytes += verified.bytes;
      if (!complete) partial.push(resource);
    } else if (verified.reason === 'changed' || verified.reason === 'missing') flaws.push(verified.message);
    else flaws.push(`the receipt of ${basename(path)} is damaged: ${verified.message}`);
  }
  const [first] = flaws;
  if (first !== undefined) {
    const others = flaws.length - 1;
    const more = `; ${formatCount(others, 'other file')} ${others === 1 ? 'differs' : 'differ'} as well`;
    throw new CliError(others > 0 ? first + more : first);
  }
  const figures = [
    formatCount(found.files, 'file'),
    formatCount(found.rows, 'row'),
    `${formatNumber(found.bytes)} bytes`,
  ].join(', ');
  const missing =
    unread.length > 0 ? `; not in it, because they could not be read: ${unread.join(', ')}` : '';
  const incomplete = partial.length > 0 ? `; not complete: ${partial.join(', ')}` : '';
  return `${folder} is what was published: ${figures}${missing}${incomplete}`;
}

/** What a receipt lacks or contradicts: that it has no error does not mean that everything was read. */
function damageOf({ complete, resources }: VerifiableBackup): string | undefined {
  const names = resources.map(({ resource }) => resource);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `it has ${twice} twice`;
  const odd = resources.find((one) => !isWhole(one));
  if (odd) return `it does not say whether ${odd.resource} could be read`;
  return complete === resources.every((one) => one.complete) ? undefined : 'complete and resources disagree';
}

/** What could be read has a receipt, and what could not has an error. */
function isWhole({ complete, receipt, error }: VerifiableResource): boolean {
  if (typeof complete !== 'boolean' || (receipt === undefined) !== (error !== undefined)) return false;
  return !complete || Object(receipt).complete === true;
}
