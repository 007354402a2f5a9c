/**
 * Names, codes and types of throttles. Over all errors of all AWS models (botocore 1.43) this matches those that are
 * documented as throttles and no others, and it knows the names of Slack, Stripe, Notion, OpenAI and OAuth.
 */
export const THROTTLE_NAME =
  /^(?!invalid).{0,80}(throttl|too_?many_?requests?(?!ed)|rate_?limit|rate(_?for_?customer)?_?exceeded|throughput_?exceeded|slow_?down)|^(request|bandwidth|client)_?limit_?exceeded|^prior_?request_?not_?complete|^transaction_?in_?progress/i;

/** Words in a message that mean a rate limit. */
export const THROTTLE_WORDS =
  /throttl|\brates?[ -]?(limit|exceeded|of)|(limit|allowed|request) rate\b|too many requests|too (fast|frequent|quick)|slow down|\bper[ -](second|minute)|concurrent (api )?requests|request limit reached/i;

/** Names of errors about bad input: their messages may mention a rate that is a parameter. */
export const BAD_INPUT_NAME = /invalid|validation|malformed|bad_?request/i;

/** Names of limits on resources that come with status 429: Ground Station, Managed Blockchain, CloudFormation, WorkDocs. */
export const RESOURCE_LIMIT_NAME = /(resource|metadata)s?_?limit_?exceeded/i;

/** Words in a message that mean a limit on resources, as the models of Amplify and Connect describe it. */
export const RESOURCE_WORDS = /\bresources?\b|\bquotas?\b|\b(maximum|total) number\b/i;

/** Codes of a host that was not reached: DNS, and connections that were not made. */
export const UNREACHED_CODE =
  /^(ENOTFOUND|EAI_\w+|ESERVFAIL|ETIMEOUT|ECONNREFUSED|EHOST\w+|ENET(UNREACH|DOWN)|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Names and codes of transient faults: of a time limit; of sockets, DNS and streams (the pages on errors of Node and of
 * undici, and the lists of @smithy/core 3.41); of a TLS connection or a compressed body that was garbled on its way, not of
 * a certificate; of the clients of Stripe and Notion.
 */
export const TRANSIENT_NAME =
  /^(TimeoutError|RequestTimeout(Exception|Error)?|Stripe(Connection|API)Error|ECONN\w+|ENET\w+|EPIPE|EPROTO|E(SOCKET)?TIMEDOUT|ENOBUFS|E[MN]FILE|ERR_(NETWORK|STREAM_PREMATURE_CLOSE|SOCKET_CLOSED|HTTP2_(S\w+_ERROR|GOAWAY_SESSION|STREAM_CANCEL|SERVER_REFUSED_STREAM)|SSL_\w*(BAD_RECORD_MAC|BAD_DECRYPT|UNEXPECTED_\w+|INTERNAL_ERROR))|HPE_INVALID_EOF_STATE|Z_(DATA|BUF)_ERROR|UND_ERR_(HEADERS_TIMEOUT|BODY_TIMEOUT|SOCKET|RES_CONTENT_LENGTH_MISMATCH))$/;

/** What `fetch` says about a lost connection in Node (two), Chrome (two), Firefox, Safari and React Native, in this order. */
export const LOST_FETCH_MESSAGE =
  /^(fetch failed|terminated|Failed to fetch|network error|NetworkError when attempting to fetch resource\.|Load failed|Network request failed)$/m;

/**
 * What clients say, without a code, about a body that was cut short or garbled: Node, zlib (two), axios, needle, and the
 * client of OpenAI. That of Azure adds its own prefix.
 */
export const CUT_SHORT_MESSAGE =
  /^(Error reading response as text: )?(aborted|incorrect header check|unexpected end of file|stream has been aborted|read timeout|Request timed out\.)$/;
