import { readFile } from 'node:fs/promises';

/**
 * Rejects with an error like those of the file system if a file is a mount point, such as a single file that is mounted into
 * a container: nothing can be renamed over it, and a run would fail only after everything was written. Detected on Linux only.
 */
export async function assertNotMounted(path: string): Promise<void> {
  // proc_pid_mountinfo(5): the fifth field is the mount point, with spaces and the like as octal numbers.
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const isMounted = mounts.split('\n').some((line) => unescaped(line.split(' ')[4] ?? '') === path);
  if (!isMounted) return;
  const message = 'it is mounted by itself and cannot be replaced; mount its folder instead';
  throw Object.assign(new Error(message), { code: 'EBUSY', syscall: 'rename', path });
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
