import assert from 'node:assert/strict';
import { z } from 'zod';
import { askEngine } from '../../containers/docker/testing/engine-under-test.ts';
import { type MallState, readState } from '../malls/state.ts';
import { dockerGround } from '../testing/docker-ground.ts';
import { orderCount, untilOrders } from '../testing/order-count.ts';

const psDocument = z.object({
  malls: z.array(
    z.object({
      health: z.string().nullable(),
      servers: z.array(
        z.object({
          name: z.string(),
          phase: z.string(),
          restarts: z.number(),
          lastEnd: z.string().nullable(),
        }),
      ),
    }),
  ),
});

const dockerTest = await dockerGround();

dockerTest(
  'a container that is killed or removed comes back on its data, and nothing is lost',
  async (ground) => {
    // As many tries as usual, which a test can wait for.
    const patient = ground.another({
      ...{ MALL_INFRA: 'docker', MALL_EXTRAS: 'none' },
      MALL_RETRY_DELAYS: '200ms,500ms,1s,2s,4s,8s',
    });
    const { cli, folders } = patient;
    const mall = cli.start('up', ...ground.doors);
    await mall.says('Ctrl-C stops it.');
    const stateNow = () => readState(folders.state) ?? assert.fail('it runs');
    const began = stateNow();
    const shopping = cli.run('busywork', '--duration', '8s', '--pace', 'none', '--clients', '3', '--quiet');
    await untilOrders(began, 3);
    await askEngine(ground.engine, 'POST', `/containers/${idOf(began, 'nats')}/kill`);
    await mall.says('NATS ended with exit code 137 on its own; it is started again');
    await mall.says('NATS runs again');
    await askEngine(ground.engine, 'DELETE', `/containers/${idOf(began, 'postgres')}?force=1&v=1`);
    await mall.says('Postgres ended with exit code 137 on its own; it is started again');
    await mall.says('Postgres runs again');
    await shopping;

    const before = await orderCount(stateNow());
    const more = await cli.run('busywork', '--duration', '2s', '--pace', 'none', '--clients', '3', '--quiet');
    assert.equal(more.code, 0, more.stderr);
    assert.ok((await orderCount(stateNow())) > before, 'shoppers are served as before');
    const audit = await cli.run('audit', '--wait', '60s');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);

    const [listed] = psDocument.parse(JSON.parse((await cli.run('ps', '--json')).stdout)).malls;
    assert.equal(listed?.health, 'ready');
    assert.deepEqual(
      listed?.servers.map(({ name, phase, restarts, lastEnd }) => [name, phase, restarts, lastEnd]),
      [
        ['postgres', 'ready', 1, 'Postgres ended with exit code 137'],
        ['nats', 'ready', 1, 'NATS ended with exit code 137'],
      ],
    );
    assert.deepEqual(stateNow().addresses, began.addresses);
    assert.equal(idOf(stateNow(), 'nats'), idOf(began, 'nats'), 'one that is still there is started again');
    assert.notEqual(
      idOf(stateNow(), 'postgres'),
      idOf(began, 'postgres'),
      'one that was removed is made anew',
    );
    assert.equal((await patient.containers()).length, 2);
    const words = (await cli.run('logs', 'nats')).stdout.match(/Server is ready/g);
    assert.equal(words?.length, 2, 'what it writes is kept after a restart as well');

    mall.process.kill('SIGTERM');
    assert.equal((await mall.ended).code, 0);
    assert.deepEqual(await patient.containers(), []);
  },
);

function idOf({ containers }: MallState, service: 'postgres' | 'nats'): string {
  return containers?.find((each) => each.service === service)?.id ?? assert.fail(service);
}
