import type { Fault, FaultRule } from './fault.js';
import { createRandom } from './scramble.js';

/** The facts about a request that decide which faults apply to it. */
export interface FaultTarget {
  readonly operation: string;
  readonly isPaged: boolean;
  /** The tokens sent in this listing so far, ending with this request's; empty on a first page. */
  readonly sentTokens: readonly string[];
}

export interface FaultPlan {
  /** Adds a rule that takes precedence over the planned ones. */
  inject(rule: FaultRule): void;
  /** The fault that hits this request, if any. Every rule that applies counts the request, even if another one hits it. */
  next(target: FaultTarget): Fault | undefined;
}

/** The first rule that applies wins. Probabilities are drawn from the seed, so equal runs have equal faults. */
export function createFaultPlan(rules: readonly FaultRule[], seed: number): FaultPlan {
  const random = createRandom(seed ^ 0xfa17);
  const start = (rule: FaultRule) => ({ rule, seen: 0, hits: 0 });
  const planned = rules.map(start);
  const injected: typeof planned = [];
  return {
    inject(rule) {
      injected.push(start(rule));
    },
    next(target) {
      const candidates = [...injected, ...planned].filter(({ rule }) => appliesTo(rule, target));
      for (const candidate of candidates) candidate.seen++;
      const chosen = candidates.find(({ rule, seen, hits }) => {
        const { probability, afterRequests = 0 } = rule;
        const isUnlimited = probability !== undefined || rule.kind === 'access-denied';
        const { times = isUnlimited ? Number.POSITIVE_INFINITY : 1 } = rule;
        return seen > afterRequests && hits < times && (probability === undefined || random() < probability);
      });
      if (chosen) chosen.hits++;
      return chosen?.rule;
    },
  };
}

function appliesTo(rule: FaultRule, { operation, isPaged, sentTokens }: FaultTarget): boolean {
  if (rule.operation !== undefined && rule.operation !== operation) return false;
  switch (rule.kind) {
    case 'empty-page':
    case 'missing-list':
      return isPaged;
    case 'expired-token':
      return sentTokens.length > 0;
    case 'repeated-token':
      return sentTokens.length >= (rule.distance ?? 1);
    default:
      return true;
  }
}
