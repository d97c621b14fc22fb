import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { officialImages } from '../../containers/docker/images.ts';
import {
  askEngine,
  containersOf,
  engineUnderTest,
} from '../../containers/docker/testing/engine-under-test.ts';
import { connected, freePort } from '../../containers/embedded/index.ts';
import { mallFolders } from '../malls/folders.ts';
import { readState } from '../malls/state.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

/** The reaper waits two seconds for a killed mall to come back; removing takes its time on a busy machine. */
const reaperWithinMs = 20_000;

const scrapedWithinMs = 30_000;

const { engine, skip } = await engineUnderTest();
const docker = cliUnderTest({ MALL_INFRA: 'docker', MALL_EXTRAS: 'none' });
const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
const folders = mallFolders(docker.home, 'mall');

const busyworkDocument = z.object({ orders: z.object({ approved: z.number() }) });
const queryAnswer = z.object({ data: z.object({ result: z.array(z.unknown()) }) });
const upDocument = z.object({
  pid: z.number(),
  infra: z.literal('docker'),
  addresses: z.object({ postgres: z.string() }),
  containers: z.array(z.object({ service: z.string(), id: z.string(), image: z.string(), url: z.string() })),
});

/** A test that needs an engine, which it is handed. */
function dockerTest(
  name: string,
  body: (our: NonNullable<typeof engine>, context: TestContext) => Promise<void>,
) {
  test(name, { skip }, async (context) => {
    assert.ok(engine);
    await body(engine, context);
  });
}

async function up() {
  const { code, stdout, stderr } = await docker.run('up', '--detach', '--json', ...ports);
  assert.equal(code, 0, stderr);
  return upDocument.parse(JSON.parse(stdout));
}

/** How many series a query finds, once it finds any: Prometheus scrapes every five seconds. */
async function samplesOf(url: string, query: string): Promise<number> {
  const deadline = performance.now() + scrapedWithinMs;
  for (;;) {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { result } = queryAnswer.parse(await response.json()).data;
    if (result.length > 0 || performance.now() > deadline) return result.length;
    await pause(200);
  }
}

function images(document: z.output<typeof upDocument>): Record<string, string> {
  return Object.fromEntries(document.containers.map(({ service, image }) => [service, image]));
}

dockerTest('a mall in Docker sells, is clean, shows its logs, and is gone after down', async (our) => {
  const document = await up();
  const { postgres, nats } = images(document);
  assert.deepEqual([postgres, nats], [officialImages.postgres, officialImages.nats]);
  const running = await containersOf(our, folders.folder);
  for (const { id } of document.containers) assert.ok(running.some((each) => each.startsWith(id)));

  const work = ['--duration', '2s', '--pace', 'none', '--clients', '2', '--seed', '7', '--quiet', '--json'];
  const busywork = await docker.run('busywork', ...work);
  assert.equal(busywork.code, 0, busywork.stderr);
  assert.ok(busyworkDocument.parse(JSON.parse(busywork.stdout)).orders.approved > 0);
  const audit = await docker.run('audit', '--wait', '30s');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);

  assert.match(
    (await docker.run('logs', 'postgres')).stdout,
    /database system is ready to accept connections/,
  );
  assert.match((await docker.run('logs', 'nats')).stdout, /Server is ready/);
  const ps = await docker.run('ps');
  for (const { id, image } of document.containers) assert.match(ps.stdout, new RegExp(`${id} +${image}`));

  assert.equal((await docker.run('down')).code, 0);
  assert.deepEqual(await containersOf(our, folders.folder), []);
  assert.match((await docker.run('logs', 'nats')).stdout, /Server is ready/);
});

dockerTest('data outlives down and kill -9, and goes with a purge', async (our) => {
  const before = await up();
  await connected(before.addresses.postgres, (client) => client.query('create table kept as select 7 as n'));
  assert.equal((await docker.run('down')).code, 0);

  const killed = await up();
  process.kill(killed.pid, 'SIGKILL');
  const after = await up();
  const { rows } = await connected(after.addresses.postgres, (client) => client.query('select n from kept'));
  assert.deepEqual(rows, [{ n: 7 }]);
  assert.equal((await docker.run('audit', '--wait', '30s')).code, 0);

  assert.equal((await docker.run('down', '--purge')).code, 0);
  assert.ok(!existsSync(folders.folder));
  const fresh = await up();
  const found = await connected(fresh.addresses.postgres, (client) =>
    client.query(`select to_regclass('kept') as kept`),
  );
  assert.deepEqual(found.rows, [{ kept: null }]);
  assert.equal((await docker.run('down')).code, 0);
  assert.deepEqual(await containersOf(our, folders.folder), []);
});

dockerTest('what cannot be had is left out and named; Prometheus scrapes the mall', async (our) => {
  const { skip: prometheusMissing } = await engineUnderTest(officialImages.prometheus);
  const without = cliUnderTest({
    MALL_INFRA: 'docker',
    MALL_IMAGES: 'grafana=localhost:1/grafana/grafana:12',
  });
  const started = await without.run('up', '--detach', '--json', '--extras', 'prometheus,grafana', ...ports);
  assert.equal(started.code, 0, started.stderr);
  assert.match(started.stderr, /^without (Prometheus and )?Grafana: no image to be had \(.*refused\)$/m);
  const { containers } = upDocument.parse(JSON.parse(started.stdout));
  const prometheus = containers.find(({ service }) => service === 'prometheus');
  assert.equal(prometheus === undefined, prometheusMissing !== false);
  if (prometheus !== undefined) {
    assert.equal(await samplesOf(prometheus.url, 'up{job="mall"} == 1'), 1);
    assert.match((await without.run('logs', 'prometheus')).stdout, /Server is ready to receive web requests/);
  }
  assert.equal((await without.run('down')).code, 0);
  assert.deepEqual(await containersOf(our, mallFolders(without.home, 'mall').folder), []);
});

