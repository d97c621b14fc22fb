import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../../containers/embedded/index.ts';
import { type Health, readiness } from './health.ts';

/** What is made of a mall that answers like this. */
async function healthOf(answer: { readonly status: number; readonly body: string }): Promise<Health> {
  const server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await readiness(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a mall that is not ready is told by the checks that failed, in full', async () => {
  const problem = `missing at the broker, or not read yet: ${'depot-stores, '.repeat(20)}`;
  const checks = { broker: 'ok', 'depot consumers': problem };
  assert.deepEqual(await healthOf({ status: 503, body: JSON.stringify({ ready: false, checks }) }), {
    ready: false,
    text: `not ready: depot consumers: ${problem}`,
    problems: [{ check: 'depot consumers', problem }],
  });
});

test('one that answers with anything else is told by its status', async () => {
  for (const body of ['', 'Bad gateway', 'null', '{"checks":null}'])
    assert.equal((await healthOf({ status: 502, body })).text, 'not ready: status 502');
});

test('where nobody listens there is no answer', async () => {
  const { text } = await readiness(`http://127.0.0.1:${await freePort()}`);
  assert.match(text, /^no answer: .*ECONNREFUSED/);
});
