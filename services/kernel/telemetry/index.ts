/** What can be seen of a running process: its traces, its metrics, its log. */
export { attributeNames, ownAttributeNames } from './attributes.ts';
export { scopedLogger } from './log-fields.ts';
export { mergedMetrics } from './merged-metrics.ts';
export { MessagingMetrics } from './messaging-metrics.ts';
export { Metrics } from './metrics.ts';
export { describeWork, idAttributes, inScope, type KnownIds, learnIds, startWithin } from './scope.ts';
export { type TraceHeaders, traceHeaders } from './trace-headers.ts';
export { failSpan, headersAfter, type SpanShape, type Tracer, untraced } from './tracer.ts';
export { startTracing } from './tracing.ts';
export type { Sampling, Tracing, TracingSettings } from './tracing-settings.ts';
