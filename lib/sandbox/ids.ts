import { scramble } from './scramble.js';

/** The kinds of things with ids. The number is part of the id, so a queue's id is never mistaken for a user's. */
const KINDS = {
  instance: 1,
  user: 2,
  queue: 3,
  routingProfile: 4,
  securityProfile: 5,
  hoursOfOperation: 6,
  hierarchyGroup: 7,
  view: 8,
  request: 9,
  record: 10,
  phoneNumber: 11,
  hierarchyLevel: 12,
} as const;

export type IdKind = keyof typeof KINDS;

export interface Ids {
  /** The id of the nth thing of a kind, n below 2^32. */
  of(kind: IdKind, index: number): string;
  /** The n an id was made from; undefined unless `of` made it with this seed and kind. */
  indexOf(kind: IdKind, id: string): number | undefined;
}

/**
 * Ids shaped like version 4 UUIDs that can be decoded: the number is encrypted, not random, so a million users can be
 * found by id without a table of a million ids.
 */
export function createIds(seed: number): Ids {
  const keys = Array.from({ length: 4 }, (_, round) => scramble(seed, 0x1d5 + round));
  const of = (kind: IdKind, index: number) => format(encrypt(keys, KINDS[kind], index));
  return {
    of,
    indexOf(kind, id) {
      const block = parse(id);
      if (!block) return undefined;
      const [tag, index] = decrypt(keys, block);
      return tag === KINDS[kind] && of(kind, index) === id ? index : undefined;
    },
  };
}

type Block = readonly [left: number, right: number];

// A balanced Feistel network over 64 bits: invertible whatever the round function is.
function encrypt(keys: readonly number[], tag: number, index: number): Block {
  let [left, right] = [tag, index];
  for (const key of keys) [left, right] = [right, (left ^ scramble(key, right)) >>> 0];
  return [left, right];
}

function decrypt(keys: readonly number[], block: Block): Block {
  let [left, right] = block;
  for (let round = keys.length - 1; round >= 0; round--) {
    [left, right] = [(right ^ scramble(keys[round] ?? 0, left)) >>> 0, left];
  }
  return [left, right];
}

/** The block goes to both ends of the UUID; its checksum fills the middle. */
function format([left, right]: Block): string {
  const check = scramble(left, right);
  const more = scramble(check, right);
  const version = hex4(0x4000 | (check & 0xfff));
  const variant = hex4(0x8000 | (more & 0x3fff));
  return `${hex4(left >>> 16)}${hex4(left)}-${hex4(check >>> 16)}-${version}-${variant}-${hex4(more >>> 16)}${hex4(right >>> 16)}${hex4(right)}`;
}

function parse(id: string): Block | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) return undefined;
  return [Number.parseInt(id.slice(0, 8), 16), Number.parseInt(id.slice(28), 16)];
}

/** A page of a thousand users needs sixteen thousand of these; the table takes a third of the time of `toString`. */
function hex4(value: number): string {
  return `${HEX[(value >>> 8) & 0xff]}${HEX[value & 0xff]}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
