import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  becomesTrue,
  childrenOf,
  freePort,
  isAlive,
  signalQuietly,
} from '../../containers/embedded/index.ts';
import { mallFolders } from '../malls/folders.ts';
import { readState } from '../malls/state.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

/** What a stop may take, whatever hangs. */
const stopWithinMs = 10_000;

for (const mode of ['monolith', 'microservices'] as const) {
  test(`${mode}: a mall whose every part hangs is gone within ten seconds of SIGTERM`, async (context) => {
    const cli = cliUnderTest();
    const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
    const mall = cli.start('up', '--mode', mode, ...ports);
    await mall.says('Ctrl-C stops it.');
    const state = readState(mallFolders(cli.home, 'mall').state) ?? assert.fail('it runs');
    const servers = [state.servers?.postgres.pid, state.servers?.nats.pid].map((pid) => pid ?? 0);
    // Each of Postgres' backends leads a group of its own.
    const halted = [...servers, ...servers.flatMap(childrenOf)];
    if (mode === 'microservices') halted.push(...(state.services ?? []).map(({ pid }) => pid ?? 0));
    context.after(() => {
      for (const pid of halted) signalQuietly(pid, 'SIGKILL');
    });
    const rest = state.addresses?.rest ?? assert.fail('it has a door');
    const traces = state.addresses?.traces ?? assert.fail('it takes traces');
    for (const door of [rest, traces]) await halfARequest(door, context);
    if (mode === 'monolith') await aFollowerOfTheFirstPage(rest);
    for (const pid of halted) signalQuietly(pid, 'SIGSTOP');
    const unanswered = fetch(`${rest}/api/stores`, { method: 'POST', body: '{"name":"a","location":"b"}' });
    unanswered.catch(() => undefined);

    const started = performance.now();
    mall.process.kill('SIGTERM');
    const { code, stderr } = await mall.ended;
    const took = performance.now() - started;
    assert.ok(took < stopWithinMs, `it took ${Math.round(took)} ms: ${stderr}`);
    assert.equal(code, 0, stderr);
    assert.ok(await becomesTrue(() => !halted.some(isAlive), 1_000), 'nothing is left of it');
  });
}

/** A client that has begun a request and says no more. */
async function halfARequest(url: string, context: TestContext): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  context.after(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('POST /v1/traces HTTP/1.1\r\nHost: mall\r\nContent-Length: 1000\r\n\r\nhalf');
}

async function aFollowerOfTheFirstPage(rest: string): Promise<void> {
  const orders = await fetch(`${rest}/landing/orders`);
  assert.equal(orders.status, 200);
  orders.text().catch(() => undefined);
}
