/** Recent traces of a mall without Jaeger: taken by OTLP, kept in memory, answered by Jaeger's query API. */
export type { JaegerSpan, JaegerTag, JaegerTrace } from './jaeger-json.ts';
export { type Receiver, startReceiver } from './receiver.ts';
export { SpanStore, storeLimits } from './span-store.ts';
export { storeExporter } from './store-exporter.ts';
