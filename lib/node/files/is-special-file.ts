import type { Stats } from 'node:fs';
import { resolve } from 'node:path';

/**
 * A pipe or a device, or an output that another process opened: a regular one, if it is replaced, is not seen there. Other
 * files below `/dev` and `/proc`, such as in `/dev/shm` and `/proc/self/cwd`, are like any other.
 */
export function isSpecialFile(path: string, stats: Stats | undefined): boolean {
  return stats !== undefined && (!stats.isFile() || OPENED.test(resolve(path)));
}

const OPENED = /^\/(?:dev\/(?:fd\/\d+|std(?:in|out|err))|proc\/[^/]+\/(?:task\/[^/]+\/)?fd\/\d+)$/;
