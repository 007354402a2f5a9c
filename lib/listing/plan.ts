import type { Clock } from '../core/clock.js';
import type { Cursor } from '../core/cursor.js';
import type { RequestStats } from '../core/request-stats.js';
import type { ListingSource } from './listing-source.js';
import type { Flow } from './operators/flow.js';
import { PagesFlow } from './operators/pages-flow.js';
import type { Step } from './operators/step.js';
import { StepsFlow } from './operators/steps-flow.js';
import { PageFlow } from './pages/page-flow.js';

/** A stage of a plan: a run of fused steps, whole pages, or a flow of its own. */
export type Stage =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'pages' }
  | { readonly kind: 'flow'; readonly create: (upstream: Flow<never>, clock: Clock) => Flow<unknown> };

/** What a listing is: where it reads from and what it does on the way. Shared by all its traversals, never changed. */
export interface Plan {
  readonly source: ListingSource<unknown>;
  readonly stages: readonly Stage[];
  /** Pages to fetch ahead. */
  readonly prefetch: number;
}

/** A plan with one more step, fused with the steps before it. */
export function withStep(plan: Plan, step: Step): Plan {
  const last = plan.stages.at(-1);
  if (last?.kind !== 'steps') return withStage(plan, { kind: 'steps', steps: [step] });
  return { ...plan, stages: [...plan.stages.slice(0, -1), { kind: 'steps', steps: [...last.steps, step] }] };
}

export function withStage(plan: Plan, stage: Stage): Plan {
  return { ...plan, stages: [...plan.stages, stage] };
}

/** Whether a traversal goes on with requests or calls while its consumer has an item in hand. */
export function worksAhead({ stages, prefetch }: Plan): boolean {
  return prefetch > 0 || stages.some(({ kind }) => kind === 'flow');
}

interface RunOptions {
  readonly from: Cursor | undefined;
  readonly stats: RequestStats;
  readonly signals: readonly AbortSignal[];
}

/** The flows of one traversal: the pages it starts from, and the last stage, which the consumer draws on. */
export function startFlow({ source, stages, prefetch }: Plan, { from, stats, signals }: RunOptions) {
  const pages = new PageFlow<unknown>(source, { prefetch, from, stats });
  let flow: Flow<unknown> = pages;
  let position = 0;
  for (const stage of stages) {
    if (stage.kind === 'steps') {
      const window = flow === pages ? pages.window : undefined;
      flow = new StepsFlow(flow, { steps: stage.steps, position, from, window, signals });
      position += stage.steps.length;
    } else if (stage.kind === 'pages') {
      flow = new PagesFlow(flow, pages);
    } else {
      flow = stage.create(flow as Flow<never>, source.clock);
    }
  }
  return { pages, flow };
}
