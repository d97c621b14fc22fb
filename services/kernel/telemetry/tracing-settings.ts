import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Tracer } from './tracer.ts';

/** Which traces are recorded: a share of all, or so many that begin in a second at most. */
export type Sampling = { readonly share: number } | { readonly perSecond: number };

export interface TracingSettings {
  readonly sampling: Sampling;
  /** Where spans go: an OTLP endpoint such as `http://127.0.0.1:4318`, or a place in this process. */
  readonly export: { readonly endpoint: string } | { readonly exporter: SpanExporter };
  /** Name of the mall, as `service.namespace`. */
  readonly namespace: string;
}

/** The traces of one process. */
export interface Tracing {
  /** The tracer of a service: a context, or the gateway. */
  of(service: string): Tracer;
  /** The tracer of the door for callers from outside, whose wish to be traced is granted as sampling allows. */
  door(service: string): Tracer;
  /** Hands over what is recorded, within its deadline, and ends. */
  stop(): Promise<void>;
}
