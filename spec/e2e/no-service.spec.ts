import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from './start-cli.js';

/** A server that is not Amazon Connect's, and gives everybody the same answer. */
async function stranger(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what is said in one line where the service is not', () => {
  it.each([
    [403, '<html>Forbidden</html>'],
    [407, 'Proxy Authentication Required'],
    [404, ''],
    [302, '<html>Moved</html>'],
  ])('and somebody else answers %i', async (status, body) => {
    const endpoint = await stranger(status, body);
    const { code, stderr } = await runCli(['users', '--instance-id', 'x', '--endpoint-url', endpoint]);
    expect(stderr).toMatch(
      new RegExp(
        `^pageturn: (given up after 5 attempts: )?the answer \\(HTTP ${status}\\) is not Amazon Connect's; check --endpoint-url, .*proxy\n$`,
      ),
    );
    expect(code).toBe(1);
  });

  it('and nobody answers', async () => {
    const args = ['users', '--instance-id', 'x', '--endpoint-url', 'http://127.0.0.1:1'];
    const { code, stderr } = await runCli(args);
    expect(stderr).toMatch(
      /^pageturn: given up after 5 attempts: no answer from 127\.0\.0\.1:1: ECONNREFUSED; check .*\n$/,
    );
    expect(code).toBe(1);
  });
});

describe('a profile that does not exist is named', () => {
  const message = 'pageturn: no credentials in profile "nope": is it in ~/.aws/config?\n';

  it('where it is that of --profile, though there are keys in the environment', async () => {
    const args = ['users', '--instance-id', 'x', '--profile', 'nope'];
    expect(await runCli(args)).toMatchObject({ code: 1, stderr: message });
  });

  it('where it is that of AWS_PROFILE', async () => {
    const env = { AWS_PROFILE: 'nope' };
    expect(await runCli(['users', '--instance-id', 'x'], { env })).toMatchObject({
      code: 1,
      stderr: message,
    });
  });
});
