import { plan } from '../../connect/plan.js';
import type { UsersOptions } from '../arguments/users-options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { countUsers } from '../connection/count-users.js';
import { formatCount } from '../format.js';
import { plannedFields } from '../operations/users-operation.js';
import { standardOutput } from '../output/standard-output.js';
import { runCommand } from '../run-command.js';

/** `pageturn users --plan`: shows what it takes to read the users in each way, and reads none. */
export function planUsers(options: UsersOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before the users were counted';
  return runCommand({ cli, noun: 'user', whenInterrupted }, async (command) => {
    const fields = plannedFields(options);
    const {
      plan: number,
      maxItems = Number.POSITIVE_INFINITY,
      filter,
      modifiedSince,
      share,
      pageSize,
    } = options;
    const all = typeof number === 'number' ? number : await countUsers(options, command);
    const count = Math.min(all, maxItems);
    const { ways } = plan(fields, count, { share, pageSize });
    const lines = ways.map(({ via, summary }, n) => `  via ${via}: ${summary}${n === 0 ? ' (chosen)' : ''}`);
    const isChosen = (filter ?? modifiedSince) !== undefined && ways.some(({ via }) => via === 'describe');
    const note = isChosen ? '  only users that are chosen get a DescribeUser, so there may be fewer\n' : '';
    const text = `${formatCount(count, 'user')} with ${fields.join(', ')}:\n${lines.join('\n')}\n${note}`;
    await standardOutput(cli.stdout, { beforeWrite: command.report.hide }).write(Buffer.from(text));
    return 0;
  });
}
