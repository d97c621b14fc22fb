import type { StoredSpan } from './span.ts';

export interface StoreLimits {
  /** All spans that are kept; the oldest traces make room for new ones. About 1 kB each. */
  readonly spans: number;
  /** Spans of one trace; more are left out. */
  readonly spansOfTrace: number;
}

export const storeLimits: StoreLimits = { spans: 20_000, spansOfTrace: 4_000 };

/** What is looked for: traces with a span that has all of it. */
export interface TraceQuery {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  /** Attributes of the span, of its service or of one of its events, compared as text. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly startUs?: number | undefined;
  readonly endUs?: number | undefined;
  readonly minDurationUs?: number | undefined;
  readonly maxDurationUs?: number | undefined;
  /** The newest come first. */
  readonly limit: number;
}

/** Recent traces in bounded memory. */
export class SpanStore {
  readonly #limits: StoreLimits;
  /** In the order of their first span's arrival. */
  readonly #traces = new Map<string, StoredSpan[]>();
  #spans = 0;

  constructor(limits: StoreLimits = storeLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#spans;
  }

  add(spans: readonly StoredSpan[]): void {
    for (const span of spans) {
      const trace = this.#traces.get(span.traceId);
      if (trace === undefined) this.#traces.set(span.traceId, [span]);
      else if (trace.length < this.#limits.spansOfTrace) trace.push(span);
      else continue;
      this.#spans++;
    }
    for (const [traceId, trace] of this.#traces) {
      if (this.#spans <= this.#limits.spans) break;
      this.#traces.delete(traceId);
      this.#spans -= trace.length;
    }
  }

  trace(traceId: string): readonly StoredSpan[] | undefined {
    return this.#traces.get(traceId);
  }

  find(query: TraceQuery): (readonly StoredSpan[])[] {
    const found: (readonly StoredSpan[])[] = [];
    for (const trace of [...this.#traces.values()].reverse()) {
      if (found.length === query.limit) break;
      if (trace.some((span) => fits(span, query))) found.push(trace);
    }
    return found;
  }

  services(): string[] {
    return [...new Set(this.#all().map(({ service }) => service))].sort();
  }

  operations(service: string): { readonly name: string; readonly kind: StoredSpan['kind'] }[] {
    const operations = new Map(
      this.#all()
        .filter((span) => span.service === service)
        .map(({ name, kind }) => [`${name} ${kind}`, { name, kind }]),
    );
    return [...operations.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
  }

  #all(): StoredSpan[] {
    return [...this.#traces.values()].flat();
  }
}

function fits(span: StoredSpan, query: TraceQuery): boolean {
  const { service, operation, startUs, endUs, minDurationUs, maxDurationUs } = query;
  return (
    (service === undefined || span.service === service) &&
    (operation === undefined || span.name === operation) &&
    (startUs === undefined || span.startUs >= startUs) &&
    (endUs === undefined || span.startUs <= endUs) &&
    (minDurationUs === undefined || span.durationUs >= minDurationUs) &&
    (maxDurationUs === undefined || span.durationUs <= maxDurationUs) &&
    Object.entries(query.tags ?? {}).every((tag) => hasTag(span, tag))
  );
}

function hasTag(span: StoredSpan, [key, value]: [string, string]): boolean {
  if (key === 'error') return String(span.status === 'error') === value;
  return [span.attributes, span.resource, ...span.events.map((event) => event.attributes)].some(
    (attributes) => Object.hasOwn(attributes, key) && String(attributes[key]) === value,
  );
}
