/** A value of an attribute, as far as traces are read here; lists and maps are kept as JSON text. */
export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A span as it is kept, whichever way it came. */
export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Blank for the first span of a trace. */
  readonly parentSpanId: string;
  readonly service: string;
  /** What else is known of the service; shared by all spans that came with it. */
  readonly resource: Attributes;
  readonly name: string;
  readonly kind: SpanKindName;
  readonly startUs: number;
  readonly durationUs: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
  readonly statusMessage: string;
}

export interface SpanEvent {
  readonly timeUs: number;
  readonly name: string;
  readonly attributes: Attributes;
}

/** By their numbers in OTLP. */
export const spanKindNames = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export type SpanKindName = (typeof spanKindNames)[number];

/** The status code of a span that failed, in OTLP. */
export const STATUS_ERROR = 2;

export const UNKNOWN_SERVICE = 'unknown_service';

/** What a sender may give to one span; the rest is left out. Senders on this machine are trusted, memory is not. */
export const spanLimits = { attributes: 64, events: 32, links: 16, textChars: 1_024 } as const;

/** An attribute's value within the limits; undefined for none. */
export function kept(value: unknown): AttributeValue | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, spanLimits.textChars);
}

/** Attributes within the limits. */
export function keptAttributes(entries: Iterable<readonly [string, unknown]>): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  let count = 0;
  for (const [key, value] of entries) {
    const known = kept(value);
    if (known === undefined) continue;
    if (++count > spanLimits.attributes) break;
    attributes[key.slice(0, spanLimits.textChars)] = known;
  }
  return attributes;
}
