/**
 * Where records go, in one format. What `write` returns, where it returns anything, is to be awaited before the next
 * record: the output takes no more for the moment.
 *
 * @example
 * const sink: Sink<User> = ndjsonSink(output);
 * for await (const user of users) await sink.write(user);
 * await sink.end();
 */
export interface Sink<T> {
  write(record: T): Promise<void> | undefined;
  /** Writes what belongs behind the last record. Not called where records are missing: half an array must not pass for one. */
  end(): Promise<void> | undefined;
}

/** Where the text of a sink goes. */
export interface TextOutput {
  /** Takes a text; a promise says: wait. Throws or rejects with the error of this write or an earlier one. */
  write(text: string): Promise<void> | undefined;
}
