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
  const [command = program] = argv.flatMap(
    (word) => program.commands.find((one) => one.name() === word) ?? [],
  );
  const ending =
    hint === undefined ? suggestionFor({ text: words.join(' '), kind, name }, command, program) : `: ${hint}`;
  // An argument may hold escape codes, which a terminal would obey.
  return `pageturn: ${printable(bounded(`${words.join(' ')}${ending}`))}\n`;
}

/** The end of a message about a command that is not known. */
export function suggestCommand(name: string, program: Command): string {
  const names = program.commands.map((command) => command.name());
  return suggested(nearestName(name, names), program);
}

interface Mistake {
  readonly text: string;
  /** What is not known, if that is the mistake, and its name. */
  readonly kind: string | undefined;
  readonly name: string;
}

function suggestionFor({ text, kind, name }: Mistake, command: Command, program: Command): string {
  if (kind === 'command') return suggestCommand(name, program);
  if (kind === 'option') return suggestOption(name, command);
  return /^(missing|required|too many)\b/.test(text) ? seeHelp(command) : '';
}

function suggestOption(name: string, command: Command): string {
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  return suggested(nearestOption(name, options), command);
}

function suggested(name: string | undefined, command: Command): string {
  return name === undefined ? seeHelp(command) : ` (Did you mean ${name}?)`;
}

function seeHelp(command: Command): string {
  return command.parent === null ? '; see pageturn --help' : `; see pageturn ${command.name()} --help`;
}
