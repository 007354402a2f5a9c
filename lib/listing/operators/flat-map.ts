import type { PlannedStage } from '../plan.js';
import { FlatMapStage } from './flat-map-stage.js';

export function flatMap<T, R>(mapper: (value: T, index: number) => Iterable<R>): PlannedStage {
  return {
    kind: 'sync',
    name: 'flatMap',
    start: (upstream, context) => new FlatMapStage<T, R>(upstream, { ...context, mapper }),
  };
}
