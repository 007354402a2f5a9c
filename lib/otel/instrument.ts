import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { recordMetrics } from './record-metrics.js';
import { traceSpans } from './trace-spans.js';

/** Options of `instrument`. */
export interface InstrumentOptions {
  /** Where spans go. Default: the provider that is registered globally. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where metrics go. Default: the provider that is registered globally when this is called. */
  readonly meterProvider?: MeterProvider | undefined;
}

/**
 * Reports every traversal of this process to OpenTelemetry: a span for it, with spans for its pages, attempts and waits
 * inside, and metrics. A traversal is a child of the span that is active when it begins, and an attempt's span is active
 * while its request is sent. Returns a function that ends the reporting, and the spans that are open.
 *
 * @example
 * const disable = instrument({ tracerProvider, meterProvider });
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  assertKnownOptions('options of instrument', options, ['tracerProvider', 'meterProvider']);
  const { tracerProvider = trace.getTracerProvider(), meterProvider = metrics.getMeterProvider() } = options;
  if (typeof tracerProvider?.getTracer !== 'function') {
    throw invalidArgument('tracerProvider', 'a TracerProvider', tracerProvider);
  }
  if (typeof meterProvider?.getMeter !== 'function') {
    throw invalidArgument('meterProvider', 'a MeterProvider', meterProvider);
  }
  const endSpans = traceSpans(tracerProvider.getTracer(SCOPE));
  const endMetrics = recordMetrics(meterProvider.getMeter(SCOPE));
  return () => {
    endSpans();
    endMetrics();
  };
}

/** The instrumentation scope. */
const SCOPE = 'pageturn';
