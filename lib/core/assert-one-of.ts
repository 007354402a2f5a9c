import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT, naming the option and its choices, for any other value. */
export function assertOneOf(name: string, value: unknown, choices: readonly string[]): void {
  if (choices.some((choice) => choice === value)) return;
  const quoted = choices.map((choice) => `'${choice}'`);
  throw invalidArgument(name, `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`, value);
}
