import type { ExtraPlan, PlacedOptions } from './extra.ts';
import { fileFor, filesFor } from './files.ts';

const provisioning = '/etc/grafana/provisioning';

/** Shows the dashboards in `containers/grafana/dashboards` on the metrics and traces of the mall. */
export function planGrafana({ images, ports, placement }: PlacedOptions): ExtraPlan {
  const url = `http://127.0.0.1:${ports.grafana}`;
  return {
    name: 'grafana',
    image: images.grafana,
    url,
    readyUrl: `${url}/api/health`,
    published: placement.sharesNetwork ? undefined : { [ports.grafana]: ports.grafana },
    environment: {
      GF_SERVER_HTTP_ADDR: placement.listenHost,
      GF_SERVER_HTTP_PORT: String(ports.grafana),
      PROMETHEUS_URL: `http://${placement.machine}:${ports.prometheus}`,
      JAEGER_URL: `http://${placement.machine}:${ports.jaeger}`,
    },
    command: [],
    files: [
      fileFor('/etc/grafana/grafana.ini', 'grafana/grafana.ini'),
      ...filesFor(`${provisioning}/datasources`, 'grafana/provisioning/datasources', '.yaml'),
      ...filesFor(`${provisioning}/dashboards`, 'grafana/provisioning/dashboards', '.yaml'),
      ...filesFor('/etc/grafana/dashboards', 'grafana/dashboards', '.json'),
    ],
  };
}
