import { type Stats, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { didYouMean } from '../../core/did-you-mean.js';
import { isSpecialFile } from '../../node/files/is-special-file.js';
import { CliError, usageError } from '../cli-error.js';

export const OUTPUT_FORMATS = ['table', 'ndjson', 'json', 'csv', 'text', 'parquet'] as const;

/** How the rows are written. */
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Where the rows go. */
export type Target =
  | { readonly kind: 'standard output' }
  /** A file that is published as a whole. */
  | { readonly kind: 'file'; readonly path: string }
  /** A pipe or a device, which is written to as the rows arrive. */
  | { readonly kind: 'special file'; readonly path: string }
  /** An object in S3, which is published as a whole. `path` is its URL. */
  | { readonly kind: 's3'; readonly path: string; readonly bucket: string; readonly key: string };

/** The target that `--out` names. Throws for one that pageturn cannot write to. */
export function targetOf(out: string | undefined): Target {
  if (out === undefined || out === '-') return { kind: 'standard output' };
  if (/^s3:\/\//i.test(out)) return objectOf(out);
  const [, scheme] = /^([a-z][a-z\d+.-]+):\/\//i.exec(out) ?? [];
  if (scheme !== undefined) throw usageError(`--out cannot write to ${scheme}://; name a file`);
  const stats = statsOf(out);
  if (stats?.isDirectory() || /[/\\]$/.test(out)) {
    throw new CliError(`cannot open ${resolve(out)}: it is a folder; name a file`);
  }
  return { kind: isSpecialFile(out, stats) ? 'special file' : 'file', path: out };
}

function objectOf(url: string): Target {
  const [, bucket, key] = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])\/(.*[^/])$/is.exec(url) ?? [];
  if (bucket === undefined || key === undefined) {
    throw usageError(
      `--out ${url} is not an object in S3: write s3://BUCKET/KEY, such as s3://exports/users.csv`,
    );
  }
  return { kind: 's3', path: url, bucket, key };
}

/** The format of a file by its name; NDJSON for a pipe or a device. Throws a usage error if the name has no known ending. */
export function formatByEnding(target: Exclude<Target, { kind: 'standard output' }>): OutputFormat {
  const ending = extname(target.path).toLowerCase();
  const format = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (format) return format;
  if (target.kind === 'special file') return 'ndjson';
  const hint = ending === '' ? '' : didYouMean(ending, Object.keys(ENDINGS));
  throw usageError(
    `the name ${target.path} has no known ending${hint}: end it in .csv, .ndjson, .json, .parquet or .txt, or add --output`,
  );
}

const ENDINGS: Readonly<Record<string, OutputFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.txt': 'text',
  '.parquet': 'parquet',
};

/** What is at a path; undefined also if that cannot be found out: opening the file then reports why. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
