import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface SmallDisk {
  /** Makes room on it. */
  resize(size: string): void;
}

/** Mounts a disk of a size such as `64k` at an empty folder, until the test ends; undefined if only root may do that. */
export function smallDisk(folder: string, size: string): SmallDisk | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return {
    resize: (larger) => void execFileSync('mount', ['-o', `remount,size=${larger}`, folder]),
  };
}
