import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { ExitCode } from './cli-error.js';
import { printable } from './format.js';
import { CHANGES_HELP, PROGRAM_HELP, USERS_HELP } from './help-texts.js';
import {
  type ChangesOptions,
  httpUrl,
  instanceId,
  share,
  text,
  type UsersOptions,
  wholeNumber,
} from './options.js';

/** The implementations of the commands. */
export interface Commands {
  users(options: UsersOptions): Promise<ExitCode>;
  changes(options: ChangesOptions): Promise<ExitCode>;
}

/** Defines the commands, options and help. `done` receives the exit code of the command that ran. */
export function createProgram(commands: Commands, done: (exitCode: ExitCode) => void): Command {
  const program = new Command('pageturn')
    .description('Lists every user of an Amazon Connect instance, as fast as its quota allows.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(toOneLine(message)) })
    .addHelpText('after', PROGRAM_HELP);

  connectionOptions(program.command('users'))
    .description('List the users of an instance as they arrive.')
    .addOption(
      new Option(
        '--filter <glob>',
        'only users whose name matches; * matches any text, ? any character',
      ).argParser(text()),
    )
    .addOption(
      new Option('--max-items <n>', 'stop after n users, counted over all runs with --resume').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option('--resume <file>', 'save the position to a file and continue from it').argParser(text()),
    )
    .addOption(
      new Option(
        '--out <file>',
        'write to a new or empty file; with --resume, append to the file of the earlier run',
      ).argParser(text()),
    )
    .addHelpText('after', USERS_HELP)
    .action(async (options: UsersOptions) => done(await commands.users(options)));

  connectionOptions(program.command('changes'))
    .description('List the users added, updated or removed since a snapshot.')
    .addOption(
      new Option('--since <file>', 'the snapshot to compare with').argParser(text()).makeOptionMandatory(),
    )
    .option('--update', 'replace the snapshot afterwards, or take the first one')
    .option('--allow-removals', 'update the snapshot even if more than 20 % of its users were removed')
    .addHelpText('after', CHANGES_HELP)
    .action(async (options: ChangesOptions) => done(await commands.changes(options)));
  return program;
}

// The page size is limited by MaxResults of ListUsers in the service model of 2017-08-08.
function connectionOptions(command: Command): Command {
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
        '--output <format>',
        'the output format (default: table on a terminal, otherwise ndjson)',
      ).choices(['table', 'ndjson', 'json']),
    )
    .addOption(
      new Option(
        '--sandbox [users]',
        'use a throttled sandbox on this machine instead of an instance (default: 12000 users)',
      ).argParser(wholeNumber(1, 1_000_000)),
    );
}

function readVersion(): string {
  // The same relative path from lib/cli and dist/cli.
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
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
  const hasNoSuggestion = /^unknown (command|option) '[^']*'$/.test(line);
  return `pageturn: ${line}${hasNoSuggestion ? '; see pageturn --help' : ''}\n`;
}
