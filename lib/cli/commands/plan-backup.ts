import { planBackup as planRequests } from '../../connect/backup/plan-backup.js';
import type { BackupOptions } from '../arguments/options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { countUsers } from '../connection/count-users.js';
import { formatCount, formatNumber } from '../format.js';
import { standardOutput } from '../output/standard-output.js';
import { runCommand } from '../run-command.js';

/** `pageturn backup --plan`: shows what a backup takes, and writes none. */
export function planBackup(options: BackupOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before the users were counted';
  return runCommand({ cli, noun: 'user', whenInterrupted }, async (command) => {
    const { plan: number, perUser, share } = options;
    const users = typeof number === 'number' ? number : await countUsers(options, command);
    const { summary, requests } = planRequests({ users }, { perUser, share });
    const most = Object.entries(requests)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_SHOWN)
      .map(([operation, count]) => `  ${formatNumber(count)} ${operation}\n`);
    const what = `${formatCount(users, 'user')}, and as many of everything else as the default quotas allow`;
    const text = `${what}: ${summary}\n${most.join('')}`;
    await standardOutput(cli.stdout, { beforeWrite: command.report.hide }).write(Buffer.from(text));
    return 0;
  });
}

const MOST_SHOWN = 5;
