import type { ExtraPlan, PlanOptions } from './extra.ts';

const queryPort = 16_686;
const otlpHttpPort = 4_318;

/** Keeps traces in memory; takes them by OTLP over HTTP and answers its query API and its pages on one port. */
export function planJaeger({ images, ports }: PlanOptions): ExtraPlan {
  const url = `http://127.0.0.1:${ports.jaeger}`;
  return {
    name: 'jaeger',
    image: images.jaeger,
    url,
    readyUrl: `${url}/api/services`,
    // It reaches nobody, so it needs no more of the machine's network than its two ports.
    published: { [queryPort]: ports.jaeger, [otlpHttpPort]: ports.jaegerOtlp },
    environment: { JAEGER_LISTEN_HOST: '0.0.0.0' },
    command: [],
    files: [],
  };
}
