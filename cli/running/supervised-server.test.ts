import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { SupervisedServer } from './supervised-server.ts';

const logger = pino({ level: 'silent' });
const limits = { restartBackoffMs: [1, 4], recoveredAfterMs: 60_000, endsInARow: 3 } as const;

/** A server that comes up so many times and ends when it is told to. */
function fragile(starts: number) {
  const said: string[] = [];
  let started = 0;
  let end: (how: string) => void = () => undefined;
  const stopping = new AbortController();
  const options = {
    title: 'Postgres',
    limits,
    logger,
    signal: stopping.signal,
    onNotice: (sentence: string) => said.push(sentence),
    start: async ({ port = 1 }: { port: number | undefined }) => {
      if (++started > starts) throw new Error('no space left on the disk');
      const { promise: exited, resolve } = Promise.withResolvers<string>();
      end = resolve;
      const stop = async () => resolve('stopped');
      return { url: `postgres://there:${port}`, port, pid: 100 + started, version: '18', exited, stop };
    },
  };
  return { options, said, stopping, end: (how: string) => end(how), started: () => started };
}

async function untilPhase(server: SupervisedServer, phase: string): Promise<void> {
  while (server.state.phase !== phase) await new Promise<void>((resolve) => (server.changed = resolve));
}

test('a server that ends is started again on its port, and both are said', async () => {
  const { options, said, end } = fragile(2);
  const server = await SupervisedServer.start(options);
  end('Postgres ended with SIGKILL');
  await untilPhase(server, 'restarting');
  assert.equal(server.state.pid, undefined);
  await untilPhase(server, 'ready');
  const { pid, port, restarts, lastEnd } = server.state;
  assert.deepEqual([pid, port, restarts, lastEnd], [102, 1, 1, 'Postgres ended with SIGKILL']);
  assert.deepEqual(said, [
    'Postgres ended with SIGKILL on its own; it is started again',
    'Postgres runs again (process 102) on the data it had',
  ]);
  await server.stop();
});

test('one that does not come back is lost, with its reason', async () => {
  const { options, end } = fragile(1);
  const server = await SupervisedServer.start(options);
  end('Postgres ended with SIGKILL');
  assert.equal(await server.lost, 'Postgres has ended 3 times in a row (no space left on the disk)');
  assert.equal(server.state.phase, 'lost');
  assert.equal(server.state.lastEnd, 'Postgres ended with SIGKILL');
});

test('one that ends while the mall stops stays away', async () => {
  const { options, said, stopping, end, started } = fragile(2);
  const server = await SupervisedServer.start(options);
  stopping.abort();
  end('Postgres ended with SIGINT');
  await server.stop();
  assert.equal(started(), 1);
  assert.deepEqual(said, []);
});
