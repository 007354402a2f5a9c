/** The throttling names of @smithy/core 3.41 (retry/service-error-classification), less LimitExceededException. */
export const THROTTLE_NAMES: ReadonlySet<unknown> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** Names and codes of transient faults. */
export const TRANSIENT_NAMES: ReadonlySet<unknown> = new Set([
  // The time limit of an attempt; an abort by the caller is handled before.
  'AbortError',
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  // Sockets and DNS: the lists of @smithy/core 3.41, and related codes (Node's errno page). ENOTFOUND can be a typo, but
  // resolvers also report it during outages, and the number of attempts is limited.
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Streams that end too early (Node's errors page).
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'HPE_INVALID_EOF_STATE',
  // undici, Node's fetch (its docs/api/Errors.md).
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** What `fetch` says about a lost connection in Node (two), Chrome (two), Firefox, Safari and React Native, in this order. */
export const LOST_FETCH_MESSAGES: ReadonlySet<unknown> = new Set([
  'fetch failed',
  'terminated',
  'Failed to fetch',
  'network error',
  'NetworkError when attempting to fetch resource.',
  'Load failed',
  'Network request failed',
]);
