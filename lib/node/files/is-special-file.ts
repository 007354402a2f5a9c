import type { Stats } from 'node:fs';
import { resolve } from 'node:path';

/**
 * A pipe or a device, or an output that another process opened: a regular one, if it is replaced, is not seen there.
 * `/dev/shm` is a folder like `/tmp`, in memory.
 */
export function isSpecialFile(path: string, stats: Stats | undefined): boolean {
  return stats !== undefined && (!stats.isFile() || /^\/(?:dev\/(?!shm\/)|proc\/)/.test(resolve(path)));
}
