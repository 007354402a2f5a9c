#!/usr/bin/env node
import { CommanderError } from 'commander';
import { type ExitCode, usageError } from './cli-error.js';
import { describeError } from './describe-error.js';
import { profileOf } from './options.js';
import { type Commands, createProgram } from './program.js';

// Write errors are handled where the write happens; a closed standard error is no reason to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await run(process.argv);

async function run(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let profile: string | undefined;
  // Each command loads its code when it runs, so help and usage errors appear at once.
  const commands = {
    users: async (options) => {
      profile = profileOf(options);
      return (await import('./users.js')).users(options);
    },
    changes: async (options) => {
      profile = profileOf(options);
      return (await import('./changes.js')).changes(options);
    },
  } satisfies Commands;
  try {
    if (argv.length <= 2) throw usageError('no command given: run users or changes; see pageturn --help');
    await createProgram(commands, (code) => {
      exitCode = code;
    }).parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Commander has already printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const described = describeError(error, { profile });
    if (described.message !== '') process.stderr.write(`pageturn: ${described.message}\n`);
    return described.exitCode;
  }
}
