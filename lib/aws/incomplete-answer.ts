/**
 * Thrown inside an attempt whose answer lacks what the service always sends: a proxy answered in its place, or the body got
 * lost. It is retried like a lost connection.
 */
export class IncompleteAnswer extends Error {
  override readonly name = 'IncompleteAnswer';
  // How the SDK marks an error as worth another attempt.
  readonly $retryable = {};

  constructor(missing: string) {
    super(`the answer has no ${missing}`);
  }
}

/** Throws unless an output has all of these members. */
export function assertHasMembers(output: unknown, members: readonly string[]): void {
  const fields = Object(output) as Readonly<Record<string, unknown>>;
  const missing = members.find((member) => fields[member] === undefined);
  if (missing !== undefined) throw new IncompleteAnswer(missing);
}
