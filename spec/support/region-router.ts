import { createServer, request } from 'node:http';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { startServer } from './start-server.js';

/** An endpoint of several Regions: a request goes to the sandbox of the Region that it is signed for. */
export function regionRouter(regions: Readonly<Record<string, Pick<Sandbox, 'endpoint'>>>): Promise<string> {
  return startServer(
    createServer((incoming, outgoing) => {
      // Credential=KEY/DAY/REGION/SERVICE/aws4_request, in the header of Signature Version 4.
      const [, region = ''] =
        /Credential=[^/]*\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
      const sandbox = regions[region];
      if (!sandbox) {
        outgoing.writeHead(403).end();
        return;
      }
      const { hostname, port, host } = new URL(sandbox.endpoint);
      const { method, url: path, headers } = incoming;
      const forwarded = request({ hostname, port, method, path, headers: { ...headers, host } }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      outgoing.on('close', () => forwarded.destroy());
      incoming.pipe(forwarded);
    }),
  );
}
