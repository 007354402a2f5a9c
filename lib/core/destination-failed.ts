import type { Cursor } from './cursor-shape.js';
import { PageturnError } from './errors.js';
import { ifReadable } from './if-readable.js';
import { shortened } from './quoted.js';
import { systemErrorOf } from './system-error.js';

interface DestinationFailedOptions {
  readonly cause: unknown;
  readonly cursor?: Cursor | undefined;
}

/**
 * ERR_DESTINATION_FAILED for something that cannot be done, such as `write to users.csv`. Of the cause it has the code or the
 * name, never the message, which may contain what is in a row.
 */
export class DestinationFailed extends PageturnError {
  /** What cannot be done. */
  readonly what: string;

  constructor(what: string, { cause, cursor }: DestinationFailedOptions) {
    super(
      'ERR_DESTINATION_FAILED',
      `cannot ${what} (${ifReadable(() => reasonOf(cause)) ?? typeof cause}); fix the cause and run the same drain again to resume`,
      { cause, cursor },
    );
    this.what = what;
  }
}

function reasonOf(cause: unknown): string {
  const { name } = (cause ?? {}) as { readonly name?: unknown };
  return shortened(`${systemErrorOf(cause).code ?? name ?? typeof cause}`);
}
