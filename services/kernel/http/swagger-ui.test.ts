import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { openApiDocument } from './openapi.ts';
import { swaggerUi } from './swagger-ui.ts';
import { swaggerUiPage } from './swagger-ui-page.ts';

const names = [
  'Customers',
  'Depot Operations',
  'Order Processing',
  'Order Search',
  'Payments',
  'Store Management',
  'Shopping Baskets',
];

function listedIn(html: string): string[] {
  return [...html.matchAll(/<li><a href="[^"]+">([^<]+)<\/a><\/li>/g)].map(([, name = '']) => name);
}

/** Everything the markup makes a browser fetch. */
function fetchedBy(html: string): string[] {
  return [...html.matchAll(/<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"/g)].map(([, url = '']) => url);
}

describe('with all contexts', () => {
  let app: FastifyInstance;

  before(async () => {
    app = fastify();
    await app.register(
      swaggerUi(['baskets', 'customers', 'depot', 'ordering', 'payments', 'search', 'stores']),
    );
  });
  after(() => app.close());

  test('the index names the seven documents in the order of the original', async () => {
    const answer = await app.inject('/swagger-ui/');
    assert.equal(answer.statusCode, 200);
    assert.match(String(answer.headers['content-type']), /^text\/html/);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.match(answer.body, /<title>mall<\/title>/);
    assert.deepEqual(listedIn(answer.body), names);
  });

  test("a context's page shows its own document only", async () => {
    const { body } = await app.inject('/search-spec/');
    assert.match(body, /<title>mall: Order Search<\/title>/);
    assert.deepEqual(listedIn(body), ['Order Search']);
    assert.match(body, /data-documents="\[\{&quot;name&quot;:&quot;Order Search&quot;,[^"]*\}\]"/);
  });

  test('pages fetch from this host only, and find all they ask for', async () => {
    const types: Readonly<Record<string, RegExp>> = {
      css: /^text\/css/,
      js: /^(text|application)\/javascript/,
      png: /^image\/png/,
    };
    const { body } = await app.inject('/stores-spec/');
    const urls = fetchedBy(body);
    assert.equal(urls.length, 8);
    for (const url of urls) {
      assert.match(url, /^\/swagger-ui\//);
      const answer = await app.inject(url);
      assert.equal(answer.statusCode, 200, url);
      const extension = /\.(\w+)(?:\?|$)/.exec(url)?.[1] ?? '';
      assert.match(String(answer.headers['content-type']), types[extension] ?? /unknown/, url);
    }
  });

  test('pages need no script of their own inside', async () => {
    const { body, headers } = await app.inject('/swagger-ui/');
    assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)/);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(policy, /https?:|\*/);
  });

  test('assets may be kept, our own files are asked for anew', async () => {
    const asset = await app.inject('/swagger-ui/swagger-ui.css');
    assert.equal(asset.headers['cache-control'], 'public, max-age=86400, immutable');
    for (const url of ['/swagger-ui/mall.js', '/swagger-ui/mall.css', '/baskets-spec/openapi.json']) {
      const answer = await app.inject(url);
      assert.equal(answer.headers['cache-control'], 'no-cache', url);
    }
  });

  test("a document is at its own address and at the original's", async () => {
    for (const url of ['/ordering-spec/openapi.json', '/ordering-spec/api.swagger.json']) {
      const answer = await app.inject(url);
      assert.equal(answer.statusCode, 200, url);
      assert.match(String(answer.headers['content-type']), /^application\/json/);
      assert.deepEqual(answer.json(), openApiDocument('ordering'));
    }
  });

  test('other addresses of a page lead to it', async () => {
    const redirects = [
      ['/baskets-spec', '/baskets-spec/'],
      ['/baskets-spec/index.html', '/baskets-spec/'],
      ['/swagger-ui', '/swagger-ui/'],
      ['/swagger-ui/index.html', '/swagger-ui/'],
    ] as const;
    for (const [from, to] of redirects) {
      const { statusCode, headers } = await app.inject(from);
      assert.deepEqual([statusCode, headers.location], [301, to], from);
    }
  });

  test('anything else is unknown, also what else the package holds', async () => {
    for (const url of [
      '/swagger-ui/nothing.js',
      '/swagger-ui/swagger-initializer.js',
      '/swagger-ui/package.json',
      '/swagger-ui/..%2fpackage.json',
      '/baskets-spec/nothing.json',
      '/cosec-spec/',
    ]) {
      assert.equal((await app.inject(url)).statusCode, 404, url);
    }
  });
});

test('only the contexts given are served', async () => {
  const app = fastify();
  await app.register(swaggerUi(['stores', 'depot']));
  assert.deepEqual(listedIn((await app.inject('/swagger-ui/')).body), [
    'Depot Operations',
    'Store Management',
  ]);
  assert.equal((await app.inject('/baskets-spec/')).statusCode, 404);
  await app.close();
});

test('without contexts nothing is served', async () => {
  const app = fastify();
  await app.register(swaggerUi([]));
  assert.equal((await app.inject('/swagger-ui/')).statusCode, 404);
  await app.close();
});

test('text is escaped in a page', () => {
  const html = swaggerUiPage({
    title: '<b> & co',
    documents: [{ name: `"it's"`, url: '/a?b&c' }],
    assetVersion: '1',
  });
  assert.match(html, /<title>&lt;b&gt; &amp; co<\/title>/);
  assert.match(html, /<a href="\/a\?b&amp;c">&quot;it&#39;s&quot;<\/a>/);
});
