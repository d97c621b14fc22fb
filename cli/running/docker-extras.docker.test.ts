import assert from 'node:assert/strict';
import { officialImages } from '../../containers/docker/images.ts';
import { readState } from '../malls/state.ts';
import { dockerGround, seriesOf } from '../testing/docker-ground.ts';

const dockerTest = await dockerGround(officialImages.prometheus);

for (const [mode, jobs] of [
  ['monolith', 1],
  ['microservices', 9],
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
      const prometheus = readState(watched.folders.state)?.containers?.find(
        ({ service }) => service === 'prometheus',
      );
      assert.ok(prometheus);
      assert.equal(await seriesOf(prometheus.url, `sum(up == 1) == ${jobs}`), 1);
      assert.match((await watched.cli.run('logs', 'prometheus')).stdout, /ready to receive web requests/);
      assert.equal((await watched.cli.run('down')).code, 0);
      assert.deepEqual(await watched.containers(), []);
    },
  );
}
