import { findUser } from '../../connect/find-user.js';
import { formatOf } from '../arguments/format-of.js';
import type { ConnectionOptions } from '../arguments/options.js';
import { CliError, type ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openInstance } from '../connection/open-instance.js';
import { createFormat } from '../formats/create-format.js';
import { FOUND_USER_COLUMNS, FOUND_USER_TABLE } from '../operations/found-user.js';
import { listingOptions } from '../operations/operation.js';
import { openRowOutput } from '../output/open-row-output.js';
import { shellQuote } from '../report/shell-command.js';
import { runCommand } from '../run-command.js';

/** `pageturn find`: writes the user with the user name, or fails if there is no such user. */
export function find(username: string, options: ConnectionOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before the user was found';
  return runCommand({ cli, noun: 'user', whenInterrupted }, async (command) => {
    const { signal, closeAtEnd } = command;
    const format = createFormat({
      output: formatOf(options, cli.stdout),
      known: FOUND_USER_COLUMNS,
      tableColumns: FOUND_USER_TABLE,
      columns: options.columns,
    });
    const { client, id } = closeAtEnd(await openInstance(options, { signal }));
    const { retry, pace } = listingOptions(options);
    const user = await findUser(client, id, username, { retry, pace, signal });
    if (!user) {
      throw new CliError(
        `no user has the name ${username}; to search for part of a name, run pageturn users --filter ${shellQuote(`*${username}*`)}`,
      );
    }
    // Only now: what was written before stays if there is no such user.
    const output = closeAtEnd(await openRowOutput(options, { format, command }));
    await output.publish(one(user));
    return 0;
  });
}

async function* one(user: object) {
  yield [user];
}
