import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/index.ts';

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures every REST request, by the convention's name: what no route takes is counted as one. */
export function requestMetrics(app: FastifyInstance, metrics: Metrics): void {
  const seconds = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time to answer REST requests',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    bucketsSeconds,
  });
  app.addHook('onResponse', async (request, reply) => {
    const { url = '' } = request.routeOptions;
    // Pages, documents and probes would only be noise beside it.
    if (url !== '' && !url.startsWith('/api/')) return;
    const labels = {
      http_request_method: request.method,
      http_route: url === '' ? 'none' : url.replaceAll(/:(\w+)/g, '{$1}'),
      http_response_status_code: reply.statusCode,
    };
    seconds.observe(labels, reply.elapsedTime / 1000);
  });
}
