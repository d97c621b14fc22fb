import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { allMessages, channels, consumerGroups, contextNames } from '../../../proto/catalogue.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { fieldsOf } from './asyncapi-fields.ts';
import { asyncApiPage } from './asyncapi-page.ts';
import { asyncApiPages } from './asyncapi-pages.ts';
import { html, prose } from './html.ts';

const options = { stream: 'mall', server: 'nats://broker.example:4222' };

/** Everything the markup makes a browser fetch. */
function fetchedBy(markup: string): string[] {
  return [...markup.matchAll(/<(?:link|script|img)\b[^>]*\b(?:href|src)="([^"]+)"/g)].map(
    ([, url = '']) => url,
  );
}

function linksIn(markup: string): string[] {
  return [...markup.matchAll(/<a href="([^"]+)"/g)].map(([, url = '']) => url);
}

describe('with all contexts', () => {
  let app: FastifyInstance;

  before(async () => {
    app = fastify();
    await app.register(asyncApiPages(contextNames, options));
  });
  after(() => app.close());

  test('every context has a page and its document', async () => {
    for (const context of contextNames) {
      const page = await app.inject(`/${context}-asyncapi/`);
      assert.equal(page.statusCode, 200);
      assert.match(String(page.headers['content-type']), /^text\/html/);
      const document = await app.inject(`/${context}-asyncapi/asyncapi.json`);
      assert.match(String(document.headers['content-type']), /^application\/json/);
      assert.deepEqual(document.json(), asyncApiDocument(context, options));
    }
  });

  test('the pages show every message, channel and group', async () => {
    const pages = await Promise.all(contextNames.map((context) => app.inject(`/${context}-asyncapi/`)));
    const shown = pages.map(({ body }) => body).join('');
    for (const { name } of allMessages) assert.ok(shown.includes(`<h3><code>${name}</code></h3>`), name);
    for (const { name } of Object.values(consumerGroups))
      assert.ok(shown.includes(`<code>${name}</code>`), name);
    for (const channel of Object.values(channels)) {
      assert.ok(shown.includes(`<code>mall.${channel}</code>`), channel);
    }
  });

  test('a page shows fields, publishers and consumers of its messages', async () => {
    const { body } = await app.inject('/stores-asyncapi/');
    assert.match(body, /<title>Store Management AsyncAPI<\/title>/);
    const card =
      /<article class="card" id="storesapi.ProductPriceIncreased">.*?<\/article>/s.exec(body)?.[0] ?? '';
    assert.match(card, /<dt>Published by<\/dt><dd><a href="\/stores-asyncapi\/">stores<\/a><\/dd>/);
    assert.match(card, /<a href="\/baskets-asyncapi\/">baskets<\/a> \(<code>baskets-products<\/code>\)/);
    assert.match(card, /<code>delta<\/code><\/td>\s*<td>number \(double\)<\/td>/);
    assert.match(card, /<code>price<\/code><\/td>\s*<td>number \(double\), may be missing<\/td>/);
  });

  test('the index names what each context sends and takes', async () => {
    const { body } = await app.inject('/asyncapi/');
    for (const context of contextNames) assert.ok(body.includes(`<article class="card" id="${context}">`));
    assert.ok(linksIn(body).includes('/stores-asyncapi/#storesapi.StoreParticipatingToggled'));
  });

  test('pages fetch from this host only, need no script, and lead nowhere that is not there', async () => {
    for (const path of ['/asyncapi/', ...contextNames.map((context) => `/${context}-asyncapi/`)]) {
      const { body, headers } = await app.inject(path);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /^default-src 'none'; style-src 'self';/);
      assert.doesNotMatch(policy, /https?:|\*|unsafe/);
      assert.doesNotMatch(body, /<script|<style|style="/);
      assert.deepEqual(fetchedBy(body), ['/asyncapi/style.css', '/asyncapi/icon.svg']);
      for (const link of new Set(linksIn(body))) {
        const [address = '', anchor] = link.split('#');
        // Served beside these pages: the first page, and those of Swagger UI.
        if (address === '/' || /^\/\w+-spec\/$/.test(address)) continue;
        const there = address === '' ? { statusCode: 200, body } : await app.inject(address);
        assert.equal(there.statusCode, 200, link);
        if (anchor) assert.ok(there.body.includes(`id="${anchor}"`), link);
      }
    }
  });

  test('style and icon are served as what they are', async () => {
    const style = await app.inject('/asyncapi/style.css');
    assert.match(String(style.headers['content-type']), /^text\/css/);
    const icon = await app.inject('/asyncapi/icon.svg');
    assert.match(String(icon.headers['content-type']), /^image\/svg\+xml/);
    assert.equal(icon.headers['x-content-type-options'], 'nosniff');
  });

  test('other addresses of a page lead to it', async () => {
    const redirects = [
      ['/asyncapi', '/asyncapi/'],
      ['/stores-asyncapi', '/stores-asyncapi/'],
      ['/stores-asyncapi/index.html', '/stores-asyncapi/'],
    ] as const;
    for (const [from, to] of redirects) {
      const { statusCode, headers } = await app.inject(from);
      assert.deepEqual([statusCode, headers.location], [301, to], from);
    }
    assert.equal((await app.inject('/stores-asyncapi/nothing')).statusCode, 404);
  });
});

test('only the contexts given are served, and others are named without a link', async () => {
  const app = fastify();
  await app.register(asyncApiPages(['stores'], options));
  const { body } = await app.inject('/stores-asyncapi/');
  assert.match(body, /<dd>baskets \(<code>baskets-stores<\/code>\)/);
  assert.equal((await app.inject('/baskets-asyncapi/')).statusCode, 404);
  await app.close();
});

test('without contexts nothing is served', async () => {
  const app = fastify();
  await app.register(asyncApiPages([], options));
  assert.equal((await app.inject('/asyncapi/')).statusCode, 404);
  await app.close();
});

test('text is escaped wherever it is put', () => {
  const text = `<b a="it's"> & co`;
  const safe = '&lt;b a=&quot;it&#39;s&quot;&gt; &amp; co';
  assert.equal(html`<i title="${text}">${text}</i>`.text, `<i title="${safe}">${safe}</i>`);
  assert.equal(html`${[html`<b>`, html`${text}`]}`.text, `<b>${safe}`);
  assert.equal(prose('a `<b>` c').text, 'a <code>&lt;b&gt;</code> c');
});

test('a stream of any name cannot break out of a page', () => {
  const stream = '<script>alert(1)</script>';
  const document = asyncApiDocument('stores', { stream });
  const page = asyncApiPage({ context: 'stores', document }, []);
  assert.doesNotMatch(page, /<script/);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;\.stores\.events\.Store/);
});

test('fields of messages within stand under their path', () => {
  const document = asyncApiDocument('baskets', options);
  const payload = document.components.messages['basketsapi.BasketCheckedOut']?.payload;
  assert.ok(payload);
  assert.deepEqual(
    fieldsOf(document, payload).map(({ path, type }) => `${path}: ${type}`),
    [
      'id: string',
      'customerId: string',
      'paymentId: string',
      'items[]: list of Item',
      'items[].storeId: string',
      'items[].productId: string',
      'items[].storeName: string',
      'items[].productName: string',
      'items[].price: number (double)',
      'items[].quantity: integer (int32)',
    ],
  );
});
