import { createTraceState, type SpanContext, TraceFlags } from '@opentelemetry/api';

/** A place in a trace, as W3C's headers carry it between processes and in messages (www.w3.org/TR/trace-context). */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

const traceparentShape = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-[ -~]*)?$/;
/** More is cut by nobody and kept by nobody: W3C asks for at least 512 characters. */
const MAX_TRACESTATE_CHARS = 512;

/**
 * The headers among others, such as those of a request or a message; undefined when there are none that could be
 * passed on: other text than the standard's would be refused as a header of the next call, and that call with it.
 */
export function traceHeaders(headers: {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}): TraceHeaders | undefined {
  const { traceparent, tracestate } = headers;
  if (traceparent === undefined || !traceparentShape.test(traceparent)) return undefined;
  const keepsState =
    tracestate !== undefined && tracestate.length <= MAX_TRACESTATE_CHARS && /^[ -~]*$/.test(tracestate);
  return keepsState ? { traceparent, tracestate } : { traceparent };
}

/** Where the headers lead; undefined when they lead nowhere. */
export function spanContextOf(headers: TraceHeaders): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparentShape.exec(headers.traceparent) ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  const { tracestate } = headers;
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
}

/** The headers that lead to a span. */
export function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceHeaders {
  const traceparent = `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
  const tracestate = traceState?.serialize();
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

export function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}
