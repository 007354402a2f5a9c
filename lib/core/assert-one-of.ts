import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT, naming the option and its choices, for any other value. */
export function assertOneOf(name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.some((choice) => choice === value)) {
    throw invalidArgument(name, choices.map((choice) => `'${choice}'`).join(' or '), value);
  }
}
