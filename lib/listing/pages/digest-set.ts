/** A slot that was never used, and one whose digest was deleted; digests are stored plus 1, so that none is 0. */
const FREE = 0;
const DELETED = -1;

/** A power of two. */
const FIRST_SLOTS = 64;

/**
 * A set of digests in one typed array, with open addressing: a third of the time and half of the memory of a `Set`,
 * in which each digest would be a heap number, because it is not a small integer.
 */
export class DigestSet {
  size = 0;
  #slots = new Float64Array(FIRST_SLOTS);
  /** Slots that are not free. */
  #used = 0;

  has(digest: number): boolean {
    const one = digest + 1;
    return this.#slots[this.#slotOf(one)] === one;
  }

  /** Returns false if the digest was there already. */
  add(digest: number): boolean {
    const one = digest + 1;
    const slot = this.#slotOf(one);
    if (this.#slots[slot] === one) return false;
    this.#slots[slot] = one;
    this.size++;
    // At most half full, or the probe sequences become long.
    if (++this.#used * 2 > this.#slots.length) this.#grow();
    return true;
  }

  delete(digest: number): void {
    const one = digest + 1;
    const slot = this.#slotOf(one);
    if (this.#slots[slot] !== one) return;
    this.#slots[slot] = DELETED;
    this.size--;
  }

  clear(): void {
    this.#slots = new Float64Array(FIRST_SLOTS);
    this.#used = this.size = 0;
  }

  /** The slot of a digest, or the free slot where it belongs. */
  #slotOf(one: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = one & mask;
    while (slots[slot] !== one && slots[slot] !== FREE) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const one of old) if (one > 0) this.#slots[this.#slotOf(one)] = one;
    this.#used = this.size;
  }
}
