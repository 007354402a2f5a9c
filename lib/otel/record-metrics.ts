import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { Meter } from '@opentelemetry/api';
import type { PageturnEvents } from '../core/events.js';
import type { WaitTrace } from '../core/tracing.js';
import { errorType, operationAttributes } from './attributes.js';
import { SHORTEST_WAIT_MS } from './shortest-wait.js';

/** Counts what pageturn publishes with the instruments of a meter. Returns what ends it. */
export function recordMetrics(meter: Meter): () => void {
  const pages = meter.createCounter('pageturn.pages', { unit: '{page}', description: 'Pages received.' });
  const items = meter.createCounter('pageturn.items', {
    unit: '{item}',
    description: 'Items received in pages.',
  });
  const throttles = meter.createCounter('pageturn.throttles', {
    unit: '{throttle}',
    description: 'Requests that the service throttled.',
  });
  const attempts = meter.createHistogram('pageturn.attempt.duration', {
    unit: 's',
    description: 'Time from a request to its answer.',
    advice: { explicitBucketBoundaries: ANSWER_SECONDS },
  });
  const waits = meter.createHistogram('pageturn.wait.duration', {
    unit: 's',
    description: 'Time that a request waited for the quota, or for a retry.',
    advice: { explicitBucketBoundaries: WAIT_SECONDS },
  });
  const ends = [
    on('pageturn:page', (page) => {
      const attributes = operationAttributes(page.operation);
      pages.add(1, attributes);
      items.add(page.items, attributes);
    }),
    on('pageturn:throttle', ({ operation }) => throttles.add(1, operationAttributes(operation))),
    on('pageturn:attempt', ({ operation, durationMs, outcome, error }) =>
      attempts.record(durationMs / 1000, {
        ...operationAttributes(operation),
        'pageturn.attempt.outcome': outcome,
        ...(outcome !== 'ok' && { 'error.type': errorType(error) }),
      }),
    ),
    onWait(({ operation, waitingFor, waitedMs = 0 }) => {
      if (waitedMs < SHORTEST_WAIT_MS) return;
      waits.record(waitedMs / 1000, {
        ...operationAttributes(operation),
        'pageturn.wait.reason': waitingFor,
      });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** The boundaries that the conventions advise for durations of HTTP requests. */
const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** A wait lasts from a moment to the 15 minutes after which throttled requests are given up. */
const WAIT_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

function on<K extends keyof PageturnEvents>(name: K, record: (event: PageturnEvents[K]) => void): () => void {
  const listener = (event: unknown) => record(event as PageturnEvents[K]);
  subscribe(name, listener);
  return () => unsubscribe(name, listener);
}

function onWait(record: (wait: WaitTrace) => void): () => void {
  const { asyncEnd } = tracingChannel<unknown, WaitTrace>('pageturn:wait');
  const listener = (wait: unknown) => record(wait as WaitTrace);
  asyncEnd.subscribe(listener);
  return () => {
    asyncEnd.unsubscribe(listener);
  };
}
