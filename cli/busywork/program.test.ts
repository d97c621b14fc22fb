import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { BusyworkUsageError } from './errors.ts';
import { openTestMall } from './testing/in-memory-mall.ts';
import { refusal } from './testing/routes.ts';
import { parseReport, startRun, type TestRun, texts } from './testing/surroundings.ts';
import type { Seen, TestMall } from './testing/types.ts';

let mall: TestMall;
beforeEach(async () => {
  mall = await openTestMall();
});
afterEach(() => mall.close());

function stock(stores = 3): void {
  for (let store = 1; store <= stores; store += 1) {
    const storeId = mall.addStore(`Store ${store}`);
    const product = {
      id: `p${store}`,
      storeId,
      name: `Hat ${store}`,
      description: 'd',
      sku: 's',
      price: 5.05,
    };
    mall.products.set(product.id, product);
  }
}

/** Stops the run once a line like this was seen so many times. */
function stopAfter(run: TestRun, count: number, pattern: RegExp): void {
  let seen = 0;
  run.onLine = (line) => {
    if (pattern.test(line)) seen += 1;
    if (seen === count) run.stop();
  };
}

const isCheckout = (seen: Seen) => seen.path.endsWith('/checkout');

test('a run counts what the mall has seen, follows every order to its approval and ends with 0', async () => {
  stock();
  mall.orderStatus = (look) => ['', 'pending', 'approved'][look - 1] ?? 'approved';
  const run = startRun(mall, { clients: '5', json: true, pace: 'none' });
  stopAfter(run, 20, /is OK with/);
  assert.equal(await run.exitCode, 0);
  const report = parseReport(run);
  const placed = [...mall.baskets.values()].filter((basket) => basket.state === 'checked out').length;
  assert.ok(placed >= 15, `${placed} orders`);
  assert.deepEqual(
    [report.orders.placed, report.orders.approved, report.orders.open, report.orders.unconfirmed],
    [placed, placed, 0, 0],
  );
  const looks = mall.requests.filter((seen) => seen.path.startsWith('/api/ordering/')).length;
  assert.equal(report.follow.calls, looks);
  const counted = report.calls.reduce((sum, row) => sum + row.calls + row.cutShort, 0);
  const greeting = 1;
  const lost = mall.requests.length - looks - greeting - counted;
  assert.ok(
    lost <= 0 && lost >= -5,
    'each call is counted once; at most one per client was cut before it left',
  );
  const states = [...mall.baskets.values()].map((basket) => basket.state);
  assert.ok(
    states.filter((state) => state === 'open').length <= 5,
    'only a start cut short leaves its basket',
  );
});

test("a client's decisions depend on the seed and its number alone", async () => {
  const considered = async (flags: { seed: string; clients: string }) => {
    const run = startRun(mall, flags);
    stopAfter(run, 30, /\[Client 1\] is considering/);
    await run.exitCode;
    return texts(run.out, 1)
      .filter((text) => text.startsWith('is considering'))
      .slice(0, 30);
  };
  const alone = await considered({ seed: '7', clients: '1' });
  stock();
  assert.deepEqual(await considered({ seed: '7', clients: '4' }), alone, 'with others, and another mall');
  assert.notDeepEqual(await considered({ seed: '8', clients: '1' }), alone);
});

test('without stores the clients say so and go on', async () => {
  const run = startRun(mall, { seed: '11' });
  stopAfter(run, 1, /but has no stores to shop at/);
  assert.equal(await run.exitCode, 0);
  assert.equal(mall.baskets.size, 0);
  assert.equal(texts(run.out, 1).at(-1), 'Quitting time');
});

