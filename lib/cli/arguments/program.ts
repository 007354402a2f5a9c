import { createRequire } from 'node:module';
import { Command, Help, Option } from 'commander';
import { type ExitCode, usageError } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import {
  chosenOptions,
  connectionOptions,
  itemsOptions,
  outputOptions,
  pacingOptions,
} from './command-options.js';
import { detailsOptions, planOption } from './details-options.js';
import { diffOptions } from './diff-options.js';
import type { DiffOptions } from './diff-sides.js';
import { failureOptions } from './failure-options.js';
import { type FleetCommands, fleetCommands } from './fleet-commands.js';
import {
  BACKUP_HELP,
  CHANGES_HELP,
  COUNT_HELP,
  DIFF_HELP,
  FIND_HELP,
  INSTANCES_HELP,
  PROGRAM_HELP,
  USERS_HELP,
  VERIFY_HELP,
} from './help-texts.js';
import { operationHelp, operationsHelp } from './operation-help.js';
import { operationInput } from './operation-input.js';
import type {
  BackupOptions,
  ChangesOptions,
  ConnectionOptions,
  ItemsOptions,
  ListOptions,
} from './options.js';
import { text } from './parsers.js';
import { OUTPUT_FORMATS } from './target.js';
import { suggestCommand, usageMessage } from './usage-message.js';
import type { UsersOptions } from './users-options.js';

/** The implementations of the commands. */
export interface Commands extends FleetCommands {
  users(options: UsersOptions): Promise<ExitCode>;
  instances(options: ItemsOptions): Promise<ExitCode>;
  find(username: string, options: ConnectionOptions): Promise<ExitCode>;
  list(operation: string, options: ListOptions): Promise<ExitCode>;
  count(options: ConnectionOptions): Promise<ExitCode>;
  backup(folder: string, options: BackupOptions): Promise<ExitCode>;
  diff(a: string, b: string, options: DiffOptions): Promise<ExitCode>;
  changes(options: ChangesOptions): Promise<ExitCode>;
  verify(receipt: string, file: string | undefined): Promise<ExitCode>;
}

/** Defines the commands, options and help, which goes to `print`. `done` receives the exit code of the command that ran. */
export function createProgram(
  commands: Commands,
  { argv, stderr }: Pick<CliProcess, 'argv' | 'stderr'>,
  print: (text: string) => void,
  done: (exitCode: ExitCode) => void,
): Command {
  const program = new Command('pageturn')
    .description(
      'Lists the users and other resources of Amazon Connect instances, as fast as their quotas allow.',
    )
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({
      showGlobalOptions: false,
      // The descriptions say what an option means without its value.
      optionDescription: (option) =>
        new Help().optionDescription(Object.create(option, { presetArg: { value: undefined } })),
    })
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: (message) => stderr.write(message),
      outputError: (message, write) => write(usageMessage(message, program, argv)),
    })
    .addHelpText('after', PROGRAM_HELP);

  const formats = [...OUTPUT_FORMATS, 'connect-import'];
  failureOptions(
    detailsOptions(
      itemsOptions(program.command('users'), { noun: 'user', isInInstance: true, isDated: true, formats }),
    ),
  )
    .description('List the users of an instance.')
    .addHelpText('after', USERS_HELP)
    .action(async (options: UsersOptions) => done(await commands.users(options)));

  itemsOptions(program.command('instances'), { noun: 'instance', isInInstance: false, isDated: false })
    .description('List the instances of the account, in one Region or several.')
    .addHelpText('after', INSTANCES_HELP)
    .action(async (options: ItemsOptions) => done(await commands.instances(options)));

  const find = program.command('find');
  outputOptions(pacingOptions(connectionOptions(find, { isInInstance: true })))
    .description('Find a user by user name, in one request.')
    .argument('<username>', 'the whole user name; case is ignored', text(MOST_IN_NAME))
    .addHelpText('after', FIND_HELP)
    .action(async (username: string, options: ConnectionOptions) =>
      done(await commands.find(username, options)),
    );

  itemsOptions(program.command('list'), { noun: 'item', isInInstance: true, isDated: true })
    .description('List the results of any paged Amazon Connect operation.')
    .argument('<operation>', 'the operation, such as queues or ListQueues', text())
    .addOption(
      new Option(
        '--input <json>',
        'the rest of the input of the operation: a JSON object, or @FILE with one',
      ).argParser(operationInput),
    )
    .addHelpText('before', ({ command }) => operationHelp(command.args))
    .addHelpText('after', ({ command }) => operationsHelp(command.args))
    .action(async (operation: string, options: ListOptions) => done(await commands.list(operation, options)));

  const count = pacingOptions(connectionOptions(program.command('count'), { isInInstance: true }));
  outputOptions(count)
    .description('Count the resources of an instance, next to the quotas of the account.')
    .addHelpText('after', COUNT_HELP)
    .action(async (options: ConnectionOptions) => done(await commands.count(options)));

  pacingOptions(connectionOptions(program.command('backup'), { isInInstance: true }))
    .description('Back up everything an instance has into a folder.')
    .argument('<folder>', 'the folder; created if it does not exist', text())
    .option('--per-user', 'include the proficiencies of users, which take a request for each user')
    .addOption(planOption())
    .addHelpText('after', BACKUP_HELP)
    .action(async (folder: string, options: BackupOptions) => done(await commands.backup(folder, options)));

  diffOptions(program.command('diff'))
    .description('Compare the users of two instances, or of an instance and a file, field by field.')
    .addHelpText('after', DIFF_HELP)
    .action(async (a: string, b: string, options: DiffOptions) => done(await commands.diff(a, b, options)));

  const changes = pacingOptions(
    connectionOptions(program.command('changes'), { isInInstance: true }),
    'user',
  );
  outputOptions(chosenOptions(changes, 'user'))
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
    .description('Check a published file, or the folder of a backup, against its receipt.')
    .argument('<receipt>', 'the file that --receipt wrote, or the receipt.json of a backup', text())
    .argument('[file]', 'the published file or folder, if it was moved', text())
    .addHelpText('after', VERIFY_HELP)
    .action(async (receipt: string, file?: string) => done(await commands.verify(receipt, file)));
  fleetCommands(program, commands, done);

  program
    .command('help')
    .description('Print help for a command.')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      const [name] = words;
      if (name === undefined) return program.help();
      if (!program.commands.some((one) => one.name() === name)) {
        throw usageError(`unknown command '${name}'${suggestCommand(name, program)}`);
      }
      await program.parseAsync([...argv.slice(0, 2), ...words, '--help']);
    });
  return program;
}

/** "Maximum length of 100": Username of CreateUser in the service model of 2017-08-08. */
const MOST_IN_NAME = 100;

function readVersion(): string {
  // By the name of the package, because this module has another place in dist.
  const { version }: { version: string } = createRequire(import.meta.url)('pageturn/package.json');
  return version;
}
