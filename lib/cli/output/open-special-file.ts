import { resolve } from 'node:path';
import { openThrough } from '../../node/files/open-through.js';
import { CliError, fileError } from '../cli-error.js';
import type { ByteSink } from './byte-sink.js';
import { FIRST_BYTES, outputClosed } from './output-closed.js';

/** A pipe or a device. The signal ends the wait for the reader of a named pipe. */
export async function openSpecialFile(name: string, signal: AbortSignal): Promise<ByteSink> {
  const path = resolve(name);
  const attempt = <R>(verb: string, work: Promise<R>) =>
    work.catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof CliError) throw error;
      throw fileError(`cannot ${verb} ${path}`, path, error);
    });
  const file = await attempt('open', openThrough(path, signal));
  let isDelivered = false;
  const write = async (bytes: Uint8Array) => {
    try {
      await file.appendFile(bytes);
      isDelivered ||= bytes.length > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw outputClosed(name, { isDelivered });
      throw error;
    }
  };
  return {
    target: name,
    async write(bytes) {
      await attempt('write', write(bytes.subarray(0, FIRST_BYTES)));
      if (bytes.length > FIRST_BYTES) await attempt('write', write(bytes.subarray(FIRST_BYTES)));
    },
    sync: async () => {},
    close: () => attempt('close', file.close()),
  };
}
