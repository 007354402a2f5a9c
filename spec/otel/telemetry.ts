import { type Attributes, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { onTestFinished } from 'vitest';
import { instrument } from '../../lib/otel/index.js';

interface Point {
  readonly attributes: Attributes;
  readonly value: unknown;
}

export interface Telemetry {
  readonly tracerProvider: BasicTracerProvider;
  /** Every span that has ended, in that order. */
  spans(): ReadableSpan[];
  /** Those whose name begins with this. */
  named(kind: string): ReadableSpan[];
  /** Each span as its name below that of its parent: `page ListPeople in traversal ListPeople`. */
  tree(): string[];
  points(metric: string): Promise<Point[]>;
  disable(): void;
}

/** Reports to the SDK's exporters in memory until the test is finished. */
export function telemetry({ contextManager = true } = {}): Telemetry {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  if (contextManager) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const disable = instrument({ tracerProvider, meterProvider });
  onTestFinished(async () => {
    disable();
    context.disable();
    await meterProvider.shutdown();
  });
  const spans = () => exporter.getFinishedSpans();
  const nameOf = (id: string | undefined) => spans().find((span) => span.spanContext().spanId === id)?.name;
  return {
    tracerProvider,
    spans,
    named: (kind) => spans().filter(({ name }) => name.startsWith(kind)),
    tree: () =>
      spans().map(({ name, parentSpanContext }) => `${name} in ${nameOf(parentSpanContext?.spanId)}`),
    async points(metric) {
      await reader.forceFlush();
      const all =
        metrics
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return all.find(({ descriptor }) => descriptor.name === metric)?.dataPoints ?? [];
    },
    disable,
  };
}

export const parentOf = ({ parentSpanContext }: ReadableSpan) => parentSpanContext?.spanId;
export const idOf = (span: ReadableSpan) => span.spanContext().spanId;

/** Runs work in a span of the caller's own. */
export async function inSpan<R>(
  { tracerProvider }: Telemetry,
  name: string,
  work: () => Promise<R>,
): Promise<R> {
  const span = tracerProvider.getTracer('caller').startSpan(name);
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } finally {
    span.end();
  }
}
