import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { systemClock } from '../../core/clock.js';

/**
 * Opens a device or a pipe for writing, once a named pipe has a reader; the signal ends that wait. Node cannot end an open
 * that waits, and four of them would hold up all files of the process.
 */
export async function openThrough(path: string, signal: AbortSignal): Promise<FileHandle> {
  for (;;) {
    const probe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENXIO') throw error;
      },
    );
    if (!probe) {
      await systemClock.sleep(READER_POLL_MS, signal);
      continue;
    }
    try {
      // Its writes wait for the reader, those of the probe would fail.
      return await open(path, 'a');
    } finally {
      await probe.close();
    }
  }
}

// Short next to the start of a reader.
const READER_POLL_MS = 50;
