import { Cursor } from '../../core/cursor.js';
import { PageturnError } from '../../core/errors.js';

/** An instance as the token of `everywhere` keeps it. */
export interface SavedInstance {
  readonly id: string;
  readonly arn?: string | undefined;
  readonly alias?: string | undefined;
  /** How far it was listed; undefined once that is done. */
  readonly cursor?: Cursor | undefined;
}

/** How far a run is, in all instances together. */
export interface SavedInstances {
  /** The instances of each client; null until they are known. */
  readonly clients: readonly (readonly SavedInstance[] | null)[];
  /** The Region that each client is configured for; null if it has none. */
  readonly regions: readonly (string | null)[];
  /** Whether the listing of some instance ended at a limit. */
  readonly isLimited: boolean;
}

/** As the text of a page token. Of an instance that is done only the id is kept. */
export function encodeInstances({ clients, regions, isLimited }: SavedInstances): string {
  const rows = clients.map(
    (instances) =>
      instances?.map(({ id, arn, alias, cursor }) =>
        cursor ? [id, cursor, arn ?? null, alias ?? null] : [id],
      ) ?? null,
  );
  return JSON.stringify({ regions, clients: rows, ...(isLimited && { isLimited }) });
}

/** Throws ERR_CURSOR_MISMATCH for anything else than what {@link encodeInstances} makes for as many clients. */
export function decodeInstances(token: string, clients: number): SavedInstances {
  const value = parse(token);
  const isLimited = value['isLimited'] === true;
  const { clients: rows, regions } = value;
  if (!Array.isArray(rows) || rows.length !== clients) throw damaged();
  if (!Array.isArray(regions) || regions.length !== clients || !regions.every(isTextOrNull)) throw damaged();
  const saved = rows.map((row: unknown) => (row === null ? null : readInstances(row)));
  return { clients: saved, regions, isLimited };
}

function readInstances(rows: unknown): readonly SavedInstance[] {
  if (!Array.isArray(rows)) throw damaged();
  return rows.map((row: unknown) => {
    const [id, cursor, arn, alias]: unknown[] = Array.isArray(row) ? row : [];
    if (typeof id !== 'string' || ![arn, alias].every(isTextOrNothing)) throw damaged();
    if (cursor === undefined) return { id };
    return { id, cursor: Cursor.parse(cursor), arn: textOf(arn), alias: textOf(alias) };
  });
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

function isTextOrNothing(value: unknown): boolean {
  return isTextOrNull(value) || value === undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(token: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(token));
  } catch {
    throw damaged();
  }
}

function damaged(): PageturnError {
  return new PageturnError(
    'ERR_CURSOR_MISMATCH',
    'the cursor is damaged: its token does not say how far the instances were listed; start over without it',
  );
}
