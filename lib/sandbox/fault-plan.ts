import type { Fault, FaultRule } from './fault.js';
import { createRandom } from './scramble.js';

/** What a fault must know of a request to see whether it can strike it. */
export interface FaultTarget {
  readonly operation: string;
  readonly isPaged: boolean;
  /** The tokens of this walk so far, that of this request the last; empty on a first page. */
  readonly trail: readonly string[];
}

export interface FaultPlan {
  /** Adds a rule that goes before those of the plan. */
  inject(rule: FaultRule): void;
  /** The fault that strikes this request, if any. Every request counts, whichever rule strikes it. */
  next(target: FaultTarget): Fault | undefined;
}

/** The first rule that applies strikes. Probabilities are drawn from the seed: equal runs have equal faults. */
export function createFaultPlan(rules: readonly FaultRule[], seed: number): FaultPlan {
  const random = createRandom(seed ^ 0xfa17);
  const start = (rule: FaultRule) => ({ rule, seen: 0, struck: 0 });
  const planned = rules.map(start);
  const injected: typeof planned = [];
  return {
    inject(rule) {
      injected.push(start(rule));
    },
    next(target) {
      const candidates = [...injected, ...planned].filter(({ rule }) => canStrike(rule, target));
      for (const candidate of candidates) candidate.seen++;
      const chosen = candidates.find(({ rule, seen, struck }) => {
        const { probability, afterRequests = 0 } = rule;
        const { times = probability === undefined ? 1 : Number.POSITIVE_INFINITY } = rule;
        return (
          seen > afterRequests && struck < times && (probability === undefined || random() < probability)
        );
      });
      if (chosen) chosen.struck++;
      return chosen?.rule;
    },
  };
}

function canStrike(rule: FaultRule, { operation, isPaged, trail }: FaultTarget): boolean {
  if (rule.operation !== undefined && rule.operation !== operation) return false;
  switch (rule.kind) {
    case 'empty-page':
    case 'missing-list':
      return isPaged;
    case 'expired-token':
      return trail.length > 0;
    case 'repeated-token':
      return trail.length >= (rule.distance ?? 1);
    default:
      return true;
  }
}
