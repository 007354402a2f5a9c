import type { Clock } from '../core/clock.js';
import type { Cursor } from '../core/cursor-shape.js';
import type { ListingSource, SourceRun } from './listing-source.js';
import type { HandedFailure } from './operators/failure-handover.js';
import { FusedStage } from './operators/fused-stage.js';
import type { Stage } from './operators/stage.js';
import type { Step } from './operators/step.js';
import { PageSource } from './pages/page-source.js';

/** The traversal that stages are started for. */
interface StageRun extends SourceRun {
  readonly from: Cursor | undefined;
  readonly failures: FailureHooks;
}

/** What an operator with its own stage is started with. */
export interface StageContext extends StageRun {
  readonly clock: Clock;
  /** The place of the operator in the chain, and its name. */
  readonly name: string;
  /** The first stage. */
  readonly pages: PageSource<unknown>;
}

/** How an operator that tolerates failures is connected to its traversal. */
export interface FailureHooks {
  /** Takes each failed item once it is handed over; undefined if only `onFailed` does. */
  readonly handOver?: ((failure: HandedFailure) => void) | undefined;
  /** Keeps a check that is made when there are no more items. */
  readonly atEnd: (check: () => void) => void;
}

/** A stage of a plan: a run of fused operators, or an operator with its own stage. */
export type PlannedStage =
  | { readonly kind: 'fused'; readonly steps: readonly Step[] }
  | {
      /** Whether its values still belong to a page. */
      readonly kind: 'sync' | 'async';
      /** Undefined for one that cursors do not know about. */
      readonly name: string | undefined;
      /** Set if it tolerates failures: whether they have somewhere to go without a drain. */
      readonly tolerates?: { readonly hasCallback: boolean };
      readonly start: (upstream: Stage<never>, context: StageContext) => Stage<unknown>;
    };

/** What a listing is: where it reads from, and its operators. All traversals share it and never change it. */
export interface Plan {
  readonly source: ListingSource<unknown>;
  readonly stages: readonly PlannedStage[];
  /** Pages to fetch ahead. */
  readonly prefetch: number;
}

/** A plan with one more operator, fused with those right before it. */
export function withStep(plan: Plan, step: Step): Plan {
  const last = plan.stages.at(-1);
  if (last?.kind !== 'fused') return withStage(plan, { kind: 'fused', steps: [step] });
  return { ...plan, stages: [...plan.stages.slice(0, -1), { kind: 'fused', steps: [...last.steps, step] }] };
}

export function withStage(plan: Plan, stage: PlannedStage): Plan {
  return { ...plan, stages: [...plan.stages, stage] };
}

/** A plan whose limits count over all runs of a job: one that an earlier run reached still stands. */
export function ofJob(plan: Plan): Plan {
  const stages = plan.stages.map((stage) =>
    stage.kind === 'fused' ? { ...stage, steps: stage.steps.map((step) => step.ofJob ?? step) } : stage,
  );
  return { ...plan, stages };
}

/** The names of the operators that a cursor depends on, in order. */
export function chainOf({ stages }: Plan): readonly string[] {
  return stages.flatMap((stage) =>
    stage.kind === 'fused' ? stage.steps.filter(isInChain).map(({ name }) => name) : (stage.name ?? []),
  );
}

/** Whether some operator tolerates failures; `withoutCallback`: one without its own place for them. */
export function tolerates({ stages }: Plan, { withoutCallback = false } = {}): boolean {
  return stages.some(
    (stage) => stage.kind !== 'fused' && stage.tolerates && !(withoutCallback && stage.tolerates.hasCallback),
  );
}

/** The stages of one traversal: the first, which reads the pages, and the last, from which the consumer takes values. */
export function startStages({ source, stages, prefetch }: Plan, run: StageRun) {
  const { from, scope } = run;
  const { clock } = source;
  const pages = new PageSource<unknown>(source, { ...run, prefetch });
  let stage: Stage<unknown> = pages;
  let place = 0;
  for (const planned of stages) {
    if (planned.kind === 'fused') {
      const { steps } = planned;
      const buffer = stage === pages ? pages.buffer : undefined;
      const names = steps.map((step) => `${isInChain(step) ? place++ : ''}.${step.name}`);
      stage = new FusedStage(stage, { steps, names, from, buffer, scope });
    } else {
      const name = `${place++}.${planned.name}`;
      stage = planned.start(stage as Stage<never>, { ...run, clock, name, pages });
    }
  }
  return { pages, stage };
}

function isInChain({ isTransparent }: Step): boolean {
  return !isTransparent;
}
