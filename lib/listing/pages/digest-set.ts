/** A first bucket as small as this is cheap for the many listings that are short. */
const FIRST_SLOTS = 64;
/** 4 KiB: an array that is much smaller costs as much as what it holds. */
const MAX_SLOTS = 512;

/** Beyond 65,536 buckets, and where digests are not spread evenly, a bucket grows instead. */
const MAX_DEPTH = 16;

/** A thousandth more than there are digests, so that the place of the highest one is not rounded to 1. */
const RANGE = 1.001 * 2 ** 53;

/** A slot without a digest; digests are stored plus 1, so that none is 0. */
const FREE = 0;

/**
 * A set of 53-bit digests that only grows, by extendible hashing: 13 bytes for each of a million, where a `Set` takes
 * 50, because a digest is no small integer. A full bucket is split and never replaced: V8 frees a dropped array outside
 * its heap only at a full collection, and a program with little other garbage has none for a long time.
 */
export class DigestSet {
  size = 0;
  /** As long as a power of two; a bucket that was split less often than others stands in it several times. */
  #buckets = [new Bucket(0, FIRST_SLOTS)];

  has(digest: number): boolean {
    return this.#bucketOf(digest).has(digest);
  }

  /** Adds a digest that is not there. */
  add(digest: number): void {
    let bucket = this.#bucketOf(digest);
    while (bucket.isFull) {
      if (!bucket.grow()) this.#split(bucket);
      bucket = this.#bucketOf(digest);
    }
    bucket.add(digest);
    this.size++;
  }

  #bucketOf(digest: number): Bucket {
    return this.#buckets[Math.floor(placeOf(digest) * this.#buckets.length)] as Bucket;
  }

  #split(bucket: Bucket): void {
    if (2 ** bucket.depth === this.#buckets.length)
      this.#buckets = this.#buckets.flatMap((one) => [one, one]);
    const upper = bucket.split();
    const buckets = this.#buckets;
    const first = buckets.indexOf(bucket);
    const count = buckets.length / 2 ** upper.depth;
    buckets.fill(upper, first + count, first + 2 * count);
  }
}

/**
 * Where a digest belongs, from 0 to 1. By this parabola, the first bucket is half as wide as the last: otherwise all
 * buckets would be full, and then half empty, at the same time. A logarithm took half of the time of a page.
 */
function placeOf(digest: number): number {
  const share = digest / RANGE;
  return (share * (4 - share)) / 3;
}

/** A copy of the bucket that is being split: one array for all, because a new one each time would be garbage. */
const SPLIT = new Float64Array(MAX_SLOTS);

/** A small hash table with open addressing. */
class Bucket {
  /** How often it was split: so many binary digits of the place are the same for all its digests. */
  depth: number;
  #size = 0;
  #slots: Float64Array<ArrayBuffer>;

  constructor(depth: number, slots: number) {
    this.depth = depth;
    this.#slots = new Float64Array(slots);
  }

  /** At seven eighths, because the probe sequences become long. */
  get isFull(): boolean {
    return this.#size * 8 >= this.#slots.length * 7;
  }

  has(digest: number): boolean {
    return this.#slots[this.#slotOf(digest + 1)] !== FREE;
  }

  add(digest: number): void {
    this.#slots[this.#slotOf(digest + 1)] = digest + 1;
    this.#size++;
  }

  /** Returns false for a bucket that is to be split instead. */
  grow(): boolean {
    const before = this.#slots;
    if (before.length === MAX_SLOTS && this.depth < MAX_DEPTH) return false;
    this.#slots = new Float64Array(before.length * 2);
    this.#size = 0;
    for (const one of before) if (one !== FREE) this.add(one - 1);
    return true;
  }

  /** Moves the upper half into a new bucket. */
  split(): Bucket {
    const upper = new Bucket(++this.depth, MAX_SLOTS);
    const buckets = 2 ** this.depth;
    SPLIT.set(this.#slots);
    this.#slots.fill(FREE);
    this.#size = 0;
    for (let i = 0; i < SPLIT.length; i++) {
      const one = SPLIT[i] as number;
      if (one === FREE) continue;
      const isUpper = Math.floor(placeOf(one - 1) * buckets) % 2 === 1;
      (isUpper ? upper : this).add(one - 1);
    }
    return upper;
  }

  /** The slot of a digest, or the free slot where it belongs. */
  #slotOf(one: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = one & mask;
    while (slots[slot] !== one && slots[slot] !== FREE) slot = (slot + 1) & mask;
    return slot;
  }
}
