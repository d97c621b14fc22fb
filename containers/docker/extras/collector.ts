import type { ExtraPlan, PlacedOptions } from './extra.ts';
import { fileFor } from './files.ts';

const configFile = '/etc/otelcol-contrib/config.yaml';

/** Stands between the mall and Jaeger, and makes metrics of the spans that pass. */
export function planCollector({ images, ports, placement }: PlacedOptions): ExtraPlan {
  const own = [ports.collectorOtlp, ports.collectorHealth, ports.collectorMetrics, ports.spanMetrics];
  return {
    name: 'collector',
    image: images.collector,
    url: `http://127.0.0.1:${ports.collectorOtlp}`,
    readyUrl: `http://127.0.0.1:${ports.collectorHealth}/`,
    published: placement.sharesNetwork ? undefined : Object.fromEntries(own.map((port) => [port, port])),
    environment: {
      LISTEN_HOST: placement.listenHost,
      OTLP_PORT: String(ports.collectorOtlp),
      HEALTH_PORT: String(ports.collectorHealth),
      OWN_METRICS_PORT: String(ports.collectorMetrics),
      SPAN_METRICS_PORT: String(ports.spanMetrics),
      JAEGER_OTLP_URL: `http://${placement.machine}:${ports.jaegerOtlp}`,
    },
    command: [`--config=${configFile}`],
    files: [fileFor(configFile, 'collector/collector.yaml')],
  };
}
