/** Calls of `next()` that overlap: they are answered one after the other, in the order they came. */
export class CallQueue {
  /** How many have no answer yet. */
  pending = 0;
  /** The answer to the last of them. */
  last: Promise<unknown> = Promise.resolve();

  /** Makes a call once the one before it is answered. */
  enqueue<R>(call: () => Promise<R>): Promise<R> {
    const turn = () => {
      this.pending--;
      return call();
    };
    this.pending++;
    const answer = this.last.then(turn, turn);
    this.last = answer;
    return answer;
  }

  /** Makes the calls that come from now on wait for this answer, unless they already wait for a later one. */
  waitFor(answer: Promise<unknown>): void {
    if (this.pending === 1) this.last = answer;
  }
}
