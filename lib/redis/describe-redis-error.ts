import { fieldsOf, messageOf } from '../core/error-fields.js';

/** What an error of Redis or of the connection means. */
export interface RedisErrorDescription {
  /** Whether it may pass by itself. */
  readonly passes: boolean;
  /** What happened, and what to do. */
  readonly what: string;
}

/** What an error means. Its own message stays in the cause: it may quote an address with a password in it. */
export function describeRedisError(error: unknown, status: string | undefined): RedisErrorDescription {
  const { name, code } = fieldsOf(error);
  const message = messageOf(fieldsOf(error));
  const reply = REPLIES.find(([pattern]) => pattern.test(message));
  if (reply) return { passes: reply[1], what: reply[2] };
  // The connection was ended for good: by its owner, or because its retryStrategy gave up.
  if (status === 'end') {
    return { passes: false, what: 'the connection was closed; keep it open until all listings have ended' };
  }
  const fault = FAULTS.find(([pattern]) => pattern.test(`${String(code)} ${String(name)} ${message}`));
  if (fault) return { passes: true, what: fault[1] };
  return { passes: false, what: `it failed (${message.split(' ')[0] || String(name)}); see the cause` };
}

type Reply = readonly [pattern: RegExp, passes: boolean, what: string];

// The first words of error replies: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
// Before Redis 7, those of a command in a script stand within another message.
const REPLIES: readonly Reply[] = [
  [/\bWRONGTYPE\b/, false, 'its key holds something else; delete that key, or choose another prefix'],
  [/\bREADONLY\b/, true, 'it is a read-only replica; connect to the primary'],
  [/\bLOADING\b/, true, 'it is loading its data after a start; wait until it has'],
  [/^BUSY\b/, true, 'it is busy with a script of someone else; end that with SCRIPT KILL'],
  [
    /\b(CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS)\b/,
    true,
    'the cluster or its primary is down; bring it back',
  ],
  [/\bOOM\b/, true, 'its memory is full; raise maxmemory, or delete other keys'],
  [/\bMISCONF\b/, true, 'it cannot save to its disk and refuses writes; check its log'],
  [/^(MOVED|ASK) \d/, false, 'it is a node of a cluster; connect with new Cluster(nodes)'],
  [
    /^(NOAUTH|WRONGPASS)|invalid (username-)?password|without any password/i,
    false,
    'it rejected the credentials; correct the user name and the password of the connection',
  ],
  [
    /\bNOPERM\b/,
    false,
    'its user may not run the scripts; allow EVAL, EVALSHA, TIME, GET, SET, HGET, HMGET, HSET, HDEL, HEXISTS, PERSIST and PEXPIRE on the keys',
  ],
  [
    /unknown command|non deterministic commands|cmsgpack|Unknown Redis command|not allowed from script/i,
    false,
    'it is too old or does not run scripts; use Redis 5 or later, with EVAL and EVALSHA allowed',
  ],
];

const FAULTS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'its host name is not known; check the address of the connection'],
  [/ECONNREFUSED/, 'nothing listens there; check the address of the connection, and that Redis runs'],
  [/sentinels are unreachable/i, 'no sentinel answers; check their addresses'],
  [/slots cache|ClusterAllFailed/i, 'no node of the cluster answers; check their addresses'],
  [
    /ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|MaxRetriesPerRequest|Connection is closed|isn't writeable|timed out|SocketTimeout/,
    'the connection was lost; check that Redis runs and can be reached',
  ],
];