dockerTest('Ctrl-C leaves no container, in the middle of the start as well', async (our) => {
  for (const moment of ['starting Postgres and NATS in Docker', 'Ctrl-C stops it.']) {
    const mall = docker.start('up', ...ports);
    await mall.says(moment);
    mall.process.kill('SIGINT');
    const { code, stderr } = await mall.ended;
    assert.ok(code === 0 || code === 130, stderr);
    assert.deepEqual(await containersOf(our, folders.folder), [], moment);
  }
});

dockerTest('kill -9 leaves the containers to the reaper', async (our) => {
  const { pid } = await up();
  process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + reaperWithinMs;
  let left = await containersOf(our, folders.folder);
  while (left.length > 0 && performance.now() < deadline) {
    await pause(100);
    left = await containersOf(our, folders.folder);
  }
  assert.deepEqual(left, []);
  assert.equal((await docker.run('down')).code, 0);
});

dockerTest('without the reaper, what a killed mall has left is removed by the next down', async (our) => {
  const reaperless = cliUnderTest({
    MALL_INFRA: 'docker',
    MALL_EXTRAS: 'none',
    MALL_IMAGES: 'reaper=localhost:1/no/reaper:1',
  });
  const started = await reaperless.run('up', '--detach', ...ports);
  assert.equal(started.code, 0, started.stderr);
  assert.match(started.stderr, /no reaper, no image to be had \(.*refused\): a killed mall leaves/);
  const left = mallFolders(reaperless.home, 'mall');
  const pid = readState(left.state)?.pid;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  assert.ok((await containersOf(our, left.folder)).length >= 2);
  const down = await reaperless.run('down');
  assert.match(down.stderr, /removed \d containers that a killed mall had left/);
  assert.deepEqual(await containersOf(our, left.folder), []);
});

dockerTest('a mall whose NATS is killed stops, says so, and leaves nothing', async (our) => {
  const mall = docker.start('up', ...ports);
  await mall.says('Ctrl-C stops it.');
  const nats = readState(folders.state)?.containers?.find(({ service }) => service === 'nats');
  assert.ok(nats);
  await askEngine(our, 'POST', `/containers/${nats.id}/kill`);
  const { code, stderr } = await mall.ended;
  assert.equal(code, 4, stderr);
  assert.match(stderr, /NATS ended with exit code 137 on its own; the mall has been stopped/);
  assert.deepEqual(await containersOf(our, folders.folder), []);
});

dockerTest('an image that cannot be had ends docker that was asked for, with the way out', async (our) => {
  const without = cliUnderTest({ MALL_INFRA: 'docker', MALL_IMAGES: 'postgres=localhost:1/postgres:18' });
  const { code, stderr } = await without.run('up', ...ports);
  assert.equal(code, 4);
  assert.match(stderr, /The image localhost:1\/postgres:18 cannot be had\.\n {2}cause: .*refused/);
  assert.match(stderr, /`.*mall up --infra embedded` needs no image/);
  assert.deepEqual(await containersOf(our, mallFolders(without.home, 'mall').folder), []);
});

dockerTest(
  'where docker was the default only, embedded servers take over and the reason is told',
  async () => {
    const byDefault = cliUnderTest({ MALL_INFRA: '', MALL_IMAGES: 'postgres=localhost:1/postgres:18' });
    const { code, stdout, stderr } = await byDefault.run('up', '--detach', '--json', ...ports);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).infra, 'embedded');
    assert.match(
      stderr,
      /^The image localhost:1\/postgres:18 cannot be had \(.*refused\): embedded servers instead$/m,
    );
    assert.equal((await byDefault.run('down')).code, 0);
  },
);

dockerTest(
  'docker is the default where an engine answers, and a prefix names where the images are',
  async (our, context) => {
    const copies = ['postgres', 'nats', 'reaper'] as const;
    for (const name of copies) {
      const [image, tag] = officialImages[name].split(':');
      await askEngine(
        our,
        'POST',
        `/images/${officialImages[name]}/tag?repo=mirror.test/hub/${image}&tag=${tag}`,
      );
      context.after(() => askEngine(our, 'DELETE', `/images/mirror.test/hub/${officialImages[name]}`));
    }
    const prefixed = cliUnderTest({ MALL_INFRA: '', MALL_IMAGE_PREFIX: 'mirror.test/hub' });
    const { code, stdout, stderr } = await prefixed.run('up', '--detach', '--json', ...ports);
    assert.equal(code, 0, stderr);
    const { postgres } = images(upDocument.parse(JSON.parse(stdout)));
    assert.equal(postgres, `mirror.test/hub/${officialImages.postgres}`);
    assert.equal((await prefixed.run('down')).code, 0);
  },
);
