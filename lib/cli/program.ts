import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { ExitCode } from './cli-error.js';
import {
  type ChangesOptions,
  httpUrl,
  instanceId,
  part,
  text,
  type UsersOptions,
  wholeNumber,
} from './options.js';

/** What the commands do; loaded by whoever runs one. */
export interface Commands {
  users(options: UsersOptions): Promise<ExitCode>;
  changes(options: ChangesOptions): Promise<ExitCode>;
}

/** The command line: commands, options, help. `done` is told how a command ended. */
export function createProgram(commands: Commands, done: (exitCode: ExitCode) => void): Command {
  const program = new Command('pageturn')
    .description('Every user of an Amazon Connect instance, at the speed of its quota.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(toOneLine(message)) })
    .addHelpText('after', PROGRAM_HELP);

  connectionOptions(program.command('users'))
    .description('List the users of an instance, as they arrive.')
    .addOption(
      new Option('--filter <glob>', 'only user names like this: * is any text, ? any character').argParser(
        text(),
      ),
    )
    .addOption(
      new Option('--max-items <n>', 'stop after so many users, in all runs of --resume').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option('--resume <file>', 'keep the position in a file, and go on from there').argParser(text()),
    )
    .addOption(
      new Option(
        '--out <file>',
        'write to a file that is new or empty; with --resume, to the end of it',
      ).argParser(text()),
    )
    .addHelpText('after', USERS_HELP)
    .action(async (options: UsersOptions) => done(await commands.users(options)));

  connectionOptions(program.command('changes'))
    .description('List the users added, updated or removed since a snapshot.')
    .addOption(new Option('--since <file>', 'the snapshot').argParser(text()).makeOptionMandatory())
    .option('--update', 'replace the snapshot, or take the first one')
    .addHelpText('after', CHANGES_HELP)
    .action(async (options: ChangesOptions) => done(await commands.changes(options)));
  return program;
}

// The bounds of MaxResults of ListUsers, of the service model of 2017-08-08.
function connectionOptions(command: Command): Command {
  return command
    .addOption(new Option('--instance-id <id>', 'the instance').argParser(instanceId))
    .addOption(
      new Option('--region <name>', 'its region; otherwise that of AWS_REGION or the profile').argParser(
        text(),
      ),
    )
    .addOption(new Option('--profile <name>', 'the profile with the credentials').argParser(text()))
    .addOption(new Option('--endpoint-url <url>', 'where the service is, if not at AWS').argParser(httpUrl))
    .addOption(
      new Option('--page-size <n>', 'users to a request, 1 to 1000 (default: 1000)').argParser(
        wholeNumber(1, 1000),
      ),
    )
    .addOption(
      new Option(
        '--share <part>',
        'the part of the quota to take, 0.5 say; the rest is left to others',
      ).argParser(part),
    )
    .addOption(
      new Option('--output <format>', 'default: table on a terminal, ndjson elsewhere').choices([
        'table',
        'ndjson',
        'json',
      ]),
    )
    .addOption(
      new Option(
        '--sandbox [users]',
        'instead of an instance, a throttled one on this machine (default: 12000 users)',
      ).argParser(wholeNumber(1, 1_000_000)),
    );
}

function readVersion(): string {
  // From lib/cli and from dist/cli alike.
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return version;
}

/** Commander puts its suggestions on a second line, and has none for what is nothing like anything. */
function toOneLine(message: string): string {
  const line = message
    .trim()
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ');
  const isStrange = /^unknown (command|option) '[^']*'$/.test(line);
  return `pageturn: ${line}${isStrange ? '; pageturn --help tells more' : ''}\n`;
}

const EXIT_CODES = 'Exit codes: 0 all seen, or as many as asked for; 1 failed; 2 bad usage; 130 interrupted.';

const PROGRAM_HELP = `
pageturn COMMAND --help tells more. ${EXIT_CODES}

Examples:
  pageturn users --sandbox
  pageturn users --instance-id ID --filter '*@acme.com' --output json
  pageturn changes --instance-id ID --since users.snapshot --update`;

const USERS_HELP = `
Records go to standard output, or to the file of --out; what there is to say about them to standard error.
With --resume an interrupted, failed or killed run goes on where it was when the same command is run again;
with --out as well, every user is in the file once; without, a run that has finished starts again from the top.
On a terminal, --sandbox shows the first users only.
${EXIT_CODES}

Examples:
  pageturn users --sandbox
  pageturn users --instance-id ID | head -3
  pageturn users --instance-id ID --resume users.checkpoint --out users.ndjson`;

const CHANGES_HELP = `
A change is {"type", "key", "item"}, and "previous" where the user was updated. With --update the snapshot is replaced
when all changes were written, and as it was if anything went wrong. ${EXIT_CODES}

Examples:
  pageturn changes --instance-id ID --since users.snapshot --update    the first time: takes the snapshot
  pageturn changes --instance-id ID --since users.snapshot | jq -r 'select(.type == "added").item.Username'`;
