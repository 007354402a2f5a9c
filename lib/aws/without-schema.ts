import { PageturnError } from '../core/errors.js';

/** An ERR_NOT_PAGED for a command whose class carries no schema to infer names from. */
export function withoutSchema(operation: string, options: string): PageturnError {
  return new PageturnError(
    'ERR_NOT_PAGED',
    `cannot infer how ${operation} is paged, because its command carries no schema; pass ${options} as its API reference names them, or use a release of its client with schemas if there is one`,
  );
}
