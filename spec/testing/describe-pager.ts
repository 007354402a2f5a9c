import { describe, it } from 'vitest';
import { type ConformanceCheck, checksFor, type Pager } from '../../lib/testing/index.js';

/** A spec for each check of the kit that a pager supports and `isWanted` chooses. */
export function describePager(pager: Pager, isWanted: (check: ConformanceCheck) => boolean): void {
  describe(`pageturn: ${pager.name}`, () => {
    for (const check of checksFor(pager).filter(isWanted)) {
      it(`${pager.name} passes the check "${check.name}"`, () => check.run(pager, LIMITS));
    }
  });
}

/** Longer than a busy machine stops a process. */
const LIMITS = { hangTimeoutMs: 100_000, promptTimeoutMs: 50_000 };

/** The one check that takes a second for each pager. */
export const isLong = ({ name }: ConformanceCheck): boolean => name === '12,000 pages';
