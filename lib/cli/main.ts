#!/usr/bin/env node
import { CommanderError } from 'commander';
import { type ExitCode, usageError } from './cli-error.js';
import { describeError } from './describe-error.js';
import { profileOf } from './options.js';
import { type Commands, createProgram } from './program.js';

// Errors come with the writes they belong to; a reader of standard error who has left is no reason to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await run(process.argv);

async function run(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let profile: string | undefined;
  // What a command needs is loaded when it runs: help and bad usage are answered at once.
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
    if (argv.length <= 2) throw usageError('which command, users or changes? pageturn --help tells more');
    await createProgram(commands, (code) => {
      exitCode = code;
    }).parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Commander has said it.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const told = describeError(error, { profile });
    if (told.message !== '') process.stderr.write(`pageturn: ${told.message}\n`);
    return told.exitCode;
  }
}
