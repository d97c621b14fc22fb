import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { connected, freePort } from '../../containers/embedded/index.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { mallFolders } from '../malls/folders.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const auditDocument = z.object({
  schema: z.literal('mall.audit/1'),
  clean: z.boolean(),
  quiet: z.boolean().nullable(),
  violations: z.number(),
  rules: z.array(
    z.object({
      id: z.string(),
      checked: z.number(),
      violations: z.number(),
      shown: z.array(z.object({ ids: z.array(z.string()), says: z.string() })),
    }),
  ),
});
const upDocument = z.object({ addresses: z.object({ postgres: z.string(), nats: z.string() }) });
const lettersDocument = z.object({ letters: z.array(z.object({ id: z.string() })) });

const busyworkDocument = z.object({ orders: z.object({ placed: z.number() }) });

const cli = cliUnderTest();

test('a mall that does not run cannot be read', async () => {
  const { code, stderr } = await cli.run('audit');
  assert.equal(code, 4, stderr);
  assert.match(
    stderr,
    /The mall "mall" is not running; nothing can be read\.\n {2}next: {2}`mall up --detach`/,
  );
  assert.equal((await cli.run('audit', '--wait', 'soon')).code, 2);
});

test('a mall is clean after busywork; what is changed behind its back is told', async () => {
  const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
  const up = await cli.run('up', '--detach', '--json', '--fast', ...ports);
  assert.equal(up.code, 0, up.stderr);
  const { addresses } = upDocument.parse(JSON.parse(up.stdout));
  const work = ['--duration', '2s', '--pace', 'none', '--clients', '4', '--seed', '7', '--quiet'];
  // On a machine that is busy with other things it may take a while until somebody checks out.
  for (let placed = 0; placed === 0; ) {
    const busywork = await cli.run('busywork', ...work, '--json');
    assert.equal(busywork.code, 0, busywork.stderr);
    placed = busyworkDocument.parse(JSON.parse(busywork.stdout)).orders.placed;
  }

  const clean = await cli.run('audit', '--wait', '20s', '--json');
  assert.equal(clean.code, 0, clean.stdout + clean.stderr);
  const { quiet, rules, violations } = auditDocument.parse(JSON.parse(clean.stdout));
  assert.deepEqual([quiet, violations], [true, 0]);
  assert.ok(rules.some(({ id, checked }) => id === 'contexts-agree' && checked > 0));

  await publish(addresses.nats, 'intellimall.stores.events.Store', 'no envelope');
  const letter = await eventually(async () => {
    const { stdout } = await cli.run('dlq', 'ls', '--json');
    const { letters } = lettersDocument.parse(JSON.parse(stdout));
    assert.equal(letters.length, 3, 'each consumer of stores has parked it');
    return letters[0]?.id ?? '';
  });
  assert.match((await cli.run('dlq', 'retry', letter)).stdout, /parked again/);
  const withLetters = await cli.run('audit', '--wait', '20s', '--allow-dead-letters');
  assert.equal(withLetters.code, 0, withLetters.stdout);

  await connected(addresses.postgres, (client) =>
    client.query(`UPDATE search.orders SET total = total + 0.01 WHERE order_id IN (
                    SELECT order_id FROM search.orders LIMIT 1)`),
  );
  const broken = await cli.run('audit', '--allow-dead-letters');
  assert.equal(broken.code, 7, broken.stderr);
  assert.match(broken.stdout, /^order totals add up +\d+ +- +- +1$/m);
  assert.match(broken.stdout, /its lines come to [\d.]+, but search says [\d.]+ {2}\[\S+/);
  assert.match(broken.stdout, /The mall "mall" has 1 violation \(read in/);

  // Stopped, it tells the same: its servers run for the audit alone.
  assert.equal((await cli.run('down')).code, 0);
  const atRest = await cli.run('audit', '--wait', '5s', '--allow-dead-letters');
  assert.equal(atRest.code, 7, atRest.stderr);
  assert.match(atRest.stderr, /starting Postgres and NATS on the data of the stopped mall/);
  assert.match(atRest.stdout, /The mall "mall" has 1 violation \(read in/);
  const { folder, natsPid, postgresData, lock } = mallFolders(cli.home, 'mall');
  for (const left of [natsPid, lock, join(postgresData, 'postmaster.pid')])
    assert.ok(!existsSync(left), left);
  assert.ok(existsSync(folder));
});

async function publish(natsUrl: string, subject: string, text: string): Promise<void> {
  const connection = await connect({ servers: natsUrl });
  connection.publish(subject, text);
  await connection.drain();
}
