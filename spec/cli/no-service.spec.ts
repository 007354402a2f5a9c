import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.js';
import { runCli } from './run-in-process.js';

/** A server other than Amazon Connect that gives every request the same answer. */
function otherServer(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  });
  return startServer(server);
}

describe('an endpoint without Amazon Connect', () => {
  it.each([
    [403, '<html>Forbidden</html>'],
    [407, 'Proxy Authentication Required'],
    [404, ''],
    [302, '<html>Moved</html>'],
  ])('a %i from another server is reported in one line', async (status, body) => {
    const endpoint = await otherServer(status, body);
    const { code, stderr } = await runCli(['users', '--instance-id', 'x', '--endpoint-url', endpoint]);
    expect(stderr).toMatch(
      new RegExp(
        `^pageturn: (gave up after \\d+ attempts: )?the response \\(HTTP ${status}\\) is not from Amazon Connect; check --endpoint-url, .*proxy\n$`,
      ),
    );
    expect(code).toBe(1);
  });

  it('an endpoint that refuses connections is reported in one line', async () => {
    const args = ['users', '--instance-id', 'x', '--endpoint-url', 'http://127.0.0.1:1'];
    const { code, stderr } = await runCli([...args, '--max-attempts', '2']);
    expect(stderr).toMatch(
      /^pageturn: gave up after 2 attempts: no response from 127\.0\.0\.1:1: ECONNREFUSED; check --region, --endpoint-url.*\n$/,
    );
    expect(code).toBe(1);
  });
});

describe('a profile that does not exist', () => {
  const message = 'pageturn: no credentials in profile "nope": is it in ~/.aws/config?\n';

  it('a missing profile given with --profile is named, even with keys in the environment', async () => {
    const args = ['users', '--instance-id', 'x', '--profile', 'nope'];
    expect(await runCli(args)).toMatchObject({ code: 1, stderr: message });
  });

  it('a missing profile given with AWS_PROFILE is named', async () => {
    const env = { AWS_PROFILE: 'nope' };
    expect(await runCli(['users', '--instance-id', 'x'], { env })).toMatchObject({
      code: 1,
      stderr: message,
    });
  });
});
