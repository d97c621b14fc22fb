import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { freePort, isAlive } from '../../containers/embedded/index.ts';
import { mallFolders } from '../malls/folders.ts';
import { readState } from '../malls/state.ts';
import { cliUnderTest } from '../testing/cli-process.ts';
import { orderCount, untilOrders } from '../testing/order-count.ts';

const psDocument = z.object({
  malls: z.array(
    z.object({
      health: z.string().nullable(),
      servers: z.array(
        z.object({
          name: z.string(),
          phase: z.string(),
          pid: z.number(),
          restarts: z.number(),
          lastEnd: z.string(),
        }),
      ),
    }),
  ),
});

for (const mode of ['monolith', 'microservices'] as const) {
  test(`${mode}: a server that is killed is started again, the mall goes on, and nothing is lost`, async () => {
    // As many tries as usual, which a test can wait for.
    const cli = cliUnderTest({ MALL_RETRY_DELAYS: '200ms,500ms,1s,2s,4s,8s' });
    const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
    const mall = cli.start('up', '--mode', mode, ...ports);
    await mall.says('Ctrl-C stops it.');
    const stateNow = () => readState(mallFolders(cli.home, 'mall').state) ?? assert.fail('it runs');
    const shopping = cli.run('busywork', '--duration', '8s', '--pace', 'none', '--clients', '3', '--quiet');
    await untilOrders(stateNow(), 3);
    for (const [server, title] of [
      ['nats', 'NATS'],
      ['postgres', 'Postgres'],
    ] as const) {
      const pid = stateNow().servers?.[server].pid;
      process.kill(pid ?? assert.fail('it is a process of ours'), 'SIGKILL');
      await mall.says(`${title} ended with SIGKILL on its own; it is started again`);
      await mall.says(`${title} runs again`);
    }
    await shopping;
    const before = await orderCount(stateNow());
    const more = await cli.run('busywork', '--duration', '3s', '--pace', 'none', '--clients', '3', '--quiet');
    assert.equal(more.code, 0, more.stderr);
    assert.ok((await orderCount(stateNow())) > before, 'shoppers are served as before');
    const audit = await cli.run('audit', '--wait', '60s');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);

    const { stdout } = await cli.run('ps', '--json');
    const [listed] = psDocument.parse(JSON.parse(stdout)).malls;
    assert.equal(listed?.health, 'ready');
    assert.deepEqual(
      listed?.servers.map(({ name, phase, restarts, lastEnd }) => [name, phase, restarts, lastEnd]),
      [
        ['postgres', 'ready', 1, 'Postgres ended with SIGKILL'],
        ['nats', 'ready', 1, 'NATS ended with SIGKILL'],
      ],
    );
    const doctor = await cli.run('doctor');
    assert.match(
      doctor.stdout,
      /warn {2}malls +under mall, Postgres ended with SIGKILL; it is ready, started again 1/,
    );

    mall.process.kill('SIGTERM');
    assert.equal((await mall.ended).code, 0);
    for (const { pid } of listed?.servers ?? []) assert.ok(!isAlive(pid));
  });
}
