import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { officialImages } from '../../containers/docker/images.ts';
import {
  dashboardQueries,
  dashboards,
  ruleQueries,
  selectorsOf,
} from '../../containers/grafana/testing/queries.ts';
import { readState } from '../malls/state.ts';
import { dockerGround, scrapedWithinMs, seriesOf } from '../testing/docker-ground.ts';
import { purchase } from '../testing/purchase.ts';

const ruleStates = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
  }),
});

/** Asks everything that the dashboards and the alert rules ask, in PromQL that a real Prometheus has to take. */
async function answersAllQueries(url: string): Promise<void> {
  for (const { where, expr } of [...dashboards().flatMap(dashboardQueries), ...ruleQueries()]) {
    // As Grafana fills them in.
    const query = expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$\w+/g, '.*');
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    assert.equal(response.status, 200, `${where}: ${await response.clone().text()}`);
  }
  const { groups } = ruleStates.parse(await (await fetch(`${url}/api/v1/rules`)).json()).data;
  const rules = groups.flatMap((group) => group.rules);
  assert.equal(rules.length, ruleQueries().length);
  for (const { name, health } of rules) assert.notEqual(health, 'err', name);
}

const metricNames = z.object({ data: z.array(z.string()) });

/** What the dashboards and rules ask for and Prometheus does not come to see; the collector's own metrics aside. */
async function unseenMetrics(url: string): Promise<readonly string[]> {
  const deadline = performance.now() + scrapedWithinMs;
  for (;;) {
    const unseen = await unseenNow(url);
    if (unseen.length === 0 || performance.now() > deadline) return unseen;
    await pause(200);
  }
}

async function unseenNow(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v1/label/__name__/values`);
  const seen = new Set(metricNames.parse(await answer.json()).data);
  const asked = [...dashboards().flatMap(dashboardQueries), ...ruleQueries()]
    .flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric))
    .filter((metric) => !metric.startsWith('otelcol_'));
  return [...new Set(asked)].filter((metric) => !seen.has(metric));
}

const dockerTest = await dockerGround(officialImages.prometheus);

for (const [mode, jobs] of [
  ['monolith', 1],
  ['microservices', 10],
] as const) {
  dockerTest(
    `Prometheus scrapes every process of a ${mode} mall; what cannot be had is named`,
    async (ground) => {
      const watched = ground.another({
        MALL_INFRA: 'docker',
        MALL_EXTRAS: 'prometheus,grafana',
        MALL_IMAGES: 'grafana=localhost:1/grafana/grafana:12',
      });
      const started = await watched.cli.run('up', '--detach', '--mode', mode, ...ground.doors);
      assert.equal(started.code, 0, started.stderr);
      assert.match(started.stderr, /^without Grafana: no image to be had \(.*refused\)$/m);
      const state = readState(watched.folders.state);
      const prometheus = state?.containers?.find(({ service }) => service === 'prometheus');
      assert.ok(prometheus);
      assert.equal(await seriesOf(prometheus.url, `sum(up == 1) == ${jobs}`), 1);
      assert.ok(state?.addresses);
      await purchase(state.addresses.rest);
      assert.equal(await seriesOf(prometheus.url, 'sum(mall_order_seconds_count) > 0'), 1);
      assert.deepEqual(await unseenMetrics(prometheus.url), []);
      await answersAllQueries(prometheus.url);
      assert.match((await watched.cli.run('logs', 'prometheus')).stdout, /ready to receive web requests/);
      assert.equal((await watched.cli.run('down')).code, 0);
      assert.deepEqual(await watched.containers(), []);
    },
  );
}
