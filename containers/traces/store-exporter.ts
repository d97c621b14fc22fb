import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import {
  keptAttributes,
  keptText,
  NAMELESS_SERVICE,
  type SpanScope,
  type StoredSpan,
  spanKindNames,
  spanLimits,
  spanStatuses,
} from './span.ts';
import type { SpanStore } from './span-store.ts';

/** Hands the spans of this process to its own store, without the way over OTLP. */
export function storeExporter(store: SpanStore): SpanExporter {
  return {
    export(spans, done) {
      store.add(spans.map(storedSpan));
      // Success, in the SDK's numbers; its module is not worth loading for one.
      done({ code: 0 });
    },
    shutdown: async () => undefined,
  };
}

function storedSpan(span: ReadableSpan): StoredSpan {
  const { traceId, spanId, traceState } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? '',
    ...originOf(span),
    name: keptText(span.name),
    kind: spanKindNames[span.kind + 1] ?? 'unspecified',
    startUs: Math.floor(microseconds(span.startTime)),
    durationUs: Math.floor(microseconds(span.duration)),
    attributes: keptAttributes(Object.entries(span.attributes)),
    events: span.events.slice(0, spanLimits.events).map(({ time, name, attributes = {} }) => ({
      timeUs: Math.floor(microseconds(time)),
      name: keptText(name),
      attributes: keptAttributes(Object.entries(attributes)),
    })),
    links: span.links.slice(0, spanLimits.links).map(({ context }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
    })),
    status: spanStatuses[span.status.code] ?? 'unset',
    statusMessage: keptText(span.status.message ?? ''),
    traceState: keptText(traceState?.serialize() ?? ''),
    scope: scopeOf(span),
  };
}

type Origin = Pick<StoredSpan, 'service' | 'resource'>;
const origins = new WeakMap<object, Origin>();

/** Read once for each resource: all spans of a service share it. */
function originOf({ resource }: ReadableSpan): Origin {
  let origin = origins.get(resource);
  if (origin === undefined) {
    const attributes = keptAttributes(Object.entries(resource.attributes));
    const { 'service.name': service = NAMELESS_SERVICE, ...rest } = attributes;
    origin = { service: String(service), resource: rest };
    origins.set(resource, origin);
  }
  return origin;
}

const scopes = new WeakMap<object, SpanScope>();

function scopeOf({ instrumentationScope: given }: ReadableSpan): SpanScope {
  let scope = scopes.get(given);
  if (scope === undefined) {
    scope = { name: given.name, version: given.version ?? '' };
    scopes.set(given, scope);
  }
  return scope;
}

function microseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000_000 + nanoseconds / 1_000;
}
