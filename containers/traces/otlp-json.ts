import { z } from 'zod';
import {
  durationUs,
  keptAttributes,
  keptText,
  microseconds,
  NAMELESS_SERVICE,
  type StoredSpan,
  spanKindNames,
  spanLimits,
  spanStatuses,
  wholeNumber,
} from './span.ts';

/** OTLP's JSON: 64-bit numbers as text, ids as hexadecimal digits, enums as numbers. */
const value = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.string().regex(/^-?\d{1,19}$/), z.number().int()]).optional(),
  doubleValue: z.number().optional(),
  bytesValue: z.string().optional(),
  get arrayValue() {
    return z.object({ values: z.array(value).default([]) }).optional();
  },
  get kvlistValue() {
    return z.object({ values: z.array(z.object({ key: z.string(), value })).default([]) }).optional();
  },
});
const attributes = z.array(z.object({ key: z.string(), value: value.optional() })).default([]);
const time = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()]).default(0);
const status = z.object({ code: z.number().default(0), message: z.string().default('') });
const span = z.object({
  traceId: z.string().regex(/^[\da-f]{32}$/i),
  spanId: z.string().regex(/^[\da-f]{16}$/i),
  parentSpanId: z.string().default(''),
  traceState: z.string().default(''),
  name: z.string().default(''),
  kind: z.number().default(0),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  events: z.array(z.object({ timeUnixNano: time, name: z.string().default(''), attributes })).default([]),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: status.prefault({}),
});
const shortText = z.string().default('').transform(keptText);
const scope = z.object({ name: shortText, version: shortText });
const request = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).prefault({}),
        scopeSpans: z
          .array(z.object({ scope: scope.prefault({}), spans: z.array(span).default([]) }))
          .default([]),
      }),
    )
    .default([]),
});

/** Reads what OTLP senders post as `application/json`. @throws ZodError that names what is wrong */
export function readJson(text: string): StoredSpan[] {
  const { resourceSpans } = request.parse(JSON.parse(text));
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const known = attributesOf(resource.attributes);
    const { 'service.name': service = NAMELESS_SERVICE, ...rest } = known;
    const origin = { service: String(service), resource: rest };
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((each) => ({ ...origin, scope, ...spanOf(each) })),
    );
  });
}

function spanOf(read: z.output<typeof span>): Omit<StoredSpan, 'service' | 'resource' | 'scope'> {
  const [startNs, endNs] = [BigInt(read.startTimeUnixNano), BigInt(read.endTimeUnixNano)];
  return {
    traceId: read.traceId.toLowerCase(),
    spanId: read.spanId.toLowerCase(),
    parentSpanId: read.parentSpanId.toLowerCase(),
    name: keptText(read.name),
    kind: spanKindNames[read.kind] ?? 'unspecified',
    startUs: microseconds(startNs),
    durationUs: durationUs(startNs, endNs),
    attributes: attributesOf(read.attributes),
    events: read.events.slice(0, spanLimits.events).map((event) => ({
      timeUs: microseconds(BigInt(event.timeUnixNano)),
      name: keptText(event.name),
      attributes: attributesOf(event.attributes),
    })),
    links: read.links.slice(0, spanLimits.links),
    status: spanStatuses[read.status.code] ?? 'unset',
    statusMessage: keptText(read.status.message),
    traceState: keptText(read.traceState),
  };
}

function attributesOf(read: z.output<typeof attributes>) {
  return keptAttributes(read.map(({ key, value: given }) => [key, plain(given ?? {})] as const));
}

function plain(given: z.output<typeof value>): unknown {
  const { intValue, arrayValue, kvlistValue } = given;
  if (intValue !== undefined) return wholeNumber(BigInt(intValue));
  if (arrayValue !== undefined) return arrayValue.values.map(plain);
  if (kvlistValue !== undefined) {
    return Object.fromEntries(kvlistValue.values.map((entry) => [entry.key, plain(entry.value)]));
  }
  return given.stringValue ?? given.boolValue ?? given.doubleValue ?? given.bytesValue;
}
