import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  type Attributes,
  durationUs,
  keptAttributes,
  keptText,
  microseconds,
  NAMELESS_SERVICE,
  type SpanEvent,
  type SpanScope,
  type StoredSpan,
  spanKindNames,
  spanLimits,
  spanStatuses,
  wholeNumber,
} from './span.ts';

/*
 * opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest, read by hand: seven messages of which a third of
 * the fields are wanted. Numbers are those of opentelemetry-proto 1.x, which never change.
 */

/** One field of a message: its number, and the reader before its value. */
type OnField = (field: number, reader: BinaryReader) => boolean;

/** Hands each field to `onField`; one that it does not want is skipped. */
function eachField(bytes: Uint8Array, onField: OnField): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!onField(field, reader)) reader.skip(wireType, field);
  }
}

/** Reads what OTLP senders post as `application/x-protobuf`. @throws Error when the bytes are something else */
export function readProtobuf(bytes: Uint8Array): StoredSpan[] {
  const spans: StoredSpan[] = [];
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    readResourceSpans(reader.bytes(), spans);
    return true;
  });
  return spans;
}

function readResourceSpans(bytes: Uint8Array, into: StoredSpan[]): void {
  let resource: Attributes = {};
  const scopes: Uint8Array[] = [];
  eachField(bytes, (field, reader) => {
    if (field === 1) resource = readResource(reader.bytes());
    else if (field === 2) scopes.push(reader.bytes());
    else return false;
    return true;
  });
  const { 'service.name': service = NAMELESS_SERVICE, ...rest } = resource;
  const origin = { service: String(service), resource: rest };
  for (const scope of scopes) into.push(...readScopeSpans(scope, origin));
}

function readScopeSpans(bytes: Uint8Array, origin: Pick<StoredSpan, 'service' | 'resource'>): StoredSpan[] {
  let scope: SpanScope = { name: '', version: '' };
  const spans: Uint8Array[] = [];
  eachField(bytes, (field, reader) => {
    if (field === 1) scope = readScope(reader.bytes());
    else if (field === 2) spans.push(reader.bytes());
    else return false;
    return true;
  });
  return spans.map((span) => readSpan(span, { ...origin, scope }));
}

function readScope(bytes: Uint8Array): SpanScope {
  const scope = { name: '', version: '' };
  eachField(bytes, (field, reader) => {
    if (field === 1) scope.name = keptText(reader.string());
    else if (field === 2) scope.version = keptText(reader.string());
    else return false;
    return true;
  });
  return scope;
}

function readResource(bytes: Uint8Array): Attributes {
  const attributes: [string, unknown][] = [];
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    attributes.push(readKeyValue(reader.bytes()));
    return true;
  });
  return keptAttributes(attributes);
}

function readSpan(bytes: Uint8Array, origin: Pick<StoredSpan, 'service' | 'resource' | 'scope'>): StoredSpan {
  const ids = { traceId: '', spanId: '', parentSpanId: '' };
  const read = { traceState: '', name: '', kind: 0, startNs: 0n, endNs: 0n };
  const attributes: [string, unknown][] = [];
  const events: SpanEvent[] = [];
  const links: { traceId: string; spanId: string }[] = [];
  let status = { code: 0, message: '' };
  eachField(bytes, (field, reader) => {
    if (field === 1) ids.traceId = hex(reader.bytes());
    else if (field === 2) ids.spanId = hex(reader.bytes());
    else if (field === 3) read.traceState = reader.string();
    else if (field === 4) ids.parentSpanId = hex(reader.bytes());
    else if (field === 5) read.name = reader.string();
    else if (field === 6) read.kind = reader.int32();
    else if (field === 7) read.startNs = BigInt(reader.fixed64());
    else if (field === 8) read.endNs = BigInt(reader.fixed64());
    else if (field === 9) attributes.push(readKeyValue(reader.bytes()));
    else if (field === 11 && events.length < spanLimits.events) events.push(readEvent(reader.bytes()));
    else if (field === 13 && links.length < spanLimits.links) links.push(readLink(reader.bytes()));
    else if (field === 15) status = readStatus(reader.bytes());
    else return false;
    return true;
  });
  const { traceState, name, kind, startNs, endNs } = read;
  return {
    ...origin,
    ...ids,
    name: keptText(name),
    kind: spanKindNames[kind] ?? 'unspecified',
    startUs: microseconds(startNs),
    durationUs: durationUs(startNs, endNs),
    attributes: keptAttributes(attributes),
    events,
    links,
    status: spanStatuses[status.code] ?? 'unset',
    statusMessage: keptText(status.message),
    traceState: keptText(traceState),
  };
}

function readEvent(bytes: Uint8Array): SpanEvent {
  let timeUs = 0;
  let name = '';
  const attributes: [string, unknown][] = [];
  eachField(bytes, (field, reader) => {
    if (field === 1) timeUs = microseconds(BigInt(reader.fixed64()));
    else if (field === 2) name = keptText(reader.string());
    else if (field === 3) attributes.push(readKeyValue(reader.bytes()));
    else return false;
    return true;
  });
  return { timeUs, name, attributes: keptAttributes(attributes) };
}

function readLink(bytes: Uint8Array) {
  const link = { traceId: '', spanId: '' };
  eachField(bytes, (field, reader) => {
    if (field === 1) link.traceId = hex(reader.bytes());
    else if (field === 2) link.spanId = hex(reader.bytes());
    else return false;
    return true;
  });
  return link;
}

function readStatus(bytes: Uint8Array) {
  const status = { code: 0, message: '' };
  eachField(bytes, (field, reader) => {
    if (field === 2) status.message = reader.string();
    else if (field === 3) status.code = reader.int32();
    else return false;
    return true;
  });
  return status;
}

function readKeyValue(bytes: Uint8Array): [string, unknown] {
  let key = '';
  let value: unknown;
  eachField(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = readValue(reader.bytes(), 0);
    else return false;
    return true;
  });
  return [key, value];
}

/** Values nest; a sender that nests them deeper is up to no good. */
const MAX_DEPTH = 8;

function readValue(bytes: Uint8Array, depth: number): unknown {
  let value: unknown;
  if (depth > MAX_DEPTH) return value;
  eachField(bytes, (field, reader) => {
    if (field === 1) value = reader.string();
    else if (field === 2) value = reader.bool();
    else if (field === 3) value = wholeNumber(BigInt(reader.int64()));
    else if (field === 4) value = reader.double();
    else if (field === 5) value = readList(reader.bytes(), depth);
    else if (field === 6) value = readMap(reader.bytes());
    else if (field === 7) value = Buffer.from(reader.bytes()).toString('base64');
    else return false;
    return true;
  });
  return value;
}

function readList(bytes: Uint8Array, depth: number): unknown[] {
  const values: unknown[] = [];
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    values.push(readValue(reader.bytes(), depth + 1));
    return true;
  });
  return values;
}

function readMap(bytes: Uint8Array): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    entries.push(readKeyValue(reader.bytes()));
    return true;
  });
  return Object.fromEntries(entries);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