test('trouble is told with the words of the mall, counted, and makes the run end with 1', async () => {
  stock();
  mall.intercept = (seen) =>
    seen.path.endsWith('/rebrand') ? refusal(409, 'somebody else was faster') : undefined;
  const run = startRun(mall, { json: true });
  stopAfter(run, 2, /is having a hard time/);
  assert.equal(await run.exitCode, 1);
  const told = texts(run.err, 1).filter((text) => text.startsWith('is having'));
  assert.equal(told[0], 'is having a hard time. Error: somebody else was faster');
  const report = parseReport(run);
  const [first] = report.firstTroubles;
  assert.equal(first?.reason, 'somebody else was faster');
  const rebrand = mall.requests.find((seen) => seen.path.endsWith('/rebrand'));
  assert.equal(rebrand?.traceparent.split('-')[1], first?.traceId, 'the trace leads to the call');
  const failed = report.calls.filter((row) => row.failed > 0);
  assert.deepEqual(
    failed.map((row) => row.failures),
    failed.map((row) => ({ 409: row.failed })),
  );
});

test('a mall that stops answering costs each call its timeout', async () => {
  const run = startRun(mall, { timeout: '20ms' });
  run.onLine = (line) => {
    if (/is considering/.test(line)) mall.intercept = () => 'hang';
    if (/is having a hard time/.test(line)) run.stop();
  };
  assert.equal(await run.exitCode, 1);
  assert.ok(texts(run.out, 1).includes('is having a hard time. Error: no answer within 20 ms'));
  assert.ok(run.out.some((line) => /^failed: .*: 1 × timeout$/.test(line)));
});

test('a stop ends a call that hangs at once, and is no failure (B-02)', async () => {
  const run = startRun(mall, { timeout: '10m', json: true, clients: '3' });
  let hanging = 0;
  mall.intercept = (seen) => {
    if (seen.path === '/api/stores' && mall.requests.length === 1) return undefined;
    hanging += 1;
    if (hanging === 3) setImmediate(run.stop);
    return 'hang';
  };
  assert.equal(await run.exitCode, 0);
  const quits = run.err.filter((line) => /\[Client [123]\] Quitting time$/.test(line));
  assert.equal(quits.length, 3);
  const cut = parseReport(run).activities.reduce((sum, row) => sum + row.cutShort, 0);
  assert.equal(cut, 3);
});

test('a basket that was open at the stop is put back', async () => {
  stock();
  const run = startRun(mall, { json: true });
  mall.intercept = (seen) => {
    if (!seen.path.endsWith('/addItem')) return undefined;
    run.stop();
    return 'hang';
  };
  assert.equal(await run.exitCode, 0);
  const states = [...mall.baskets.values()].map((basket) => basket.state);
  assert.ok(states.length > 0 && states.every((state) => state !== 'open'));
});

test('a checkout cut short is followed to see whether there is an order', async () => {
  stock();
  const run = startRun(mall, { json: true });
  mall.intercept = (seen) => {
    if (!isCheckout(seen)) return undefined;
    const [id = ''] = /[\da-f-]{36}/.exec(seen.path) ?? [];
    const basket = mall.baskets.get(id);
    if (basket) basket.state = 'checked out';
    run.stop();
    return 'hang';
  };
  assert.equal(await run.exitCode, 0);
  const { placed, approved, unconfirmed } = parseReport(run).orders;
  assert.deepEqual({ placed, approved, unconfirmed }, { placed: 1, approved: 1, unconfirmed: 0 });
});

test('orders are followed to whatever becomes of them', async () => {
  stock();
  const ends = ['approved', 'rejected', 'cancelled'];
  const seen: string[] = [];
  mall.orderStatus = (_, id) => {
    if (!seen.includes(id)) seen.push(id);
    return ends[seen.indexOf(id) % ends.length] ?? '';
  };
  const run = startRun(mall, { json: true });
  stopAfter(run, 6, /is OK with/);
  await run.exitCode;
  const { placed, approved, rejected, cancelled } = parseReport(run).orders;
  assert.equal(placed, approved + rejected + cancelled);
  assert.ok(approved >= 1 && rejected >= 1 && cancelled >= 1);
});

/** Runs until the program waits for an order that stays pending, then does this. */
async function withOpenOrder(run: TestRun, meanwhile: () => void, end: () => void): Promise<void> {
  stock();
  mall.orderStatus = () => 'pending';
  run.onLine = (line) => {
    if (/ waiting up to 10 s for .*, Ctrl-C skips this$/.test(line)) setImmediate(meanwhile);
    else if (/is OK with/.test(line))
      mall.intercept = (seen) => (isCheckout(seen) ? endAfter(end) : undefined);
  };
  await run.exitCode;
}

