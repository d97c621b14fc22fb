import { randomUUID } from 'node:crypto';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { attributeNames } from './attributes.ts';
import { RateSampler } from './rate-sampler.ts';
import { RecordingTracer } from './tracer.ts';
import type { Tracing, TracingSettings } from './tracing-settings.ts';

/** Bounds of the export: what exceeds them is dropped, never waited for. */
const limits = {
  /** Some ten seconds of a busy mall; then new spans are dropped. */
  queueSpans: 8_192,
  batchSpans: 512,
  /** Spans are handed over at least this often: what a person has just done can be looked at. */
  everyMs: 500,
  /** One batch, with its retries; also what a stop waits for at most. */
  exportDeadlineMs: 1_000,
  /** Batches under way at once. */
  concurrentBatches: 2,
  /** An exporter that is away is told of this often. */
  complainEveryMs: 60_000,
} as const;

/** Records traces with the SDK. Loaded only when tracing is on. */
export function recordTraces(settings: TracingSettings, logger: Logger): Tracing {
  complainSeldom(logger);
  const processor = new BatchSpanProcessor({
    exporter: exporterOf(settings),
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

/** Spans that could not be handed over are lost; the log says so now and then, and the mall goes on. */
function complainSeldom(logger: Logger): void {
  let nextAt = 0;
  setGlobalErrorHandler((error) => {
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + limits.complainEveryMs;
    logger.warn({ err: error }, 'spans could not be exported and are lost; the mall itself goes on');
  });
}
