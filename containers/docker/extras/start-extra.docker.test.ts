import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../embedded/index.ts';
import { testFolder } from '../../embedded/test-folder.ts';
import { chooseImages, officialImages } from '../images.ts';
import { removeContainers } from '../mall-containers.ts';
import { setUpTestcontainers } from '../testcontainers-setup.ts';
import { engineUnderTest } from '../testing/engine-under-test.ts';
import { placementOn } from './placement.ts';
import { planExtras } from './plan.ts';
import { startExtra, untilExtraIsReady } from './start-extra.ts';

const { engine, skip } = await engineUnderTest(officialImages.prometheus);
const linux = { version: '', linuxContainers: true, desktop: false, rootless: false };

for (const [where, facts] of [
  ['shares the network of the machine', linux],
  ['has its port published on loopback', { ...linux, desktop: true }],
] as const) {
  test(`a container that ${where} answers there with its files`, { skip }, async () => {
    assert.ok(engine);
    const folder = testFolder();
    await setUpTestcontainers(engine, officialImages.reaper);
    const one = await freePort();
    const ports = {
      jaeger: one,
      jaegerOtlp: one,
      prometheus: one,
      grafana: one,
      collectorOtlp: one,
      collectorHealth: one,
      collectorMetrics: one,
      spanMetrics: one,
    };
    const images = chooseImages({});
    const [plan] = planExtras({
      images,
      ports,
      placement: placementOn(facts),
      available: new Set(['prometheus']),
    }).plans;
    assert.ok(plan);
    const { signal } = new AbortController();
    const start = { engine, plan, folder, logFile: `${folder}/prometheus.log`, signal };
    try {
      await untilExtraIsReady(start, await startExtra(start));
      const answer = await fetch(`${plan.url}/api/v1/status/config`);
      assert.match(await answer.text(), /job_name: mall/);
    } finally {
      assert.equal(await removeContainers(engine, folder), 1);
    }
  });
}
