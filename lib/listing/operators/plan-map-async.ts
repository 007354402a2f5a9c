import type { PlannedStage, StageContext } from '../plan.js';
import { FailureHandover } from './failure-handover.js';
import { type AsyncMapper, MapAsyncStage } from './map-async-stage.js';
import { Tolerance, type Tolerate } from './tolerance.js';

interface PlanMapAsyncOptions<T, R> {
  /** The name of the function that plans it, if that is not `mapAsync` itself. */
  readonly name?: string;
  /** The mapper of one traversal. */
  readonly mapperOf: (context: StageContext) => AsyncMapper<T, R>;
  readonly concurrency: number;
  readonly ordered: boolean;
  readonly tolerate: Tolerate<T> | undefined;
  /** Whether an error is about its item, and not about all of them. Default: all are. */
  readonly isTolerable?: (error: unknown) => boolean;
  /** The error of the traversal for one of the mapper. Default: ERR_CALLBACK_FAILED with it as the cause. */
  readonly errorOf?: (error: unknown) => unknown;
}

/** An operator that works on several items at once, and may let some of them fail. */
export function planMapAsync<T, R>(options: PlanMapAsyncOptions<T, R>): PlannedStage {
  const { name: own, mapperOf, tolerate, isTolerable = () => true, ...settings } = options;
  return {
    kind: 'async',
    name: own === undefined ? 'mapAsync' : `mapAsync:${own}`,
    ...(tolerate && { tolerates: { hasCallback: tolerate.onFailed !== undefined } }),
    start: (upstream, context) => {
      const { scope, trace, name, from } = context;
      const { handOver: drain, atEnd } = context.failures;
      const stage = { ...settings, scope, trace, mapper: mapperOf(context) };
      if (!tolerate) return new MapAsyncStage<T, R>(upstream, stage);
      const tolerance = new Tolerance({ limits: tolerate, name, from });
      atEnd(() => tolerance.assertAtEnd());
      const { onFailed } = tolerate;
      const failures = new FailureHandover<T>({ tolerance, onFailed, isTolerable, drain });
      return new MapAsyncStage<T, R>(upstream, { ...stage, failures });
    },
  };
}
