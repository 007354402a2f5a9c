import { type Command, Option } from 'commander';
import { modifiedSince } from './modified-since.js';
import {
  duration,
  httpUrl,
  instanceId,
  names,
  region,
  repeated,
  share,
  text,
  wholeNumber,
} from './parsers.js';
import { OUTPUT_FORMATS } from './target.js';

interface ItemsOptionsText {
  /** What the command lists, such as `user`. */
  readonly noun: string;
  readonly isInInstance: boolean;
  /** Whether the service says when an item was modified. */
  readonly isDated: boolean;
  readonly formats?: readonly string[];
}

/** The options of every command that lists the items of an operation. */
export function itemsOptions(
  command: Command,
  { noun, isInInstance, isDated, formats }: ItemsOptionsText,
): Command {
  const connected = pacingOptions(connectionOptions(command, { isInInstance }), noun);
  const rows = outputOptions(chosenOptions(connected, noun), { formats });
  if (isDated) {
    rows.addOption(
      new Option(
        '--modified-since <date|duration>',
        `only ${noun}s modified since a date (UTC) or within a duration, such as 2026-11-01 or 24h`,
      ).argParser((value) => modifiedSince(value)),
    );
  }
  return rows
    .addOption(
      new Option('--max-items <n>', `stop after n ${noun}s, counted over all resumed runs`).argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option(
        '--query <expression>',
        `write the result of a JMESPath expression over the ${noun}s`,
      ).argParser(text()),
    )
    .option('--restart', 'discard the unfinished run of the --out file and start over')
    .addOption(
      new Option(
        '--resume [file]',
        'for a redirected standard output: keep the position in this file; not needed with --out',
      ).argParser(text()),
    )
    .addOption(
      new Option('--receipt <file>', 'write what the run did as JSON, even if it failed').argParser(text()),
    );
}

/** The options that say where a command sends its requests. */
export function connectionOptions(
  command: Command,
  { isInInstance }: { readonly isInInstance: boolean },
): Command {
  if (isInInstance) {
    command.addOption(
      new Option('--instance-id <id>', 'the Amazon Connect instance: its id, ARN or alias').argParser(
        instanceId,
      ),
    );
  }
  return command
    .addOption(
      new Option(
        '--region <name>',
        isInInstance
          ? 'the Region (default: of the ARN, AWS_REGION or the profile)'
          : 'the Region (default: from AWS_REGION or the profile); repeat it for several',
      ).argParser(repeated(region)),
    )
    .addOption(new Option('--profile <name>', 'the profile with the credentials').argParser(text()))
    .addOption(
      new Option('--endpoint-url <url>', 'send requests to this URL instead of AWS').argParser(httpUrl),
    )
    .addOption(
      sandboxOption('use a throttled sandbox on this machine instead of an instance (default: 12000 users)'),
    );
}

/** `--sandbox`, with the number of users in each instance. */
export function sandboxOption(description: string): Option {
  // Twelve pages: long enough to see a throttle, or to kill a run.
  return new Option('--sandbox [users]', description).preset('12000').argParser(wholeNumber(1, 1_000_000));
}

/** The options that say how requests are sent; without a noun, the command decides the page size itself. */
export function pacingOptions(command: Command, noun?: string): Command {
  if (noun !== undefined) {
    command.addOption(
      new Option(
        '--page-size <n>',
        noun === 'user'
          ? 'users per request, 1 to 1000 (default: 1000)'
          : `${noun}s per request (default: the most)`,
      ).argParser(wholeNumber(1, 1000)),
    );
  }
  return command
    .addOption(
      new Option(
        '--share <fraction>',
        'the fraction of the quota to use, such as 0.5; the rest is left for other clients',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--max-attempts <n>',
        'give up on a request after n faults of the service or the network; throttles do not count',
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option(
        '--max-elapsed <duration>',
        'give up on a request after this time (default: 15m of throttles, 30s of faults)',
      ).argParser(duration),
    );
}

/** The option that chooses items by name. */
export function chosenOptions(command: Command, noun: string): Command {
  return command.addOption(
    new Option(
      '--filter <glob>',
      `only ${noun}s whose whole name matches, ignoring case; * matches any text, ? any character`,
    ).argParser(text()),
  );
}

/** The options that say where rows go, and how. */
export function outputOptions(
  command: Command,
  { formats = OUTPUT_FORMATS }: { readonly formats?: readonly string[] | undefined } = {},
): Command {
  return command
    .addOption(
      new Option(
        '--out <file>',
        'write a file or s3://BUCKET/KEY, replaced when the new one is complete; - is standard output',
      ).argParser(text()),
    )
    .addOption(
      new Option(
        '--output <format>',
        'the format (default: by the ending of --out; on a terminal table, otherwise ndjson)',
      ).choices(formats),
    )
    .addOption(new Option('--columns <names>', 'the columns to write, such as Id,Username').argParser(names));
}
