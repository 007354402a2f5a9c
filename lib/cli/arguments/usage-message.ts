import type { Command } from 'commander';
import { nearestName } from '../../core/nearest-name.js';
import { bounded, printable } from '../format.js';
import { awsFlagHint } from './aws-flag-hint.js';
import { nearestOption } from './nearest-option.js';

/** Commander's message in one line, with a suggestion or, without one, pointing to the help. */
export function usageMessage(message: string, program: Command, argv: readonly string[]): string {
  const words = message
    .trim()
    .replace(/^error: /, '')
    .split(/\s+/);
  const [, kind, name = ''] = /^unknown (command|option) '([^']*)'/.exec(words.join(' ')) ?? [];
  const hint = kind === 'option' ? awsFlagHint(name) : undefined;
  const suggestion = kind === 'option' ? suggestOption(name, program, argv) : suggestCommand(name, program);
  const ending = hint === undefined ? (kind === undefined ? '' : suggestion) : `: ${hint}`;
  // An argument may hold escape codes, which a terminal would obey.
  return `pageturn: ${printable(bounded(`${words.join(' ')}${ending}`))}\n`;
}

/** The end of a message about a command that is not known. */
export function suggestCommand(name: string, { commands }: Command): string {
  return suggested(
    nearestName(
      name,
      commands.map((command) => command.name()),
    ),
  );
}

function suggestOption(name: string, program: Command, argv: readonly string[]): string {
  const commands = argv.flatMap((word) => program.commands.find((one) => one.name() === word) ?? []);
  const [command = program] = commands;
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  return suggested(nearestOption(name, options));
}

function suggested(name: string | undefined): string {
  return name === undefined ? '; see pageturn --help' : ` (Did you mean ${name}?)`;
}
