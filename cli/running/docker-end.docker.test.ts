import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeContainers } from '../../containers/docker/mall-containers.ts';
import { freePort } from '../../containers/embedded/index.ts';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { readState } from '../malls/state.ts';
import { dockerGround } from '../testing/docker-ground.ts';

/** The reaper waits two seconds for a killed mall to come back; removing takes its time on a busy machine. */
const reaperWithinMs = 20_000;

const dockerTest = await dockerGround();

dockerTest('Ctrl-C leaves no container, in the middle of the start as well', async (ground) => {
  for (const moment of ['starting Postgres and NATS in Docker', 'Ctrl-C stops it.']) {
    const mall = ground.cli.start('up', ...ground.doors);
    await mall.says(moment);
    mall.process.kill('SIGINT');
    const { code, stderr } = await mall.ended;
    assert.ok(code === 0 || code === 130, stderr);
    assert.deepEqual(await ground.containers(), [], moment);
  }
});

dockerTest('kill -9 leaves the containers to the reaper, also while another mall runs', async (ground) => {
  const beside = ground.another({ MALL_INFRA: 'docker', MALL_EXTRAS: 'none' });
  await beside.up('--port', String(await freePort()), '--grpc-port', String(await freePort()));
  const { pid } = await ground.up();
  process.kill(pid, 'SIGKILL');
  const deadline = performance.now() + reaperWithinMs;
  while ((await ground.containers()).length > 0 && performance.now() < deadline) await pause(100);
  assert.deepEqual(await ground.containers(), []);
  assert.equal((await beside.containers()).length, 2);
  assert.equal((await beside.cli.run('down')).code, 0);
  assert.equal((await ground.cli.run('down')).code, 0);
});

dockerTest('without the reaper, what a killed mall has left is removed by the next down', async (ground) => {
  const none = { MALL_EXTRAS: 'none', MALL_IMAGES: 'reaper=localhost:1/no/reaper:1' };
  const reaperless = ground.another({ MALL_INFRA: 'docker', ...none });
  const started = await reaperless.cli.run('up', '--detach', ...ground.doors);
  assert.equal(started.code, 0, started.stderr);
  assert.match(started.stderr, /no reaper, no image to be had \(.*refused\): a killed mall leaves/);
  const pid = readState(reaperless.folders.state)?.pid;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  assert.ok((await reaperless.containers()).length >= 2);
  const down = await reaperless.cli.run('down');
  assert.match(down.stderr, /removed \d containers that a killed mall had left/);
  assert.deepEqual(await reaperless.containers(), []);
});

dockerTest('a mall whose engine has gone away stops all the same, and says so', async (ground) => {
  const socket = join(testFolder(), 'engine.sock');
  const address = ground.engine.address.connection;
  const open = new Set<Socket>();
  const engine = createServer((one) => {
    const other = 'socketPath' in address ? connect(address.socketPath) : connect(address);
    for (const each of [one, other]) open.add(each.on('error', () => each.destroy()));
    one.pipe(other).pipe(one);
  }).listen(socket);
  await once(engine, 'listening');
  const lost = ground.another({
    ...{ MALL_INFRA: 'docker', MALL_EXTRAS: 'none' },
    DOCKER_HOST: `unix://${socket}`,
  });
  const mall = lost.cli.start('up', ...ground.doors);
  await mall.says('Ctrl-C stops it.');
  engine.close();
  for (const each of open) each.destroy();
  await mall.says('Postgres was lost with the Docker engine');
  mall.process.kill('SIGTERM');
  const { code, stderr } = await mall.ended;
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /the Docker engine does not answer \(.*\): `docker rm --force \$\(docker ps .*\)` removes what is left/,
  );
  // The reaper, too, has reached the engine by that socket.
  assert.equal(await removeContainers(ground.engine, lost.folders.folder), 2);
});
