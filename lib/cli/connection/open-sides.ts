import type { ConnectClient } from '@aws-sdk/client-connect';
import type { DiffSource } from '../../connect/diff/diff-source.js';
import { readCsv } from '../../node/read-csv.js';
import type { DiffOptions, DiffSideName } from '../arguments/diff-options.js';
import { instanceReference } from '../arguments/instance-reference.js';
import { listingOptions } from '../operations/operation.js';
import { type Instance, openInstance } from './open-instance.js';

interface OpenSidesOptions {
  readonly options: DiffOptions;
  readonly signal: AbortSignal;
  readonly closing: (instance: Instance) => Instance;
}

interface OpenedSides {
  readonly sources: readonly [DiffSource, DiffSource];
  readonly instances: readonly Instance[];
}

/** Opens the instances among two sides; in a sandbox, both are instances of one. */
export async function openSides(
  [a, b]: readonly [DiffSideName, DiffSideName],
  { options, signal, closing }: OpenSidesOptions,
): Promise<OpenedSides> {
  const instances: Instance[] = [];
  const open = async (side: DiffSideName): Promise<DiffSource> => {
    if ('path' in side) return fileAt(side.path, options);
    const { sandbox, instanceId: _, region: __, ...given } = options;
    const [shared] = sandbox ? instances : [];
    const region = side.region === undefined ? [] : [side.region];
    const instance =
      shared ??
      closing(
        sandbox
          ? await openInstance({ ...given, sandbox }, { signal, hasCopy: true })
          : await openInstance({ ...given, region, instanceId: side.instanceId }, { signal }),
      );
    if (!shared) instances.push(instance);
    const { client, id } = instance;
    return { client, InstanceId: sandbox ? await idIn(client, side.instanceId, { options, signal }) : id };
  };
  return { sources: [await open(a), await open(b)], instances };
}

function fileAt(path: string, { headings }: DiffOptions): DiffSource {
  return headings && /\.csv$/i.test(path) ? readCsv(path, { columns: headings }) : path;
}

/** The id of an instance in the sandbox, which has several. */
async function idIn(
  client: ConnectClient,
  text: string,
  { options, signal }: { readonly options: DiffOptions; readonly signal: AbortSignal },
): Promise<string> {
  const reference = instanceReference(text);
  if (reference.kind === 'id') return reference.id;
  const { findInstance } = await import('./find-instance.js');
  const { retry } = listingOptions(options);
  return findInstance(client, reference.alias, { retry, signal });
}
