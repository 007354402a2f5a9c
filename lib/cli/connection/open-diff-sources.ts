import type { DiffSource } from '../../connect/diff/diff-source.js';
import { USER_FIELD_NAMES } from '../../connect/user-fields.js';
import { csvMembers, readCsv } from '../../node/read-csv.js';
import type { DiffOptions, DiffSideName } from '../arguments/diff-sides.js';
import { instanceReference } from '../arguments/instance-reference.js';
import type { Instance } from './instance.js';
import { instanceIdOf } from './instance-id-of.js';
import { openInstance } from './open-instance.js';

interface OpenDiffSourcesOptions {
  readonly options: DiffOptions;
  readonly signal: AbortSignal;
  readonly closeAtEnd: (instance: Instance) => Instance;
}

interface OpenedDiffSources {
  readonly sources: readonly [DiffSource, DiffSource];
  readonly instances: readonly Instance[];
}

/** Opens the instances among two sides; in a sandbox, both are instances of one. */
export async function openDiffSources(
  [a, b]: readonly [DiffSideName, DiffSideName],
  { options, signal, closeAtEnd }: OpenDiffSourcesOptions,
): Promise<OpenedDiffSources> {
  const instances: Instance[] = [];
  const open = async (side: DiffSideName): Promise<DiffSource> => {
    if ('path' in side) return fileAt(side.path, options);
    const { sandbox, instanceId: _, region: __, ...given } = options;
    const [shared] = sandbox ? instances : [];
    const region = side.region === undefined ? [] : [side.region];
    const instance =
      shared ??
      closeAtEnd(
        sandbox
          ? await openInstance({ ...given, sandbox }, { signal, hasCopy: true })
          : await openInstance({ ...given, region, instanceId: side.instanceId }, { signal }),
      );
    if (!shared) instances.push(instance);
    const { client, id } = instance;
    // A sandbox has several instances.
    const reference = sandbox && instanceReference(side.instanceId);
    return {
      client,
      InstanceId: reference ? await instanceIdOf(reference, client, { options, signal }) : id,
    };
  };
  return { sources: [await open(a), await open(b)], instances };
}

/** Of two CSV files, one may have its own headings, and the other those of the fields. */
async function fileAt(path: string, { headings, delimiter }: DiffOptions): Promise<DiffSource> {
  if (!/\.csv$/i.test(path)) return path;
  if (!headings) return readCsv(path, { delimiter });
  const { members = [] } = (await csvMembers(readCsv(path, { delimiter }))) ?? {};
  const named = Object.entries(headings).map(([field, heading]) => [
    field,
    members.includes(field) && !members.includes(heading) ? field : heading,
  ]);
  const used = Object.entries(headings).flat();
  const others = USER_FIELD_NAMES.filter((field) => members.includes(field) && !used.includes(field));
  const columns = [...others.map((field) => [field, field]), ...named];
  return readCsv(path, { columns: Object.fromEntries(columns), delimiter });
}
