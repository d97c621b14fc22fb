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
  readonly status: SpanStatus;
  readonly statusMessage: string;
  /** Of W3C's trace context, as it came. */
  readonly traceState: string;
  readonly scope: SpanScope;
}

/** The library that has made a span; blank where it does not say. */
export interface SpanScope {
  readonly name: string;
  readonly version: string;
}

export interface SpanEvent {
  readonly timeUs: number;
  readonly name: string;
  readonly attributes: Attributes;
}

/** By their numbers in OTLP. */
export const spanKindNames = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export type SpanKindName = (typeof spanKindNames)[number];

/** By their numbers in OTLP. */
export const spanStatuses = ['unset', 'ok', 'error'] as const;

export type SpanStatus = (typeof spanStatuses)[number];

/** As Jaeger calls a service that does not say its name. */
export const NAMELESS_SERVICE = 'missing-service-name';

/** What a sender may give to one span; the rest is left out. Senders on this machine are trusted, memory is not. */
export const spanLimits = { attributes: 64, events: 32, links: 16, textChars: 1_024 } as const;

/** A whole number of 64 bits: as text where a number would not be exact. */
export function wholeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Nanoseconds as Jaeger tells them: in whole microseconds, what is over cut off. */
export function microseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000n);
}

/** How long a span took; one that ended before it began took no time. */
export function durationUs(startNs: bigint, endNs: bigint): number {
  return endNs > startNs ? microseconds(endNs - startNs) : 0;
}

/** An attribute's value within the limits; undefined for none. */
export function kept(value: unknown): AttributeValue | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return keptText(text);
}

/** Text within the limits. */
export function keptText(text: string): string {
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
    attributes[keptText(key)] = known;
  }
  return attributes;
}
