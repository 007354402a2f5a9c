import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { redirectedFile } from '../../lib/cli/output/redirected-file.js';

/** A file as the shell opens it for `>>` or `>`. */
function redirect({
  flags = 'a',
  path = join(mkdtempSync(join(tmpdir(), 'pageturn-redirected-')), 'out'),
} = {}) {
  const fd = openSync(path, flags);
  onTestFinished(() => {
    closeSync(fd);
    rmSync(join(path, '..'), { recursive: true, force: true });
  });
  const file = redirectedFile(fd);
  if (!file) throw new Error('it is a regular file');
  return { fd, path, file };
}

it('a device is not a redirected file', () => {
  const fd = openSync('/dev/null', 'w');
  expect(redirectedFile(fd)).toBeUndefined();
  closeSync(fd);
});

it('a redirected file that was removed or cut off fails when it is synced', async () => {
  const removed = redirect();
  await removed.file.sync();
  rmSync(removed.path);
  await expect(removed.file.sync()).rejects.toThrow('was removed');

  const cut = redirect();
  writeSync(cut.fd, 'ten bytes\n');
  await cut.file.sync();
  ftruncateSync(cut.fd, 3);
  await expect(cut.file.sync()).rejects.toThrow('was cut off: it has 3 bytes after 10');
});

it('a redirected file that was cut off takes no further row, which would come after a hole', async () => {
  const { fd, file } = redirect({ flags: 'w' });
  writeSync(fd, 'ten bytes\n');
  await file.sync();
  ftruncateSync(fd, 0);
  expect(() => file.assertWhole()).toThrow('was cut off: it has 0 bytes after 10');
});

it('a redirected file continues an earlier run if it has what that one wrote, and no other file does', async () => {
  const first = redirect();
  writeSync(first.fd, 'ten bytes\n');
  await first.file.sync();
  const { position } = first.file;
  const copy = redirect();
  writeSync(copy.fd, 'ten bytes\n');
  expect(() => redirect({ path: copy.path }).file.assertContinues(position)).not.toThrow();
  expect(() => redirect({ path: first.path }).file.assertContinues(position)).not.toThrow();
  for (const other of [redirect(), redirect({ path: first.path, flags: 'w' })]) {
    expect(() => other.file.assertContinues(position)).toThrow(
      'standard output has 0 bytes of the 10 that the earlier run wrote: restore the file and append to it (>>)',
    );
  }
});