/** Lets the call be answered and ends the shopping a moment later. */
function endAfter(end: () => void): undefined {
  setImmediate(() => setImmediate(end));
}

test('open orders are waited for until the grace is over', async () => {
  const run = startRun(mall, { json: true });
  await withOpenOrder(run, () => run.clock.pass(10_000), run.stop);
  const report = parseReport(run);
  assert.equal(report.orders.open, 1);
  assert.equal(report.endedBy, 'signal');
});

test('a second stop skips the wait', async () => {
  const run = startRun(mall, { json: true });
  await withOpenOrder(run, run.abandon, run.stop);
  assert.equal(parseReport(run).orders.open, 1);
});

test('when the duration has ended the shopping, the first stop skips the wait', async () => {
  const run = startRun(mall, { json: true, duration: '5m' });
  await withOpenOrder(run, run.stop, () => run.clock.pass(300_000));
  const report = parseReport(run);
  assert.equal(report.orders.open, 1);
  assert.equal(report.endedBy, 'duration');
});

test('no mall to talk to: the cause, what to type, and 4', async () => {
  const gone = await openTestMall();
  await gone.close();
  const run = startRun(gone);
  assert.equal(await run.exitCode, 4);
  assert.deepEqual(run.out, []);
  const [error, shutdown] = run.err;
  assert.match(
    error ?? '',
    /^\d\d:\d\d:\d\d No mall can be reached at .*: connect ECONNREFUSED .*\. Next: `.*mall up`$/,
  );
  assert.match(shutdown ?? '', /^\d\d:\d\d:\d\d busywork shutdown$/);
});

test('something else than a mall behind the port: 4 as well', async () => {
  mall.intercept = () => ({ status: 200, body: '<html>It works!</html>' });
  const run = startRun(mall);
  assert.equal(await run.exitCode, 4);
  assert.match(run.err[0] ?? '', /list stores was answered with something else than expected/);
});

test('progress is told every 10 s where somebody watches it and nothing else scrolls by', async () => {
  const onTerminal = startRun(mall, {}, { out: false, err: true });
  onTerminal.onLine = (line) => {
    if (/is considering/.test(line)) onTerminal.clock.pass(10_000);
    if (/ so far \d+ calls, 0 failed; orders: 0 placed, 0 approved, 0 rejected$/.test(line))
      onTerminal.stop();
  };
  assert.equal(await onTerminal.exitCode, 0);
  for (const watched of [
    { out: true, err: true },
    { out: false, err: false },
  ]) {
    const run = startRun(mall, { grace: '0s' }, watched);
    stopAfter(run, 1, /is considering/);
    await run.exitCode;
    assert.ok(!run.clock.asked.includes(10_000));
  }
});

test('bad flags are refused before anything happens', async () => {
  await assert.rejects(startRun(mall, { clients: '26' }).exitCode, BusyworkUsageError);
  assert.equal(mall.requests.length, 0);
});

test('a seed nobody gave is told, so that the run can be repeated', async () => {
  const run = startRun(mall, { seed: undefined });
  stopAfter(run, 1, /is considering/);
  await run.exitCode;
  assert.match(run.err[0] ?? '', /^\d\d:\d\d:\d\d seed 42; --seed=42 makes the same decisions again$/);
  assert.ok(run.out.some((line) => line.includes('seed 42')));
});

test('the calls of an activity are one trace, those of two are two', async () => {
  stock();
  const run = startRun(mall);
  stopAfter(run, 2, /is OK with/);
  await run.exitCode;
  const traceOf = (seen: Seen) => seen.traceparent.split('-')[1];
  const payment = mall.requests.find((seen) => seen.path === '/api/payments');
  const together = mall.requests.filter((seen) => payment && traceOf(seen) === traceOf(payment));
  assert.equal(together.filter((seen) => seen.path === '/api/customers').length, 1);
  assert.equal(together.filter(isCheckout).length, 1);
  for (const seen of mall.requests) assert.match(seen.traceparent, /^00-[\da-f]{32}-[\da-f]{16}-0[01]$/);
});
