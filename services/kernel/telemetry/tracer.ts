import {
  type Attributes,
  ROOT_CONTEXT,
  type Tracer as SdkTracer,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { attributeNames } from './attributes.ts';
import { headersOf, isSampled, spanContextOf, type TraceHeaders } from './trace-headers.ts';

export interface SpanShape {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** Makes the spans of one service. What is not recorded costs no more than asking. */
export interface Tracer {
  /** Begins a span after `parent`, or a trace of its own; undefined when tracing is off or left `parent` out. */
  start(parent: TraceHeaders | Span | undefined, shape: () => SpanShape): Span | undefined;
}

/** Tracing is off. */
export const untraced: Tracer = { start: () => undefined };

/** Records with the SDK. What follows from a trace that is not sampled makes no spans at all. */
export class RecordingTracer implements Tracer {
  readonly #tracer: SdkTracer;

  constructor(tracer: SdkTracer) {
    this.#tracer = tracer;
  }

  start(parent: TraceHeaders | Span | undefined, shape: () => SpanShape): Span | undefined {
    const before = parent && ('traceparent' in parent ? spanContextOf(parent) : parent.spanContext());
    if (before && !isSampled(before)) return undefined;
    const context = before ? trace.setSpanContext(ROOT_CONTEXT, before) : ROOT_CONTEXT;
    const { name, ...options } = shape();
    return this.#tracer.startSpan(name, options, context);
  }
}

/** What leads to a span, or to what it would have followed. */
export function headersAfter(span: Span | undefined, parent: TraceHeaders | undefined) {
  return span ? headersOf(span.spanContext()) : parent;
}

/** Marks a span as failed and says why; its type is the error's name unless the protocol has a name for it. */
export function failSpan(span: Span | undefined, error: unknown, type?: string): void {
  if (!span?.isRecording()) return;
  const told = error instanceof Error ? error : new Error(String(error));
  span.recordException({ name: told.name, message: told.message });
  span.setAttribute(attributeNames.errorType, type ?? told.name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: told.message });
}
