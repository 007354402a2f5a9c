import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { CLEAN_ENV } from '../support/clean-env.js';
import { freePort } from '../support/free-port.js';
import { hasRedis } from '../support/start-redis.js';

const root = resolve(import.meta.dirname, '../..');

describe.skipIf(!hasRedis)(
  'the demonstration of a fleet in the README (needs the Debian package redis-server)',
  () => {
    it('the demonstration of the README writes thirty whole files, each user once, though a worker is killed', async () => {
      const readme = await readFile(join(root, 'README.md'), 'utf8');
      const [, block = ''] = /^## A fleet of workers$.*?^```sh\n(.*?)^```$/ms.exec(readme) ?? [];
      const port = String(await freePort());
      // The package is there already, and the port may be taken.
      const script = block.replace(/^npm install .*$/m, '').replaceAll('6390', port);
      const cwd = await mkdtemp(join(tmpdir(), 'pageturn-demo-'));
      try {
        await mkdir(join(cwd, 'node_modules/.bin'), { recursive: true });
        const program = `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/cli/main.js" "$@"\n`;
        await writeFile(join(cwd, 'node_modules/.bin/pageturn'), program, { mode: 0o755 });
        await promisify(execFile)('bash', ['-c', script], { cwd, env: CLEAN_ENV });
        const files = (await readdir(cwd)).filter((file) => file.startsWith('users-'));
        expect(files.sort()).toEqual(
          Array.from({ length: 30 }, (_, n) => `users-sandbox-${n + 1}.csv`).sort(),
        );
        for (const file of files) {
          const [, ...rows] = (await readFile(join(cwd, file), 'utf8')).trim().split('\n');
          expect([file, rows.length, new Set(rows).size]).toEqual([file, 12_000, 12_000]);
        }
      } finally {
        const redis = new Redis(Number(port), '127.0.0.1');
        redis.on('error', () => {});
        await redis.shutdown('NOSAVE').catch(() => {});
        redis.disconnect();
        await rm(cwd, { recursive: true });
      }
    }, 600_000);
  },
);
