/**
 * How close to the mirrored bucket the next request goes, over the time from one refusal to the next. It begins with a
 * cushion: more tokens than the one that is needed. The cushion melts, slowly at first, until requests go a little
 * before the mirror has their token: a probe. What comes of it is news either way. Unanswered by a refusal, they go
 * earlier and earlier. A model that foretells its refusals makes the cycles long, one that is surprised makes them
 * short and the cushion thick.
 */
export class ProbeCycle {
  readonly #priorPerSecond: number;
  readonly #random: () => number;
  #beganAt = 0;
  #plannedMs: number;
  #lengthMs: number;
  /** By how many tokens the mirror proved wrong, lately; at most 1. */
  #surprise = 0;
  #hold = 0;
  #refusalsInRow = 0;

  constructor(priorPerSecond: number, random: () => number) {
    this.#priorPerSecond = priorPerSecond;
    this.#random = random;
    this.#plannedMs = (1000 * SHORT_CYCLE) / priorPerSecond;
    this.#lengthMs = this.#plannedMs;
  }

  /** Tokens the mirror must hold at the beginning. */
  get top(): number {
    return 1 + CUSHION + CUSHION_PER_SURPRISE * this.#surprise + this.#hold;
  }

  /** How far a refused request may be off the mirror's word for it. */
  get spread(): number {
    return Math.min(0.5, SPREAD + this.#surprise);
  }

  /** Tokens the mirror must hold now. */
  threshold(now: number): number {
    const progress = Math.max(0, now - this.#beganAt) / this.#lengthMs;
    const depth = this.top - 1 + PROBE + PROBE_PER_SURPRISE * this.#surprise;
    return Math.max(this.top - depth * progress ** 2, 1 - DEEPEST_PROBE);
  }

  begin(at: number): void {
    this.#beganAt = at;
  }

  /** A request went through. */
  passed(): void {
    this.#refusalsInRow = 0;
    this.#hold = 0;
  }

  /** A request was refused; `at` is when the next may go. Out of step with others: the length is drawn anew. */
  refused(at: number): void {
    if (this.#refusalsInRow++ > 0)
      this.#hold = Math.min(LONGEST_HOLD, Math.max(SHORTEST_HOLD, 2 * this.#hold));
    this.#beganAt = at;
    this.#lengthMs = this.#plannedMs * (1 + JITTER * (2 * this.#random() - 1));
  }

  /** The mirror was off by so many tokens, 0 where it was right. */
  note(tokens: number): void {
    this.#surprise += SURPRISE_WEIGHT * (Math.min(1, tokens) - this.#surprise);
  }

  plan(cycle: 'short' | 'longer' | 'longest', ratePerSecond: number): void {
    const longest = this.#longestMs(ratePerSecond);
    if (cycle === 'short') this.#plannedMs = Math.min(longest, (1000 * SHORT_CYCLE) / ratePerSecond);
    else this.#plannedMs = cycle === 'longest' ? longest : Math.min(longest, this.#plannedMs * GROWTH);
  }

  /** The bigger the surprise, the shorter the next cycle, in bounds. */
  shorten(surprise: number, ratePerSecond: number): void {
    const shortest = (1000 * SHORTEST_SURPRISED) / Math.max(ratePerSecond, this.#priorPerSecond);
    this.#plannedMs = Math.max(shortest, this.#plannedMs * (1 - Math.min(1, surprise)));
  }

  #longestMs(ratePerSecond: number): number {
    const isBelowPrior = ratePerSecond < 0.9 * this.#priorPerSecond;
    return (1000 * (isBelowPrior ? LONGEST_BELOW_PRIOR : LONGEST)) / ratePerSecond;
  }
}

// Found by simulation: rates from 0.4 to 20 a second, bursts from 2 to 25, latencies from 1 to 300 ms, alone and beside
// others. A quarter more or less of one of them changes little when alone; beside others it trades refusals for speed.

// Tokens.
const CUSHION = 0.45;
const CUSHION_PER_SURPRISE = 2;
const PROBE = 0.25;
const PROBE_PER_SURPRISE = 0.6;
const DEEPEST_PROBE = 0.7;
const SPREAD = 0.2;
const SHORTEST_HOLD = 0.5;
const LONGEST_HOLD = 2;
// Requests at the present rate; those of SHORTEST_SURPRISED at the prior's, if that is higher, so that who has less of a
// shared quota is as quick to ask for more as the others.
const SHORT_CYCLE = 9;
const SHORTEST_SURPRISED = 33;
const LONGEST = 50;
// Below what was expected there is more to be found: somebody may have left, or a quota been restored.
const LONGEST_BELOW_PRIOR = 36;
// Ratios.
const GROWTH = 1.4;
const JITTER = 0.15;
const SURPRISE_WEIGHT = 0.45;
