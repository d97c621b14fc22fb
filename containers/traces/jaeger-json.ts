import type { Attributes, AttributeValue, StoredSpan } from './span.ts';

/** A tag as Jaeger's query service answers it. */
export interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64';
  readonly value: AttributeValue;
}

export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly {
    readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
    readonly traceID: string;
    readonly spanID: string;
  }[];
  /** Microseconds since 1970. */
  readonly startTime: number;
  /** Microseconds. */
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[];
  readonly processID: string;
  readonly warnings: null;
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<
    Record<string, { readonly serviceName: string; readonly tags: readonly JaegerTag[] }>
  >;
  readonly warnings: null;
}

/** A trace as Jaeger's query service answers it, so that one client reads both. */
export function jaegerTrace(spans: readonly StoredSpan[]): JaegerTrace {
  const processes: Record<string, { serviceName: string; tags: JaegerTag[] }> = {};
  const ids = new Map<string, string>();
  const processOf = ({ service, resource }: StoredSpan): string => {
    const key = `${service} ${JSON.stringify(resource)}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = `p${ids.size + 1}`;
      ids.set(key, id);
      processes[id] = { serviceName: service, tags: tagsOf(resource).sort(byKey) };
    }
    return id;
  };
  const [first] = spans;
  return {
    traceID: first?.traceId ?? '',
    spans: spans.map((span) => jaegerSpan(span, processOf(span))),
    processes,
    warnings: null,
  };
}

function jaegerSpan(span: StoredSpan, processID: string): JaegerSpan {
  const { traceId: traceID, spanId: spanID, parentSpanId } = span;
  const parent = { refType: 'CHILD_OF' as const, traceID, spanID: parentSpanId };
  const linked = span.links.some((link) => link.traceId === traceID && link.spanId === parentSpanId);
  const links = span.links.map((link) => ({
    refType: 'FOLLOWS_FROM' as const,
    traceID: link.traceId,
    spanID: link.spanId,
  }));
  return {
    traceID,
    spanID,
    operationName: span.name,
    // Jaeger tells of each span once, and of one that is linked as that.
    references: [...(parentSpanId === '' || linked ? [] : [parent]), ...links],
    startTime: span.startUs,
    duration: span.durationUs,
    tags: [...tagsOf(span.attributes), ...tagsOf(addedTags(span))].sort(byKey),
    logs: span.events.map(({ timeUs, name, attributes }) => ({
      timestamp: timeUs,
      fields: [...tagsOf(name === '' ? {} : { event: name }), ...tagsOf(attributes).sort(byKey)],
    })),
    processID,
    warnings: null,
  };
}

/** What Jaeger makes of the rest of a span. */
function addedTags({ kind, status, statusMessage, traceState, scope }: StoredSpan): Attributes {
  return {
    ...(kind !== 'unspecified' && { 'span.kind': kind }),
    ...(status !== 'unset' && { 'otel.status_code': status.toUpperCase() }),
    ...(status === 'error' && { error: true }),
    ...(statusMessage !== '' && { 'otel.status_description': statusMessage }),
    ...(traceState !== '' && { 'w3c.tracestate': traceState }),
    ...(scope.name !== '' && { 'otel.scope.name': scope.name }),
    ...(scope.version !== '' && { 'otel.scope.version': scope.version }),
  };
}

function byKey(one: JaegerTag, other: JaegerTag): number {
  if (one.key === other.key) return 0;
  return one.key < other.key ? -1 : 1;
}

function tagsOf(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, type: typeOf(value), value }));
}

function typeOf(value: AttributeValue): JaegerTag['type'] {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int64' : 'float64';
}
