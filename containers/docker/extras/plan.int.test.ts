import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { chooseImages } from '../images.ts';
import { type ExtraName, type ExtraPlan, type ExtraPorts, extraNames } from './extra.ts';
import { placementOn } from './placement.ts';
import { planExtras } from './plan.ts';
import { targetsContent } from './prometheus.ts';

const linux = { version: '29', linuxContainers: true, desktop: false, rootless: false };
const onLinux = placementOn(linux);
const onDesktop = placementOn({ ...linux, desktop: true });

const ports: ExtraPorts = {
  jaeger: 1,
  jaegerOtlp: 2,
  prometheus: 3,
  grafana: 4,
  collectorOtlp: 5,
  collectorHealth: 6,
  collectorMetrics: 7,
  spanMetrics: 8,
};

function plan(placement: typeof onLinux, available: readonly ExtraName[] = extraNames) {
  return planExtras({ images: chooseImages({}), ports, placement, available: new Set(available) });
}

function planOf(name: ExtraName, placement = onLinux): ExtraPlan {
  const found = plan(placement).plans.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

function fileOf(extra: ExtraPlan, ending: string): string {
  const found = extra.files.find(({ target }) => target.endsWith(ending));
  assert.ok(found, `${extra.name} has no ${ending}`);
  return found.content;
}

const dataSources = z.object({
  datasources: z.array(z.object({ uid: z.string(), type: z.string(), url: z.string() })),
});
const collectorConfig = z.object({
  receivers: z.record(z.string(), z.unknown()),
  processors: z.record(z.string(), z.unknown()),
  connectors: z.record(z.string(), z.unknown()),
  exporters: z.record(z.string(), z.unknown()),
  service: z.object({
    pipelines: z.record(
      z.string(),
      z.object({
        receivers: z.array(z.string()),
        processors: z.array(z.string()),
        exporters: z.array(z.string()),
      }),
    ),
  }),
});

test("Grafana's data sources point at the ports that Prometheus and Jaeger answer on", () => {
  for (const [placement, machine] of [
    [onLinux, '127.0.0.1'],
    [onDesktop, 'host.docker.internal'],
  ] as const) {
    const grafana = planOf('grafana', placement);
    const file = fileOf(grafana, 'datasources/mall.yaml');
    const filled = file.replaceAll(
      /\$\{(\w+)\}/g,
      (_, name: string) => grafana.environment[name] ?? 'not set',
    );
    assert.deepEqual(
      dataSources.parse(parse(filled)).datasources.map(({ uid, type, url }) => [uid, type, url]),
      [
        ['webstore-metrics', 'prometheus', `http://${machine}:${ports.prometheus}`],
        ['webstore-traces', 'jaeger', `http://${machine}:${ports.jaeger}`],
      ],
    );
  }
  assert.deepEqual(planOf('jaeger').published, { 16686: ports.jaeger, 4318: ports.jaegerOtlp });
});

test('the collector has every address it asks for, and no pipeline names a part it has not', () => {
  const collector = planOf('collector');
  const file = fileOf(collector, 'config.yaml');
  const asked = [...file.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name ?? '');
  for (const name of asked) assert.ok(collector.environment[name], name);
  const { service, ...parts } = collectorConfig.parse(parse(file));
  const [incoming, outgoing] = [
    { ...parts.receivers, ...parts.connectors },
    { ...parts.exporters, ...parts.connectors },
  ];
  for (const pipeline of Object.values(service.pipelines)) {
    for (const name of pipeline.receivers) assert.ok(name in incoming, name);
    for (const name of pipeline.processors) assert.ok(name in parts.processors, name);
    for (const name of pipeline.exporters) assert.ok(name in outgoing, name);
  }
  assert.equal(collector.environment.JAEGER_OTLP_URL, `http://127.0.0.1:${ports.jaegerOtlp}`);
});

test("Prometheus scrapes the mall by its targets file, and the collector's two ports where there is one", () => {
  const jobs = JSON.parse(fileOf(planOf('prometheus'), 'prometheus.yml')).scrape_configs;
  assert.deepEqual(
    jobs.map((job: { job_name: string }) => job.job_name),
    ['mall', 'otel', 'otel-collector'],
  );
  assert.deepEqual(jobs[1].static_configs, [{ targets: [`127.0.0.1:${ports.spanMetrics}`] }]);
  assert.deepEqual(jobs[2].static_configs, [{ targets: [`127.0.0.1:${ports.collectorMetrics}`] }]);
  const { plans } = plan(onLinux, ['prometheus']);
  assert.equal(JSON.parse(fileOf(plans[0] ?? planOf('grafana'), 'prometheus.yml')).scrape_configs.length, 1);
});

test('a target on loopback is what the container calls the machine, another one stays', () => {
  assert.ok(onLinux && onDesktop);
  const targets = [
    { job: 'mall', url: 'http://127.0.0.1:8080' },
    { job: 'baskets', url: 'http://10.0.0.7:8081' },
    { job: 'gateway', url: 'http://10.0.0.7:8082', service: 'gateway' },
  ];
  assert.deepEqual(JSON.parse(targetsContent(targets, onDesktop)), [
    { targets: ['host.docker.internal:8080'], labels: { job: 'mall' } },
    { targets: ['10.0.0.7:8081'], labels: { job: 'baskets' } },
    { targets: ['10.0.0.7:8082'], labels: { job: 'gateway', __param_service: 'gateway' } },
  ]);
  assert.match(targetsContent(targets, onLinux), /"127\.0\.0\.1:8080"/);
});

test("a Linux engine's extras listen on loopback of the machine itself; a desktop's are published there", () => {
  for (const name of ['prometheus', 'grafana', 'collector'] as const) {
    assert.equal(planOf(name).published, undefined);
    for (const [inside, outside] of Object.entries(planOf(name, onDesktop).published ?? { none: 0 })) {
      assert.equal(inside, String(outside));
    }
  }
  assert.ok(planOf('prometheus').command.includes(`--web.listen-address=127.0.0.1:${ports.prometheus}`));
  assert.equal(planOf('grafana', onDesktop).environment.GF_SERVER_HTTP_ADDR, '0.0.0.0');
});

test('what makes no sense without another, or cannot reach the mall, is left out with the reason', () => {
  const left = (placement: typeof onLinux, available: readonly ExtraName[]) =>
    plan(placement, available).leftOut.map(({ name, why }) => `${name}: ${why}`);
  assert.deepEqual(left(onLinux, extraNames), []);
  assert.deepEqual(left(onLinux, ['grafana', 'collector']), [
    'grafana: it is of no use without Prometheus',
    'collector: it is of no use without Jaeger',
  ]);
  const rootless = placementOn({ ...linux, rootless: true });
  assert.deepEqual(
    plan(rootless).plans.map(({ name }) => name),
    ['jaeger'],
  );
  assert.match(left(rootless, ['prometheus'])[0] ?? '', /rootless engine cannot reach the mall/);
});
