import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { officialImages } from '../../containers/docker/images.ts';
import { askEngine } from '../../containers/docker/testing/engine-under-test.ts';
import { connected } from '../../containers/embedded/index.ts';
import { containerOf, dockerGround } from '../testing/docker-ground.ts';

const busyworkDocument = z.object({ orders: z.object({ approved: z.number() }) });

const inspected = z.object({ Config: z.object({ Labels: z.record(z.string(), z.string()) }) });
const sessionLabel = 'org.testcontainers.session-id';

const dockerTest = await dockerGround();

dockerTest('a mall in Docker sells, is clean, shows its logs, and is gone after down', async (ground) => {
  const { cli } = ground;
  const mall = await ground.up();
  assert.equal(containerOf(mall, 'postgres').image, officialImages.postgres);
  assert.equal(containerOf(mall, 'nats').image, officialImages.nats);
  const running = await ground.containers();
  for (const { id } of mall.containers) assert.ok(running.some((each) => each.startsWith(id)));
  const sessions = running.map(async (id) => {
    const answer = await askEngine(ground.engine, 'GET', `/containers/${id}/json`);
    return inspected.parse(JSON.parse(answer)).Config.Labels[sessionLabel];
  });
  assert.equal(new Set(await Promise.all(sessions)).size, 1, 'one reaper watches over all of them');

  const work = ['--duration', '2s', '--pace', 'none', '--clients', '2', '--seed', '7', '--quiet', '--json'];
  const busywork = await cli.run('busywork', ...work);
  assert.equal(busywork.code, 0, busywork.stderr);
  assert.ok(busyworkDocument.parse(JSON.parse(busywork.stdout)).orders.approved > 0);
  const audit = await cli.run('audit', '--wait', '30s');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);

  assert.match((await cli.run('logs', 'postgres')).stdout, /database system is ready to accept connections/);
  assert.match((await cli.run('logs', 'nats')).stdout, /Server is ready/);
  const ps = await cli.run('ps');
  for (const { id, image } of mall.containers) assert.match(ps.stdout, new RegExp(`${id} +${image}`));

  assert.equal((await cli.run('down')).code, 0);
  assert.deepEqual(await ground.containers(), []);
  assert.match((await cli.run('logs', 'nats')).stdout, /Server is ready/);

  // Stopped, it tells the same: its servers run in containers for the audit alone.
  const atRest = await cli.run('audit', '--wait', '30s');
  assert.equal(atRest.code, 0, atRest.stdout + atRest.stderr);
  assert.match(atRest.stderr, /in Docker on the data of the stopped mall/);
  assert.match(atRest.stdout, /^The mall "mall" keeps its promises/m);
  assert.deepEqual(await ground.containers(), []);
});

dockerTest('data outlives down and kill -9, and goes with a purge', async (ground) => {
  const { cli, folders } = ground;
  const before = await ground.up();
  await connected(before.addresses.postgres, (client) => client.query('create table kept as select 7 as n'));
  assert.equal((await cli.run('down')).code, 0);

  const killed = await ground.up();
  process.kill(killed.pid, 'SIGKILL');
  const after = await ground.up();
  const { rows } = await connected(after.addresses.postgres, (client) => client.query('select n from kept'));
  assert.deepEqual(rows, [{ n: 7 }]);

  assert.equal((await cli.run('down', '--purge')).code, 0);
  assert.ok(!existsSync(folders.folder));
  const fresh = await ground.up();
  const found = await connected(fresh.addresses.postgres, (client) =>
    client.query(`select to_regclass('kept') as kept`),
  );
  assert.deepEqual(found.rows, [{ kept: null }]);
  assert.equal((await cli.run('down')).code, 0);
  assert.deepEqual(await ground.containers(), []);
});

dockerTest('an image that cannot be had ends docker that was asked for, with the way out', async (ground) => {
  const without = ground.another({ MALL_INFRA: 'docker', MALL_IMAGES: 'postgres=localhost:1/postgres:18' });
  const { code, stderr } = await without.cli.run('up', ...ground.doors);
  assert.equal(code, 4);
  assert.match(stderr, /The image localhost:1\/postgres:18 cannot be had\.\n {2}cause: .*refused/);
  assert.match(stderr, /`.*mall up --infra embedded` needs no image/);
  assert.deepEqual(await without.containers(), []);
});

dockerTest(
  'where docker was the default only, embedded servers take over and one line says why',
  async (ground) => {
    const { cli, doors } = ground.another({
      MALL_INFRA: '',
      MALL_IMAGES: 'postgres=localhost:1/postgres:18',
    });
    const { code, stdout, stderr } = await cli.run('up', '--detach', '--json', ...doors);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).infra, 'embedded');
    const reason =
      /^The image localhost:1\/postgres:18 cannot be had \(.*refused\): embedded servers instead$/m;
    assert.match(stderr, reason);
    assert.equal((await cli.run('down')).code, 0);
  },
);

dockerTest(
  'docker is the default where an engine answers; a prefix names where images are',
  async (ground, context) => {
    const { engine } = ground;
    for (const name of ['postgres', 'nats', 'reaper'] as const) {
      const [image, tag] = officialImages[name].split(':');
      const copy = `repo=mirror.test/hub/${image}&tag=${tag}`;
      await askEngine(engine, 'POST', `/images/${officialImages[name]}/tag?${copy}`);
      context.after(() => askEngine(engine, 'DELETE', `/images/mirror.test/hub/${officialImages[name]}`));
    }
    const prefix = { MALL_IMAGE_PREFIX: 'mirror.test/hub', MALL_EXTRAS: 'none' };
    const prefixed = ground.another({ MALL_INFRA: '', ...prefix });
    const mall = await prefixed.up();
    assert.equal(containerOf(mall, 'postgres').image, `mirror.test/hub/${officialImages.postgres}`);
    assert.equal((await prefixed.cli.run('down')).code, 0);
  },
);
