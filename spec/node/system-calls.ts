import { constants } from 'node:fs';
import type * as fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * The calls that change a disk, in the order they were made: `sync users.json`. Temporary names read `<temporary>`. A
 * file that is opened only to be read is `read users.json`.
 */
export const systemCalls: string[] = [];

/** Calls that fail instead of reaching the disk, as the recorder names them, with their error codes. */
export const failingCalls = new Map<string, string>();

/** `node:fs/promises` as it is, with its calls recorded: what `vi.mock` is to put in its place. */
export function recordSystemCalls(real: typeof fs): typeof fs {
  const between = (call: string, names: readonly unknown[]) =>
    record(`${call} ${names.map((name) => nameOf(String(name))).join(' ')}`);
  return {
    ...real,
    open: async (...args) => {
      const [path, flags] = args;
      // What the kernel says is on no disk.
      if (String(path).startsWith('/proc/')) return real.open(...args);
      // Numbers are how pageturn opens what it reads; a folder that is synced is opened with 'r'.
      const isRead = typeof flags === 'number' && (flags & 3) === constants.O_RDONLY;
      between(isRead ? 'read' : 'open', [path]);
      const file = await real.open(...args);
      return isRead ? file : recordHandle(file, nameOf(String(path)));
    },
    rename: async (...args) => {
      between('rename', args);
      return real.rename(...args);
    },
    link: async (...args) => {
      between('link', args);
      return real.link(...args);
    },
    rm: async (...args) => {
      between('rm', [args[0]]);
      return real.rm(...args);
    },
    writeFile: async (...args) => {
      between('writeFile', [args[0]]);
      return real.writeFile(...args);
    },
  };
}

const WRITES = ['write', 'writeFile', 'appendFile'] as const;

function recordHandle(file: FileHandle, name: string): FileHandle {
  for (const method of [...WRITES, 'sync', 'datasync', 'close'] as const) {
    const real: (...args: never[]) => unknown = file[method];
    const call = WRITES.some((write) => write === method) ? 'write' : method;
    Object.defineProperty(file, method, {
      value: (...args: never[]) => {
        record(`${call} ${name}`);
        return Reflect.apply(real, file, args);
      },
    });
  }
  return file;
}

function record(call: string): void {
  // How often a file is written to is not the question.
  if (systemCalls.at(-1) !== call || !call.startsWith('write')) systemCalls.push(call);
  const code = failingCalls.get(call);
  if (!code) return;
  // libuv has no name for it: Node reports the number.
  const errno = code === 'EDQUOT' ? { errno: -122, code: 'Unknown system error -122' } : { code };
  throw Object.assign(new Error(`${errno.code}: it fails, ${call}`), {
    ...errno,
    syscall: call.split(' ')[0],
  });
}

function nameOf(path: string): string {
  return basename(path).replace(/(\.lock)?\.(\d+\.)?[\da-f-]{36}(\.tmp)?$/, (_all, lock) =>
    lock === undefined ? '.<temporary>' : '.lock.<draft>',
  );
}
