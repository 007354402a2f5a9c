import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { isPlainObject } from '../core/canonical.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';

/**
 * A URL such as `redis://localhost:6379` or `rediss://user:password@host:6380/1`, the options of ioredis (`sentinels` included),
 * or an ioredis connection.
 */
export type QueueConnection = string | ConnectionOptions | Redis | Cluster;

type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/** Checks a connection of any of the three forms. Throws ERR_INVALID_ARGUMENT for anything else, and never shows a password. */
export function readConnection(
  connection: QueueConnection,
): { readonly url: string } | { readonly options: ConnectionOptions } | { readonly redis: Redis | Cluster } {
  if (typeof connection === 'string') return { url: readUrl(connection) };
  if (isRedis(connection)) return { redis: connection };
  if (connection instanceof URL) {
    throw new PageturnError('ERR_INVALID_ARGUMENT', 'connection is a URL object; pass its text (url.href)');
  }
  // Of a list, a Map or a queue of BullMQ, no member would be read, and ioredis connects to localhost.
  if (!isPlain(connection)) throw invalidArgument('connection', EXPECTED, connection);
  return { options: readOptions(connection) };
}

const EXPECTED = 'a URL such as redis://localhost:6379, the options of ioredis, or a connection of ioredis';

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    // It may contain a password, so it is not shown.
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `connection must be ${EXPECTED}; the text received is not such a URL`,
    );
  }
  assertDatabase(url.searchParams.get('db') ?? (url.pathname.slice(1) || 0));
  return text;
}

function readOptions(options: ConnectionOptions): ConnectionOptions {
  for (const name of Object.keys(options)) {
    if (KNOWN.has(name)) continue;
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `unknown option ${quoted(name)} in connection; ${INSTEAD[name] ?? 'it takes those of ioredis, such as host, port, username, password, db and tls'}`,
    );
  }
  const { port, db, keyPrefix } = options;
  if (port !== undefined && !(Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536)) {
    throw invalidArgument('connection.port', 'a number from 1 to 65535', port);
  }
  assertDatabase(db ?? 0);
  assertNoKeyPrefix(keyPrefix);
  return options;
}

/** BullMQ throws its own error for it, which does not say where. */
export function assertNoKeyPrefix(keyPrefix: unknown): void {
  if (!keyPrefix) return;
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    'the connection has a keyPrefix, which BullMQ does not support; remove it, and pass the option prefix',
  );
}

function assertDatabase(db: unknown): void {
  if (/^\d+$/.test(String(db))) return;
  throw invalidArgument(
    'the database of the connection',
    'a whole number, as in redis://localhost:6379/1',
    db,
  );
}

/** Options of BullMQ and node-redis that are passed by mistake, and what to pass instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  connection: 'pass what is in it',
  url: 'pass the URL itself',
  socket: 'pass its host and port',
};

// `RedisOptions` of ioredis 6, with what a connection through sentinels, a socket or TLS takes.
const KNOWN: ReadonlySet<string> = new Set(
  `host port family path tls username password db connectionName readOnly protocol stringNumbers
  retryStrategy reconnectOnError commandTimeout blockingTimeout blockingTimeoutGrace socketTimeout connectTimeout
  disconnectTimeout keepAlive noDelay disableClientInfo clientInfoTag autoResubscribe autoResendUnfulfilledCommands
  maxRetriesPerRequest maxLoadingRetryTime enableAutoPipelining autoPipeliningIgnoredCommands enableOfflineQueue
  offlineQueue commandQueue enableReadyCheck lazyConnect monitor scripts himportFieldsets keyPrefix Connector
  name role sentinels sentinelUsername sentinelPassword sentinelRetryStrategy sentinelReconnectStrategy
  sentinelCommandTimeout sentinelTLS enableTLSForSentinelMode sentinelMaxConnections preferredSlaves natMap
  updateSentinels failoverDetector`.split(/\s+/),
);

function isRedis(connection: unknown): connection is Redis | Cluster {
  return typeof (connection as Partial<Redis> | null)?.duplicate === 'function';
}

function isPlain(value: unknown): value is ConnectionOptions {
  return typeof value === 'object' && value !== null && isPlainObject(value);
}
