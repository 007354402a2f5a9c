import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCli } from './start-cli.js';

// util-linux's `script` runs a command on its own terminal.
const hasScript = /util-linux/.test(spawnSync('script', ['--version']).stdout?.toString() ?? '');

describe.skipIf(!hasScript)('on a terminal (skipped without script from util-linux)', () => {
  // The shell receives the program as $0 and $1.
  const onTerminal = (args: string) =>
    runCli([], { within: ['sh', '-c', `script -qec "stty cols 100; $0 $1 ${args}" /dev/null`] });

  it('on a terminal a run redraws a progress line and removes it at the end', async () => {
    const { stdout } = await onTerminal('users --sandbox 60 --page-size 10');
    const drawn = stdout.split('\r\x1b[K');
    expect(drawn).toContainEqual(
      expect.stringMatching(/^\d+ users, \d pages, \d+ throttles?, [\d.]+ requests\/s, [\d.]+ s waited$/),
    );
    expect(drawn.at(-1)).toMatch(/^\(the first 5 users.*\)\r\n60 users, 60 distinct, .*: complete\r\n$/);
    expect(stdout.match(/^[\da-f-]{36} {2}\S.*@/gm)).toHaveLength(5);
  });
});
