import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestServers, testServers, uniqueName } from '../../../containers/embedded/test-servers.ts';
import { healthRoutes, httpLimits, httpServer } from '../http/index.ts';
import { Metrics } from '../telemetry/index.ts';
import { launchBrowser, noBrowser } from '../testing/browser.ts';
import { eventually } from '../testing/index.ts';
import { landing } from './index.ts';
import { publisher } from './testing/order-messages.ts';

let servers: TestServers;
before(async () => {
  servers = await testServers();
});
after(() => servers.stop());

const contexts = ['cosec', 'ordering', 'payments'] as const;

async function mallPage(options: { natsUrl?: string; problem?: string; traces?: boolean } = {}) {
  const stream = uniqueName('landing');
  const app = httpServer(httpLimits);
  const checks = [{ name: 'payments outbox', check: async () => options.problem }];
  healthRoutes(app, { checks, metrics: new Metrics() });
  await app.register(
    landing({
      contexts,
      restContexts: ['ordering', 'payments'],
      traces: options.traces ?? true,
      natsUrl: options.natsUrl ?? servers.natsUrl,
      natsStream: stream,
      grpcAddress: () => '127.0.0.1:9000',
    }),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, url, stream, orders: await publisher(servers.natsUrl, stream) };
}

async function withPage(
  work: (page: Awaited<ReturnType<typeof mallPage>>) => Promise<void>,
  options: Parameters<typeof mallPage>[0] = {},
) {
  const page = await mallPage(options);
  try {
    await work(page);
  } finally {
    await page.orders.close();
    await page.app.close();
  }
}

/** Reads the feed as a browser does. */
async function reader(url: string) {
  const end = new AbortController();
  const answer = await fetch(`${url}/landing/orders`, { signal: end.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk;
  })().catch(() => undefined);
  return { answer, text: () => text, ended: reading, close: () => end.abort() };
}

test('the page names what runs and leads on; it needs this host alone', () =>
  withPage(async ({ app }) => {
    const { body, headers } = await app.inject('/');
    for (const link of ['/swagger-ui/', '/asyncapi/', '/traces/', '/metrics', '/ordering-spec/']) {
      assert.ok(body.includes(`href="${link}"`), link);
    }
    assert.ok(!body.includes('/cosec-spec/'));
    assert.match(body, /127\.0\.0\.1:9000/);
    assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)|https?:\/\//);
    assert.match(String(headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
    assert.equal((await app.inject('/index.html')).headers.location, '/');
    for (const file of ['style.css', 'script.js', 'icon.svg']) {
      assert.equal((await app.inject(`/landing/${file}`)).statusCode, 200, file);
    }
  }));

test('readers hear of orders from when they came, and of nothing before', () =>
  withPage(async ({ url, orders }) => {
    orders.event('OrderCreated', 'past');
    const one = await reader(url);
    assert.equal(one.answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    await eventually(() => assert.match(one.text(), /retry: 3000/));
    orders.nonsense();
    orders.event('OrderCreated', 'order-1');
    orders.command('payments.commands', 'paymentsapi.ConfirmPayment', 'order-1');
    orders.event('OrderApproved', 'order-1');
    await eventually(() => {
      assert.match(one.text(), /event: orders\ndata: .*"id":"order-1".*"state":"pending"/);
      assert.match(one.text(), /"step":"confirm payment"/);
      assert.match(one.text(), /"state":"approved"/);
    });
    assert.doesNotMatch(one.text(), /past/);
    one.close();
  }));

test('a stop ends the readers and does not wait for them', async () => {
  const { app, url, orders } = await mallPage();
  const one = await reader(url);
  await orders.close();
  await app.close();
  await one.ended;
  assert.equal(one.answer.status, 200);
});

test('without a broker the feed says so, and the page is there', () =>
  withPage(
    async ({ app, url }) => {
      const { answer } = await reader(url);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '5');
      assert.equal((await app.inject('/')).statusCode, 200);
    },
    { natsUrl: 'nats://127.0.0.1:1' },
  ));

describe('in a browser', { skip: noBrowser }, () => {
  const looks = [
    { name: 'a desk, light', width: 1_280, colorScheme: 'light', traces: true },
    { name: 'a phone, dark, without traces', width: 390, colorScheme: 'dark', traces: false },
  ] as const;

  for (const { name, width, colorScheme, traces } of looks) {
    test(`orders move through their states: ${name}`, () =>
      withPage(
        async ({ url, orders }) => {
          const browser = await launchBrowser();
          try {
            const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
            const faults: string[] = [];
            page.on('pageerror', (error) => faults.push(error.message));
            await page.goto(url);
            await page.locator('#feed.live').waitFor();
            orders.event('OrderCreated', 'order-1');
            await page.locator('#orders .pill.pending').waitFor();
            orders.event('OrderApproved', 'order-1');
            await page.locator('#orders .pill.approved').waitFor();
            orders.event('OrderRejected', '<img src=x>');
            await page.locator('#orders .pill.rejected').waitFor();
            // What its saga has still asked for says nothing of an order that is at its end.
            orders.command('ordering.commands', 'ordersapi.RejectOrder', '<img src=x>');
            orders.command('ordering.commands', 'ordersapi.ApproveOrder', 'order-1');
            await page.getByText('approve order').waitFor();
            assert.equal(await page.getByText('reject order').count(), 0);
            assert.equal(await page.locator('#orders li').count(), 2);
            assert.equal(await page.locator('#orders img').count(), 0);
            // Only where somebody keeps traces.
            const links = await page.locator('a[href^="/traces/"]').count();
            assert.equal(links, traces ? 3 : 0);
            assert.equal(await page.locator('[data-count=approved]').textContent(), '1');
            assert.equal(await page.locator('[data-count=pending]').textContent(), '0');
            await page.locator('#health.bad').waitFor();
            await page.locator('[data-context=payments] .problem').filter({ hasText: 'it waits' }).waitFor();
            const wide = await page.evaluate('document.documentElement.scrollWidth');
            assert.equal(wide, width, 'nothing sticks out');
            const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
            assert.equal(ground, colorScheme === 'dark' ? 'rgb(16, 20, 27)' : 'rgb(244, 246, 250)');
            await page.route('**/readiness', (route) => route.abort());
            await page.locator('#health').filter({ hasText: 'no answer' }).waitFor();
            assert.equal(await page.locator('[data-context].away').count(), contexts.length);
            assert.deepEqual(faults, []);
          } finally {
            await browser.close();
          }
        },
        { problem: 'it waits', traces },
      ));
  }
});
