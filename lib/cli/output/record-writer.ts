import type { Interruption } from '../interruption.js';

/**
 * Writes records in one format. If `write` returns a promise, await it before writing the next record: the output is
 * full for the moment.
 */
export interface RecordWriter<T> {
  write(record: T): Promise<void> | undefined;
  /** Writes what follows the last record. Not called if records are missing: half an array must not look complete. */
  end(): Promise<void> | undefined;
}

/** The destination of a writer's text. */
export interface TextOutput {
  /** Takes a text and returns a promise if the caller should wait. Fails with the error of this or an earlier write. */
  write(text: string): Promise<void> | undefined;
}

/** Writes records until there are no more or the command is interrupted. */
export async function writeRecords<T>(
  records: AsyncIterable<T>,
  writer: RecordWriter<T>,
  interruption: Interruption,
): Promise<void> {
  for await (const record of records) {
    // The record is neither written nor acknowledged, so the next run starts with it.
    if (interruption.isRequested) break;
    const written = writer.write(record);
    if (written) await interruption.deferUntil(written);
  }
}
