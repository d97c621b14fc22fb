import type { ExtraPlan, PlacedOptions } from './extra.ts';
import { filesFor } from './files.ts';

export const targetsFile = '/etc/prometheus/targets.json';
const rulesFolder = '/etc/prometheus/rules';

/** Scrapes the mall wherever its targets file says it is, and evaluates the alert rules. */
export function planPrometheus(options: PlacedOptions): ExtraPlan {
  const { images, ports, placement } = options;
  const url = `http://127.0.0.1:${ports.prometheus}`;
  return {
    name: 'prometheus',
    image: images.prometheus,
    url,
    readyUrl: `${url}/-/ready`,
    published: placement.sharesNetwork ? undefined : { [ports.prometheus]: ports.prometheus },
    environment: {},
    command: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      '--storage.tsdb.retention.time=2h',
      `--web.listen-address=${placement.listenHost}:${ports.prometheus}`,
    ],
    files: [
      { target: '/etc/prometheus/prometheus.yml', content: configuration(options) },
      { target: targetsFile, content: '[]' },
      ...filesFor(rulesFolder, 'prometheus', '.rules.yml'),
    ],
  };
}

function configuration({ available, ports, placement }: PlacedOptions): string {
  const collector = available.has('collector') && available.has('jaeger');
  const jobs = [
    {
      job_name: 'mall',
      file_sd_configs: [{ files: [targetsFile], refresh_interval: '2s' }],
    },
    ...(collector
      ? [
          job('otel', `${placement.machine}:${ports.spanMetrics}`),
          job('otel-collector', `${placement.machine}:${ports.collectorMetrics}`),
        ]
      : []),
  ];
  // JSON is YAML as well.
  return JSON.stringify({
    global: { scrape_interval: '5s', evaluation_interval: '15s' },
    rule_files: [`${rulesFolder}/*.yml`],
    scrape_configs: jobs,
  });
}

function job(name: string, target: string) {
  return { job_name: name, static_configs: [{ targets: [target] }] };
}

/** A process whose `/metrics` are scraped; its name becomes the label `job`. */
export interface ScrapeTarget {
  readonly job: string;
  /** Its REST address, as processes of this machine see it. */
  readonly url: string;
  /** Whose metrics it is asked for, where it tells those of several. */
  readonly service?: string;
}

/** The content of the targets file. */
export function targetsContent(
  targets: readonly ScrapeTarget[],
  { machine }: PlacedOptions['placement'],
): string {
  const groups = targets.map(({ job, url, service }) => {
    const { hostname, port } = new URL(url);
    const labels = { job, ...(service !== undefined && { __param_service: service }) };
    const host = hostname === '127.0.0.1' || hostname === '0.0.0.0' || hostname === 'localhost';
    return { targets: [`${host ? machine : hostname}:${port}`], labels };
  });
  return JSON.stringify(groups);
}
