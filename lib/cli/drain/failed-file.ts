import { resolve } from 'node:path';
import type { Destination } from '../../core/destination.js';
import type { FailedItem } from '../../core/failed-item.js';
import { ndjson } from '../../destinations/formats/index.js';
import { file } from '../../node/file-destination.js';
import { withFileErrors } from './with-file-errors.js';

/** The file of `--failed`: published with the rows, an empty one if nothing failed. */
export function failedFile(name: string): Destination<FailedItem<unknown>> {
  const path = resolve(name);
  return withFileErrors(file(path, { format: ndjson() }), path);
}
