import { jaegerTrace } from './jaeger-json.ts';
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
  const known = store.operations(service);
  return found(known.map(({ name, kind }) => ({ name, spanKind: kind === 'unspecified' ? '' : kind })));
}

function oneTrace(store: SpanStore, id: string): QueryAnswer {
  // Jaeger takes ids without their leading zeros.
  const spans = store.trace(id.toLowerCase().padStart(32, '0'));
  return spans === undefined ? refused(404, 'trace not found') : found([jaegerTrace(spans)]);
}

function search(store: SpanStore, parameters: URLSearchParams): QueryAnswer {
  const ids = parameters.getAll('traceID');
  if (ids.length > 0) {
    const traces = ids.flatMap((id) => {
      const spans = store.trace(id.toLowerCase().padStart(32, '0'));
      return spans === undefined ? [] : [jaegerTrace(spans)];
    });
    return found(traces);
  }
  const query = readQuery(parameters);
  return typeof query === 'string' ? refused(400, query) : found(store.find(query).map(jaegerTrace));
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
    if (us === undefined) return `parameter '${name}' must be a duration such as 1.5s, 100ms or 250us`;
    durations[name] = us;
  }
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

const unitsUs: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };

function durationUs(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m)$/.exec(text) ?? [];
  const factor = unitsUs[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function found(data: readonly unknown[]): QueryAnswer {
  return { status: 200, body: { data, total: data.length, limit: 0, offset: 0, errors: null } };
}

function refused(code: number, msg: string): QueryAnswer {
  return { status: code, body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] } };
}
