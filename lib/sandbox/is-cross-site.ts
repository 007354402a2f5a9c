import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whether a request comes from a web page in a browser: of another site, or of a name that was pointed at this machine
 * to look like the same one (DNS rebinding). A browser sends some requests without a preflight, so keeping the answer
 * from the page is not enough. Clients that are not browsers send no `Origin`, and a `Host` that is an address or `localhost`.
 */
export function isCrossSite({ headers }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return host !== undefined && !isLocal(host);
}

/** An address cannot be pointed elsewhere, and browsers resolve `localhost` themselves. */
function isLocal(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return (
    isIP(hostname.replace(/^\[|\]$/g, '')) > 0 || hostname === 'localhost' || hostname.endsWith('.localhost')
  );
}
