/** An error of the operating system, by its code and in words: `ENOSPC` and `ENOSPC: no space left on device`. */
export interface SystemError {
  /** Undefined for an error of something else. */
  readonly code: string | undefined;
  readonly reason: string;
}

/** What an error of the operating system says, without the call and the paths that Node appends to its message. */
export function systemErrorOf(error: unknown): SystemError {
  const { code, errno, message = String(error) } = Object(error) as NodeSystemError;
  const unnamed = typeof errno === 'number' ? UNNAMED.get(errno) : undefined;
  if (unnamed) return unnamed;
  return {
    code: typeof code === 'string' ? code : undefined,
    reason: String(message).split(',')[0] ?? '',
  };
}

interface NodeSystemError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

/**
 * Errors of full and of remote disks that Node calls `Unknown system error -122`: they are in Linux (errno.h) and not in
 * libuv (uv.h, UV_ERRNO_MAP).
 */
const UNNAMED: ReadonlyMap<number, SystemError> = new Map(
  [
    [74, 'EBADMSG', 'the disk is damaged'],
    [116, 'ESTALE', 'stale file handle'],
    [122, 'EDQUOT', 'disk quota exceeded'],
  ].map(([errno, code, text]) => [-Number(errno), { code: String(code), reason: `${code}: ${text}` }]),
);
