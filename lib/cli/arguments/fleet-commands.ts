import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../cli-error.js';
import { sandboxOption } from './command-options.js';
import { ENQUEUE_HELP, WORKER_HELP } from './help-texts.js';
import type { ItemsOptions } from './options.js';
import { httpUrl, instanceId, names, region, repeated, share, text, wholeNumber } from './parsers.js';
import { OUTPUT_FORMATS } from './target.js';

interface QueueOptions {
  readonly redis: string;
  readonly queue: string;
}

/** The options of `pageturn enqueue`. */
export interface EnqueueOptions
  extends QueueOptions,
    Pick<
      ItemsOptions,
      'region' | 'profile' | 'endpointUrl' | 'pageSize' | 'share' | 'filter' | 'output' | 'columns'
    > {
  readonly instanceId?: readonly string[];
  /** The number of users in each sandbox. */
  readonly sandbox?: number;
  /** The number of sandboxes. */
  readonly instances?: number;
  /** A path with `{instance}` where the id of the instance goes. */
  readonly out: string;
  /** Names this run of the jobs. */
  readonly run?: string;
  readonly retry?: boolean;
}

/** The options of `pageturn worker`. */
export interface WorkerOptions extends QueueOptions {
  readonly concurrency: number;
  readonly untilEmpty?: boolean;
}

export interface FleetCommands {
  enqueue(options: EnqueueOptions): Promise<ExitCode>;
  worker(options: WorkerOptions): Promise<ExitCode>;
}

/** Defines the commands that share the work among several machines. */
export function fleetCommands(
  program: Command,
  commands: FleetCommands,
  done: (exitCode: ExitCode) => void,
): void {
  queueOptions(program.command('enqueue'))
    .description('Add the users of one or many instances to a queue, to be listed by workers.')
    .addOption(
      new Option(
        '--instance-id <id>',
        'an Amazon Connect instance: its id, ARN or alias; repeat it for several',
      ).argParser(repeated(instanceId)),
    )
    .addOption(
      sandboxOption(
        'use throttled sandboxes on the workers instead of instances (default: 12000 users each)',
      ),
    )
    .addOption(
      new Option('--instances <n>', 'how many sandboxes (default: 1)').argParser(wholeNumber(1, 1_000)),
    )
    .addOption(
      new Option(
        '--out <file>',
        'the file for each instance, such as users-{instance}.csv, or s3://BUCKET/KEY',
      )
        .argParser(text())
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--output <format>', 'the format (default: by the ending of --out)').choices(OUTPUT_FORMATS),
    )
    .addOption(new Option('--columns <names>', 'the columns to write, such as Id,Username').argParser(names))
    .addOption(
      new Option('--filter <glob>', 'only users whose whole name matches, ignoring case').argParser(text()),
    )
    .addOption(new Option('--page-size <n>', 'users per request, 1 to 1000').argParser(wholeNumber(1, 1000)))
    .addOption(
      new Option('--share <fraction>', 'the fraction of the quota to use, such as 0.5').argParser(share),
    )
    .addOption(new Option('--region <name>', 'the Region of the instances').argParser(repeated(region)))
    .addOption(
      new Option('--profile <name>', 'the profile with the credentials, on the workers').argParser(text()),
    )
    .addOption(
      new Option('--endpoint-url <url>', 'send requests to this URL instead of AWS').argParser(httpUrl),
    )
    .addOption(
      new Option(
        '--run <name>',
        'the name of the run; each instance is added once per run (default: the date, UTC)',
      ).argParser(runName),
    )
    .option('--retry', 'run the failed jobs of this run again')
    .addHelpText('after', ENQUEUE_HELP)
    .action(async (options: EnqueueOptions) => done(await commands.enqueue(options)));

  queueOptions(program.command('worker'))
    .description('List the users of the instances in a queue, together with other workers.')
    .addOption(
      new Option('--concurrency <n>', 'how many jobs to run at the same time')
        .argParser(wholeNumber(1))
        .default(5),
    )
    .option('--until-empty', 'end when no job is left to run, with exit code 1 if jobs have failed')
    .addHelpText('after', WORKER_HELP)
    .action(async (options: WorkerOptions) => done(await commands.worker(options)));
}

function queueOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--redis <url>', 'the Redis with the queue')
        .env('REDIS_URL')
        .argParser(text())
        .default('redis://localhost:6379'),
    )
    .addOption(new Option('--queue <name>', 'the name of the queue').argParser(text()).default('pageturn'));
}

function runName(value: string): string {
  if (/^[\w.-]{1,100}$/.test(value)) return value;
  throw new InvalidArgumentError('It must have 1 to 100 letters, digits, dots, hyphens and underscores.');
}
