import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pino } from 'pino';
import { freshDatabase, testServers, uniqueName } from '../../containers/embedded/test-servers.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { type RunningMall, startMall } from '../../services/mall.ts';
import { startTraces, type Traces } from '../running/traces.ts';
import { settingsSchema } from '../settings/table.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();
let servers: Awaited<ReturnType<typeof testServers>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let traces: Traces | undefined;
let mall: RunningMall;
let orderId: string;

before(async () => {
  servers = await testServers();
  database = await freshDatabase(servers.postgresUrl);
  traces = await startTraces({ settings: settingsSchema.parse({ tracing: 'all' }), port: 0 });
  mall = await startMall(
    {
      postgresUrl: database.url,
      natsUrl: servers.natsUrl,
      natsStream: uniqueName('traces'),
      host: '127.0.0.1',
      restPort: 0,
      grpcPort: 0,
      logger: pino({ level: 'silent' }),
      tracing: traces?.tracing,
      tracesUrl: traces?.queryUrl,
    },
    () => undefined,
  );
  const item = { storeId: 's', productId: 'p', storeName: 's', productName: '<b>', price: 1, quantity: 1 };
  const response = await fetch(`${mall.restUrl}/api/ordering`, {
    method: 'POST',
    body: JSON.stringify({ customerId: 'nobody', paymentId: 'none', items: [item] }),
  });
  orderId = JSON.parse(await response.text()).id;
});
after(async () => {
  await mall?.stop();
  await traces?.stop();
  await database?.drop();
  await servers?.stop();
});

test('an order is followed from its request to its end, with what happened on the way', async () => {
  const { stdout } = await eventually(async () => {
    const result = await cli.run('trace', orderId, '--url', mall.restUrl);
    assert.match(result.stdout, /search +process ordersapi\.OrderRejected/, result.stderr);
    return result;
  });
  const order = [
    /^POST \/api\/ordering \d/,
    /gateway +POST \/api\/ordering .*█/,
    /ordering +orderingpb\.OrderingService\/CreateOrder .*█/,
    /cosec +process ordersapi\.OrderCreated → authorize customer .*█/,
    /customers +process customersapi\.AuthorizeCustomer .*█/,
    /cosec +process am\.Failure → undo create order .*█/,
    /ordering +process ordersapi\.RejectOrder .*█/,
  ];
  const lines = stdout.split('\n');
  const found = order.map((pattern) => lines.findIndex((line) => pattern.test(line)));
  assert.deepEqual(
    found,
    [...found].sort((one, other) => one - other),
    stdout,
  );
  assert.ok(!found.includes(-1), stdout);
});

test('as a document, by its trace, and with every step', async () => {
  const { stdout } = await cli.run('trace', orderId, '--json', '--url', mall.restUrl);
  const document = JSON.parse(stdout);
  assert.equal(document.schema, 'mall.trace/1');
  const [trace] = document.traces;
  assert.deepEqual(trace.orders, [orderId]);
  const byTrace = await cli.run('trace', trace.traceId, '--spans', '--url', mall.restUrl);
  assert.match(byTrace.stdout, /INSERT cosec\.inbox, INSERT cosec\.sagas/);
});

test('what is not there is said so', async () => {
  const nobodys = await cli.run('trace', 'nobodys', '--url', mall.restUrl);
  assert.equal(nobodys.code, 1);
  assert.match(nobodys.stderr, /The mall has no trace of "nobodys"/);
  const away = await cli.run('trace', 'x', '--url', 'http://127.0.0.1:1');
  assert.equal(away.code, 4);
  const bad = await cli.run('trace', 'x', '--url', 'here');
  assert.equal(bad.code, 2);
  assert.equal((await cli.run('trace', 'x')).code, 4);
});

test('the pages list traces and draw them, and put nothing foreign into their markup', async () => {
  const get = async (path: string) => {
    const response = await fetch(`${mall.restUrl}${path}`);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const list = await get('/traces/');
  assert.equal(list.status, 200);
  assert.match(list.text, /POST \/api\/ordering/);
  assert.match(list.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  const page = await get(`/traces/${orderId}`);
  assert.match(page.text, /process ordersapi\.OrderRejected/);
  assert.match(page.text, /<rect class="wait"/);
  const missing = await get('/traces/%3Cscript%3E');
  assert.equal(missing.status, 404);
  assert.match(missing.text, /There is no trace of <code>&lt;script&gt;/);
  for (const { text } of [list, page, missing])
    assert.doesNotMatch(text, /<script|style=|https?:\/\/(?!127)/);
  assert.equal((await get('/traces/?service=nobody&minMs=abc')).status, 200);
  const slow = await get('/traces/?minMs=999999');
  assert.match(slow.text, /There are no such traces yet/);
});

test('a reader that is away is told, and no page fails', async () => {
  await traces?.stop();
  const response = await fetch(`${mall.restUrl}/traces/${orderId}`);
  assert.equal(response.status, 503);
  assert.match(await response.text(), /traces cannot be read from http/);
  const asked = await cli.run('trace', orderId, '--url', mall.restUrl);
  assert.equal(asked.code, 4);
  assert.match(asked.stderr, /There is nothing to be read: traces cannot be read from/);
});
