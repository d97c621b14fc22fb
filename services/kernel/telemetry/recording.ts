import { randomUUID } from 'node:crypto';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { attributeNames } from './attributes.ts';
import type { Metrics } from './metrics.ts';
import { RateSampler } from './rate-sampler.ts';
import { RecordingTracer } from './tracer.ts';
import type { Tracing, TracingSettings } from './tracing-settings.ts';
import { WatchedExporter } from './watched-exporter.ts';

/** Bounds of the export: what exceeds them is dropped, never waited for. */
const limits = {
  /** Some ten seconds of a busy mall; then new spans are dropped. */
  queueSpans: 8_192,
  batchSpans: 512,
  /** Spans are handed over at least this often: what a person has just done can be looked at. */
  everyMs: 500,
  /** One batch, with its retries; also what a stop waits for at most. */
  exportDeadlineMs: 1_000,
  /** Batches under way at once: a stop hands over the whole queue. */
  concurrentBatches: 17,
} as const;

/** Records traces with the SDK. Loaded only when tracing is on. */
export function recordTraces(settings: TracingSettings, logger: Logger, metrics: Metrics): Tracing {
  setGlobalErrorHandler((error) => logger.debug({ err: error }, 'a part of tracing has failed'));
  const { recorded, exported } = spanMetrics(metrics);
  const processor = new CountedSpanProcessor(recorded, {
    exporter: new WatchedExporter(exporterOf(settings), logger, exported),
    maxQueueSize: limits.queueSpans,
    maxExportBatchSize: limits.batchSpans,
    scheduledDelayMillis: limits.everyMs,
    exportTimeoutMillis: limits.exportDeadlineMs,
  });
  const root = samplerOf(settings);
  const instance = randomUUID();
  // A provider for each service, since the service's name belongs to the resource; all share one queue.
  const tracer = (service: string, sampler: Sampler) => {
    const resource = detectResources({ detectors: [envDetector] }).merge(
      resourceFromAttributes({
        [attributeNames.serviceName]: service,
        [attributeNames.serviceNamespace]: settings.namespace,
        [attributeNames.serviceInstanceId]: instance,
      }),
    );
    const provider = new TracerProvider({ resource, sampler, spanProcessors: [processor] });
    return new RecordingTracer(provider.getTracer('mall'));
  };
  return {
    of: (service) => tracer(service, new ParentBasedSampler({ root })),
    door: (service) => tracer(service, new ParentBasedSampler({ root, remoteParentSampled: root })),
    stop: () => processor.shutdown(),
  };
}

function exporterOf(settings: TracingSettings): SpanExporter {
  if ('exporter' in settings.export) return settings.export.exporter;
  return new OTLPTraceExporter({
    url: `${settings.export.endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: limits.exportDeadlineMs,
    concurrencyLimit: limits.concurrentBatches,
  });
}

function samplerOf({ sampling }: TracingSettings): Sampler {
  if ('share' in sampling) return new TraceIdRatioBasedSampler(sampling.share);
  return new RateSampler(sampling.perSecond);
}

/** What was recorded and not exported is lost, or waits for less than a second. */
function spanMetrics(metrics: Metrics) {
  const recorded = metrics.counter('mall_spans_recorded_count', 'Spans of recorded traces');
  const exported = metrics.counter('mall_spans_exported_count', 'Spans that were handed over to be kept');
  return { recorded: () => recorded.inc(), exported: (spans: number) => exported.inc(spans) };
}

class CountedSpanProcessor extends BatchSpanProcessor {
  readonly #ended: () => void;

  constructor(ended: () => void, options: ConstructorParameters<typeof BatchSpanProcessor>[0]) {
    super(options);
    this.#ended = ended;
  }

  override onEnd(span: ReadableSpan): void {
    this.#ended();
    super.onEnd(span);
  }
}
