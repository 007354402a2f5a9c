/** A slot that was never used, and one whose digest was deleted. No digest is negative. */
const FREE = -1;
const DELETED = -2;

/** A power of two. */
const FIRST_SLOTS = 64;

/**
 * A set of digests in one typed array, with open addressing: a third of what a `Set` takes in time, because a digest is
 * no small integer and would be an object of its own, and half of it in memory.
 */
export class DigestSet {
  size = 0;
  #slots = slots(FIRST_SLOTS);
  /** Slots that are not free. */
  #used = 0;

  has(digest: number): boolean {
    return this.#slots[this.#slotOf(digest)] === digest;
  }

  /** False if the digest was there. */
  add(digest: number): boolean {
    const slot = this.#slotOf(digest);
    if (this.#slots[slot] === digest) return false;
    this.#slots[slot] = digest;
    this.size++;
    // At most half full, or the ways to a free slot become long.
    if (++this.#used * 2 > this.#slots.length) this.#grow();
    return true;
  }

  delete(digest: number): void {
    const slot = this.#slotOf(digest);
    if (this.#slots[slot] !== digest) return;
    this.#slots[slot] = DELETED;
    this.size--;
  }

  clear(): void {
    this.#slots = slots(FIRST_SLOTS);
    this.#used = this.size = 0;
  }

  /** The slot of a digest, or the free one where it belongs. */
  #slotOf(digest: number): number {
    const all = this.#slots;
    const mask = all.length - 1;
    let slot = digest & mask;
    while (all[slot] !== digest && all[slot] !== FREE) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = slots(old.length * 2);
    for (const digest of old) if (digest >= 0) this.#slots[this.#slotOf(digest)] = digest;
    this.#used = this.size;
  }
}

function slots(count: number): Float64Array {
  return new Float64Array(count).fill(FREE);
}
