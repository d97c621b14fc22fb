import type { TracingSettings } from '../../services/mall.ts';
import type { Settings } from '../settings/index.ts';
import { parseSampling } from '../settings/sampling.ts';

/** Where the traces of a mall go, and where they can be read. */
export interface Traces {
  readonly tracing: TracingSettings;
  /** Where other processes of the mall send theirs, by OTLP over HTTP. */
  readonly endpoint: string;
  /** Who answers Jaeger's query API; undefined when nobody is known. */
  readonly queryUrl: string | undefined;
  stop(): Promise<void>;
}

/** A collector, or Jaeger, that is there already. */
export interface TraceBackend {
  readonly endpoint: string;
  readonly queryUrl: string | undefined;
}

/**
 * Makes ready for traces: with the backend that is set or came with the infrastructure, else with a receiver of our own
 * that keeps the recent ones in memory. Undefined when tracing is off.
 */
export async function startTraces(options: {
  readonly settings: Settings;
  readonly port: number;
  /** What came with the infrastructure; a set address comes before it. */
  readonly backend?: TraceBackend | undefined;
}): Promise<Traces | undefined> {
  const { settings, port } = options;
  const sampling = parseSampling(settings.tracing) ?? 'off';
  if (sampling === 'off') return undefined;
  const common = { sampling, namespace: settings.name };
  const { otlpEndpoint: endpoint, jaegerUrl } = settings;
  const backend = endpoint === undefined ? options.backend : { endpoint, queryUrl: jaegerUrl };
  if (backend !== undefined) {
    const tracing = { ...common, export: { endpoint: backend.endpoint } };
    return { ...backend, tracing, stop: async () => undefined };
  }
  const { SpanStore, startReceiver, storeExporter } = await import('../../containers/traces/index.ts');
  const store = new SpanStore();
  const receiver = await startReceiver({ store, port });
  return {
    tracing: { ...common, export: { exporter: storeExporter(store) } },
    endpoint: receiver.url,
    queryUrl: receiver.url,
    stop: () => receiver.close(),
  };
}
