import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { printable } from '../format.js';
import { awsFlagHint } from './aws-flags.js';
import { detailsOptions } from './details-options.js';
import { failureOptions } from './failure-options.js';
import { type FleetCommands, fleetCommands } from './fleet-options.js';
import { CHANGES_HELP, PROGRAM_HELP, USERS_HELP, VERIFY_HELP } from './help-texts.js';
import { modifiedSince } from './modified-since.js';
import type { ChangesOptions } from './options.js';
import { duration, httpUrl, instanceId, names, share, text, wholeNumber } from './parsers.js';
import { OUTPUT_FORMATS } from './target.js';
import type { UsersOptions } from './users-options.js';

/** The implementations of the commands. */
export interface Commands extends FleetCommands {
  users(options: UsersOptions): Promise<ExitCode>;
  changes(options: ChangesOptions): Promise<ExitCode>;
  verify(receipt: string, file: string | undefined): Promise<ExitCode>;
}

/** Defines the commands, options and help. `done` receives the exit code of the command that ran. */
export function createProgram(
  commands: Commands,
  { stdout, stderr }: Pick<CliProcess, 'stdout' | 'stderr'>,
  done: (exitCode: ExitCode) => void,
): Command {
  const program = new Command('pageturn')
    .description('Lists every user of an Amazon Connect instance, as fast as its quota allows.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: (message) => stdout.write(message),
      writeErr: (message) => stderr.write(message),
      outputError: (message, write) => write(toOneLine(message)),
    })
    .addHelpText('after', PROGRAM_HELP);

  failureOptions(detailsOptions(listOptions(program.command('users'), [...OUTPUT_FORMATS, 'connect-import'])))
    .description('List the users of an instance.')
    .addHelpText('after', USERS_HELP)
    .action(async (options: UsersOptions) => done(await commands.users(options)));

  commonOptions(program.command('changes'), 'a file')
    .description('List the users added, updated or removed since a snapshot.')
    .addOption(
      new Option('--since <file>', 'the snapshot to compare with').argParser(text()).makeOptionMandatory(),
    )
    .option('--update', 'replace the snapshot afterwards, or take the first one')
    .option('--allow-removals', 'update the snapshot even if more than 20 % of its users were removed')
    .addHelpText('after', CHANGES_HELP)
    .action(async (options: ChangesOptions) => done(await commands.changes(options)));

  program
    .command('verify')
    .description('Check a published file against its receipt.')
    .argument('<receipt>', 'the file that --receipt wrote', text())
    .argument('[file]', 'the published file, if it is not where the receipt says', text())
    .addHelpText('after', VERIFY_HELP)
    .action(async (receipt: string, file?: string) => done(await commands.verify(receipt, file)));
  fleetCommands(program, commands, done);
  return program;
}

/** The options of every command that lists the items of an operation. */
function listOptions(command: Command, formats: readonly string[] = OUTPUT_FORMATS): Command {
  return commonOptions(command, 'a file or s3://BUCKET/KEY', formats)
    .addOption(
      new Option(
        '--modified-since <date|duration>',
        'only users modified since a date (UTC) or within a duration, such as 2026-11-01 or 24h',
      ).argParser((value) => modifiedSince(value)),
    )
    .addOption(
      new Option('--max-items <n>', 'stop after n users, counted over all runs that are resumed').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option('--query <expression>', 'write what a JMESPath expression makes of the users').argParser(
        text(),
      ),
    )
    .option('--restart', 'discard the unfinished run of the --out file and start over')
    .addOption(
      new Option(
        '--resume [file]',
        'for a redirected standard output: keep the position in a file; --out needs no file',
      ).argParser(text()),
    )
    .addOption(
      new Option('--receipt <file>', 'write what the run did as JSON, also if it failed').argParser(text()),
    );
}

/** The options of every command that sends requests. The page size is limited by MaxResults of ListUsers in the service model of 2017-08-08. */
function commonOptions(
  command: Command,
  target: string,
  formats: readonly string[] = OUTPUT_FORMATS,
): Command {
  return command
    .addOption(new Option('--instance-id <id>', 'the Amazon Connect instance').argParser(instanceId))
    .addOption(
      new Option('--region <name>', 'the region (default: from AWS_REGION or the profile)').argParser(text()),
    )
    .addOption(new Option('--profile <name>', 'the profile with the credentials').argParser(text()))
    .addOption(
      new Option('--endpoint-url <url>', 'send requests to this URL instead of AWS').argParser(httpUrl),
    )
    .addOption(
      new Option('--page-size <n>', 'users per request, 1 to 1000 (default: 1000)').argParser(
        wholeNumber(1, 1000),
      ),
    )
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
    )
    .addOption(
      new Option(
        '--sandbox [users]',
        'use a throttled sandbox on this machine instead of an instance (default: 12000 users)',
      ).argParser(wholeNumber(1, 1_000_000)),
    )
    .addOption(
      new Option(
        '--filter <glob>',
        'only users whose whole name matches, ignoring case; * matches any text, ? any character',
      ).argParser(text()),
    )
    .addOption(
      new Option(
        '--out <file>',
        `write ${target}, replaced only when the new one is whole; - is standard output`,
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

function readVersion(): string {
  // The same relative path from lib and dist.
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return version;
}

/** Joins commander's message and suggestion; without a suggestion, points to the help. */
function toOneLine(message: string): string {
  const words = message
    .trim()
    .replace(/^error: /, '')
    .split(/\s+/);
  // An argument may hold escape codes, which a terminal would obey.
  const line = printable(words.join(' '));
  const [, kind, name = ''] = /^unknown (command|option) '([^']*)'/.exec(line) ?? [];
  const hint = kind === 'option' ? awsFlagHint(name) : undefined;
  if (hint !== undefined) return `pageturn: unknown option '${name}': ${hint}\n`;
  const hasNoSuggestion = kind !== undefined && line.endsWith("'");
  return `pageturn: ${line}${hasNoSuggestion ? '; see pageturn --help' : ''}\n`;
}
