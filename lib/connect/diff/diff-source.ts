import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient } from '../../aws/create-send.js';
import { invalidArgument } from '../../core/errors.js';
import { assertInstanceId } from '../assert-instance-id.js';

/** An instance, whose users are read with `userDetails`. */
export interface DiffInstance {
  readonly client: ConnectClient;
  readonly InstanceId: string;
}

/**
 * What `diff` compares: an instance, any listing or iterable of rows, or the path of a file: `.csv`, `.ndjson`, or a
 * snapshot.
 */
export type DiffSource<T extends object = object> = DiffInstance | AsyncIterable<T> | Iterable<T> | string;

/** Throws ERR_INVALID_ARGUMENT for anything else. */
export function assertDiffSource(name: string, source: unknown): void {
  if (typeof source === 'string' && source !== '') return;
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return;
    if ('client' in source && 'InstanceId' in source) {
      assertClient(source.client);
      assertInstanceId(source.InstanceId);
      return;
    }
  }
  throw invalidArgument(name, 'an instance { client, InstanceId }, a listing, or the path of a file', source);
}
