import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { freePort, natsBinary } from '../../../containers/embedded/index.ts';
import { testFolder } from '../../../containers/embedded/test-folder.ts';
import { eventually } from '../testing/index.ts';
import { Broker } from './broker.ts';
import { messagingLimits } from './limits.ts';

const limits = { ...messagingLimits, streamReplicas: 3, streamMaxBytes: 16 * 1024 ** 2 };
const folder = testFolder();
const servers = new Map<string, ChildProcess>();
const members: { name: string; port: number; cluster: number }[] = [];

/** Three servers as containers/kubernetes/nats.conf puts them together, on ports of this machine. */
before(async () => {
  const { path } = await natsBinary();
  for (const name of ['one', 'two', 'three'])
    members.push({ name, port: await freePort(), cluster: await freePort() });
  const routes = members.map(({ cluster }) => `nats://127.0.0.1:${cluster}`).join(',');
  for (const { name, port, cluster } of members) {
    const own = ['--name', name, '--addr', '127.0.0.1', '--port', String(port)];
    const store = ['--jetstream', '--store_dir', join(folder, name)];
    const others = ['--cluster_name', 'mall', '--cluster', `nats://127.0.0.1:${cluster}`, '--routes', routes];
    servers.set(name, spawn(path, [...own, ...store, ...others], { stdio: 'ignore' }));
  }
});
after(async () => {
  for (const server of servers.values()) {
    if (server.exitCode !== null || server.signalCode !== null) continue;
    const ended = once(server, 'close');
    server.kill('SIGKILL');
    await ended;
  }
});

test('a stream with three replicas goes on, and has all it had, when its leader is lost', async () => {
  const url = `nats://127.0.0.1:${members[0]?.port}`;
  const broker = await eventually(() => Broker.open({ url, stream: 'mall', limits }), { withinMs: 30_000 });
  after(() => broker.close());
  for (let n = 0; n < 20; n++)
    await broker.publish('mall.stores.events.Store', Buffer.from('x'), `before-${n}`);
  const { config, cluster } = await (await jetstreamManager(broker.connection)).streams.info('mall');
  assert.equal(config.num_replicas, 3);
  assert.equal(cluster?.replicas?.length, 2);
  servers.get(cluster?.leader ?? '')?.kill('SIGKILL');
  const { seq } = await eventually(
    () => broker.publish('mall.stores.events.Store', Buffer.from('x'), 'afterwards'),
    { withinMs: 30_000 },
  );
  assert.equal(seq, 21);
});
