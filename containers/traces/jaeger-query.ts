import { type JaegerTrace, jaegerTrace } from './jaeger-json.ts';
import type { StoredSpan } from './span.ts';
import type { SpanStore, TraceQuery } from './span-store.ts';

/** Most traces one answer has, whatever is asked for. */
const MAX_TRACES = 1_000;
const DEFAULT_TRACES = 20;

export interface QueryAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers Jaeger's query API (`/api/services`, `/api/traces`, …) from the store; undefined for another address. */
export function answerQuery(store: SpanStore, url: URL): QueryAnswer | undefined {
  const [api, noun, id, part, ...more] = url.pathname.split('/').slice(1).map(decodePart);
  if (api !== 'api' || more.length > 0) return undefined;
  if (noun === 'services' && id === undefined) return found(store.services());
  if (noun === 'services' && id !== undefined && part === 'operations') {
    return found([...new Set(store.operations(id).map(({ name }) => name))]);
  }
  if (noun === 'operations' && id === undefined) return operations(store, url.searchParams);
  if (noun !== 'traces' || part !== undefined) return undefined;
  return id === undefined ? search(store, url.searchParams) : oneTrace(store, id);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function operations(store: SpanStore, parameters: URLSearchParams): QueryAnswer {
  const service = parameters.get('service');
  if (!service) return refused(400, "parameter 'service' is required");
  const kind = parameters.get('spanKind') || undefined;
  const known = store.operations(service).filter((each) => kind === undefined || each.kind === kind);
  return found(known.map(({ name, kind }) => ({ name, spanKind: kind === 'unspecified' ? '' : kind })));
}

function oneTrace(store: SpanStore, id: string): QueryAnswer {
  if (!traceId.test(id)) return refused(400, notATraceId(id));
  const spans = spansOf(store, id);
  return spans === undefined ? refused(404, 'trace not found') : foundTraces([jaegerTrace(spans)]);
}

const traceId = /^[\da-f]{1,32}$/i;

function notATraceId(id: string): string {
  return `"${id}" is no trace id: it has up to 32 hexadecimal digits`;
}

/** Jaeger takes ids without their leading zeros. */
function spansOf(store: SpanStore, id: string): readonly StoredSpan[] | undefined {
  return store.trace(id.toLowerCase().padStart(32, '0'));
}

/** The traces with these ids; those that are not there are named as errors. */
function byIds(store: SpanStore, ids: readonly string[]): QueryAnswer {
  const wrong = ids.find((id) => !traceId.test(id));
  if (wrong !== undefined) return refused(400, notATraceId(wrong));
  const absent = ids.filter((id) => spansOf(store, id) === undefined);
  return foundTraces(
    ids.flatMap((id) => {
      const spans = spansOf(store, id);
      return spans === undefined ? [] : [jaegerTrace(spans)];
    }),
    absent.map((traceID) => ({ msg: 'trace not found', traceID })),
  );
}

function search(store: SpanStore, parameters: URLSearchParams): QueryAnswer {
  const ids = parameters.getAll('traceID');
  if (ids.length > 0) return byIds(store, ids);
  const query = readQuery(parameters);
  return typeof query === 'string' ? refused(400, query) : foundTraces(store.find(query).map(jaegerTrace));
}

/** The query, or what is wrong with it. */
function readQuery(parameters: URLSearchParams): TraceQuery | string {
  const service = parameters.get('service');
  if (!service) return "parameter 'service' is required";
  const tags = readTags(parameters);
  if (tags === undefined) return "parameter 'tags' must be a JSON object with texts";
  const numbers = { start: Number.NaN, end: Number.NaN, limit: DEFAULT_TRACES };
  for (const name of ['start', 'end', 'limit'] as const) {
    const text = parameters.get(name);
    if (!text) continue;
    if (!/^\d{1,19}$/.test(text)) return `parameter '${name}' must be a whole number`;
    numbers[name] = Number(text);
  }
  const durations = { minDuration: Number.NaN, maxDuration: Number.NaN };
  for (const name of ['minDuration', 'maxDuration'] as const) {
    const text = parameters.get(name);
    if (!text) continue;
    const us = durationUs(text);
    if (us === undefined) return `parameter '${name}' must be a duration such as 1.5s, 100ms or 1h30m`;
    durations[name] = us;
  }
  if (durations.minDuration > durations.maxDuration)
    return "'maxDuration' should be greater than 'minDuration'";
  return {
    service,
    operation: parameters.get('operation') || undefined,
    tags,
    startUs: given(numbers.start),
    endUs: given(numbers.end),
    minDurationUs: given(durations.minDuration),
    maxDurationUs: given(durations.maxDuration),
    limit: Math.min(Math.max(numbers.limit, 1), MAX_TRACES),
  };
}

function given(number: number): number | undefined {
  return Number.isNaN(number) ? undefined : number;
}

/** `tags={"key":"value"}` and `tag=key:value`, as Jaeger takes them; undefined when they are neither. */
function readTags(parameters: URLSearchParams): Record<string, string> | undefined {
  const tags: Record<string, string> = {};
  for (const text of parameters.getAll('tag')) {
    const colon = text.indexOf(':');
    if (colon < 1) return undefined;
    tags[text.slice(0, colon)] = text.slice(colon + 1);
  }
  for (const text of parameters.getAll('tags')) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return undefined;
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    for (const [key, value] of Object.entries(json)) tags[key] = String(value);
  }
  return tags;
}

const unitsUs: Readonly<Record<string, number>> = {
  ...{ ns: 0.001, us: 1, µs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 },
};

/** A duration as Go writes them: `250us`, `1.5s`, `1h30m`. */
function durationUs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (unitsUs[unit] ?? 0), 0);
}

function found(data: readonly unknown[]): QueryAnswer {
  return { status: 200, body: { data, total: data.length, limit: 0, offset: 0, errors: null } };
}

/** Jaeger counts what it lists, but not the traces it answers. */
function foundTraces(data: readonly JaegerTrace[], errors: readonly object[] = []): QueryAnswer {
  const none = errors.length === 0 ? null : errors;
  return { status: 200, body: { data, total: 0, limit: 0, offset: 0, errors: none } };
}

function refused(code: number, msg: string): QueryAnswer {
  return { status: code, body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] } };
}
