import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Span } from '@opentelemetry/api';
import type { TraceHeaders } from './trace-headers.ts';
import type { SpanShape, Tracer } from './tracer.ts';

/** Ids of aggregates by kind, such as `order`. */
export type KnownIds = Readonly<Record<string, string>>;

/** One request or message being worked on, and what is known of it: for spans below it and for lines in the log. */
export interface Scope {
  readonly tracer: Tracer;
  readonly trace: TraceHeaders | undefined;
  /** The span of the work; undefined when it is not recorded. */
  readonly span: Span | undefined;
  readonly messageId: string | undefined;
  /** Grows as the work learns what it is about; asked only where a span or a line in the log is to tell of it. */
  readonly about: (() => KnownIds)[];
}

const scopes = new AsyncLocalStorage<Scope>();

export function currentScope(): Scope | undefined {
  return scopes.getStore();
}

export function inScope<Result>(scope: Scope, work: () => Result): Result {
  return scopes.run(scope, work);
}

/** Begins a span within the present work, of the same service; undefined when the work is not recorded. */
export function startWithin(shape: () => SpanShape): Span | undefined {
  const scope = scopes.getStore();
  return scope?.span?.isRecording() ? scope.tracer.start(scope.span, shape) : undefined;
}

/** Says more of the present work in its span. */
export function describeWork(attributes: Attributes): void {
  scopes.getStore()?.span?.setAttributes(attributes);
}

/** Says what the present work is about; its span and its lines in the log carry the ids from here on. */
export function learnIds(ids: () => KnownIds): void {
  const scope = scopes.getStore();
  if (scope === undefined) return;
  scope.about.push(ids);
  scope.span?.setAttributes(idAttributes(ids()));
}

/** The ids of all that the work is known to be about; of one kind, what was learnt last. */
export function idsOf({ about }: Scope): KnownIds {
  return Object.assign({}, ...about.map((ids) => ids()));
}

export function idAttributes(ids: KnownIds): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).map(([kind, id]) => [`mall.${kind}.id`, id]));
}
