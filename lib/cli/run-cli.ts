import { CommanderError } from 'commander';
import { assertChanges } from './arguments/assert-changes.js';
import { assertConnection } from './arguments/assert-connection.js';
import { assertEnqueue } from './arguments/assert-enqueue.js';
import { assertList } from './arguments/assert-list.js';
import { assertReport } from './arguments/assert-report.js';
import { assertUserCount } from './arguments/assert-user-count.js';
import { diffSides } from './arguments/diff-sides.js';
import { type ItemsOptions, profileOf } from './arguments/options.js';
import { type Commands, createProgram } from './arguments/program.js';
import { assertPlan, assertUsers } from './arguments/users-options.js';
import { type ExitCode, usageError } from './cli-error.js';
import type { CliProcess } from './cli-process.js';
import { loadClient } from './connection/load-client.js';
import { describeError } from './describe-error.js';
import { chosenOperation } from './operations/chosen-operation.js';
import { FOUND_USER_COLUMNS } from './operations/found-user.js';
import { inRegions, regionsOf } from './operations/in-regions.js';
import { INSTANCES } from './operations/instances.js';
import type { Operation } from './operations/operation.js';
import { COUNT_COLUMNS } from './operations/resource-counts.js';
import { USERS } from './operations/users.js';
import { usersOperation } from './operations/users-operation.js';
import { standardOutput } from './output/standard-output.js';

async function listItems<T>(
  operation: Operation<T>,
  options: ItemsOptions,
  cli: CliProcess,
): Promise<ExitCode> {
  assertList(options, operation);
  const { list } = await import('./commands/list.js');
  return list(operation, options, cli);
}

/** Code that imports the AWS client, which may not be installed. */
async function load<M>(code: () => Promise<M>): Promise<M> {
  await loadClient('@aws-sdk/client-connect', () => import('@aws-sdk/client-connect'));
  return code();
}

/** Runs one command line and resolves to its exit code; an error is one line on standard error. */
export async function runCli(cli: CliProcess): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let profile: string | undefined;
  // Each command loads its code when it runs, so help, usage errors and `verify` do not wait for the AWS SDK.
  const commands = {
    async users(options) {
      profile = profileOf(options);
      if (options.plan !== undefined) {
        assertPlan(options);
        const { planUsers } = await load(() => import('./commands/plan-users.js'));
        return planUsers(options, cli);
      }
      const operation = usersOperation(options);
      const regions = regionsOf(options);
      if (regions) {
        const everywhere = inRegions(operation, regions);
        assertUsers(options, everywhere);
        return listItems(everywhere, options, cli);
      }
      assertUsers(options, operation);
      return listItems(operation, options, cli);
    },
    async instances(options) {
      profile = profileOf(options);
      return listItems(INSTANCES, options, cli);
    },
    async find(username, options) {
      profile = profileOf(options);
      assertReport(options, { columns: FOUND_USER_COLUMNS });
      const { find } = await load(() => import('./commands/find.js'));
      return find(username, options, cli);
    },
    async count(options) {
      profile = profileOf(options);
      assertReport(options, { columns: COUNT_COLUMNS });
      const { count } = await load(() => import('./commands/count.js'));
      return count(options, cli);
    },
    async backup(folder, options) {
      profile = profileOf(options);
      if (options.plan !== undefined) {
        assertUserCount(options);
        const { planBackup } = await load(() => import('./commands/plan-backup.js'));
        return planBackup(options, cli);
      }
      assertConnection(options);
      const { backup } = await load(() => import('./commands/backup.js'));
      return backup(folder, options, cli);
    },
    async diff(a, b, options) {
      profile = profileOf(options);
      const sides = diffSides([a, b], options);
      const { diff } = await load(() => import('./commands/diff.js'));
      return diff(sides, options, cli);
    },
    async list(name, options) {
      profile = profileOf(options);
      const operation = await chosenOperation(name, options);
      const regions = regionsOf(options);
      if (regions) return listItems(inRegions(operation, regions), options, cli);
      return listItems(operation, options, cli);
    },
    async changes(options) {
      profile = profileOf(options);
      assertChanges(options, USERS);
      const { changes } = await import('./commands/changes.js');
      return changes(USERS, options, cli);
    },
    async verify(receipt, file) {
      const { verify } = await import('./commands/verify.js');
      return verify(receipt, file, cli);
    },
    async enqueue(options) {
      assertEnqueue(options);
      const { enqueue } = await import('./commands/enqueue.js');
      return enqueue(options, cli);
    },
    async worker(options) {
      const { worker } = await import('./commands/worker.js');
      return worker(options, cli);
    },
  } satisfies Commands;
  try {
    if (cli.argv.length <= 2) {
      throw usageError(
        'no command given: run users, instances, find, list, count, backup, diff, changes, verify, enqueue or worker; see pageturn --help',
      );
    }
    let help = '';
    const print = (text: string) => {
      help += text;
    };
    const program = createProgram(commands, cli, print, (code) => {
      exitCode = code;
    });
    await program.parseAsync(cli.argv).catch((error: unknown) => {
      if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
    });
    if (help !== '') await standardOutput(cli.stdout).write(Buffer.from(help));
    return exitCode;
  } catch (error) {
    // Commander has already printed its message.
    if (error instanceof CommanderError) return 2;
    const described = describeError(error, { profile });
    if (described.message !== '') cli.stderr.write(`pageturn: ${described.message}\n`);
    return described.exitCode;
  }
}
