/**
 * Thrown inside an attempt whose answer lacks what the service always says, and so does not come from it: a proxy may answer
 * for it, or the body got lost. It is retried like a lost connection.
 */
export class IncompleteAnswer extends Error {
  override readonly name = 'IncompleteAnswer';
  // How the SDK marks an error as worth another attempt.
  readonly $retryable = {};

  constructor(missing: string) {
    super(`the answer has no ${missing}`);
  }
}

/** Throws if any of the members of an output is missing. */
export function assertAnswers(output: unknown, members: readonly string[]): void {
  const fields = Object(output) as Readonly<Record<string, unknown>>;
  const missing = members.find((member) => fields[member] === undefined);
  if (missing !== undefined) throw new IncompleteAnswer(missing);
}
