/** The error of a request that was not answered in time, named as the platform names it. */
export function timeoutError(limitMs: number): Error {
  const error = new Error(`no answer within ${limitMs} ms`);
  error.name = 'TimeoutError';
  return error;
}
