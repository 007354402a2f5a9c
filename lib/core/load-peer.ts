import { type ErrorCode, PageturnError } from './errors.js';

interface Peer {
  /** The function that needs it, such as `parquet()`. */
  readonly neededBy: string;
  /** The name of the package. */
  readonly name: string;
  /** The code of the error if it is not installed. */
  readonly code: ErrorCode;
}

/** Loads an optional peer dependency; one that is not installed is an error that says how to install it. */
export async function loadPeer<M>({ neededBy, name, code }: Peer, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `${neededBy} needs the package ${name}, which is not installed; npm install ${name}`;
    throw new PageturnError(code, message, { cause });
  }
}
