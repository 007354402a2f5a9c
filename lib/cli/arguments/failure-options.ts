import { type Command, InvalidArgumentError, Option } from 'commander';
import { text } from './parsers.js';

/** How many items may fail: a number, or a part of them. */
export interface MaxFailures {
  readonly count?: number;
  readonly share?: number;
}

/** Enough for users whose details cannot be read, too few for a service that is down. */
export const DEFAULT_MAX_FAILURES: MaxFailures = { count: 100 };

/** The options for items that fail one by one. */
export function failureOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--failed <file>',
        'write users whose details cannot be read to this NDJSON file, with the errors, and continue',
      ).argParser(text()),
    )
    .addOption(
      new Option(
        '--max-failures <n|percent>',
        'how many users may fail before the run fails, such as 20 or 1% (default: 100)',
      ).argParser(maxFailures),
    )
    .addOption(
      new Option('--only <file>', 'read only the users of a file that --failed wrote').argParser(text()),
    );
}

/** A commander parser for a number, or a share in percent. */
function maxFailures(value: string): MaxFailures {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(value) ?? [];
  if (percent !== undefined && Number(number) <= 100) return { share: Number(number) / 100 };
  if (percent === undefined && /^\d+$/.test(number)) return { count: Number(number) };
  throw new InvalidArgumentError('It must be a whole number, or a share such as 1%.');
}
