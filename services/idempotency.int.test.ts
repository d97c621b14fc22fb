import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';

/* Row X14: every creating request under an `Idempotency-Key` takes effect once. */
let mall: TestProcess;
let storeId: string;

before(async () => {
  mall = await startTestProcess(mallModules());
  storeId = await mall.created('/api/stores', { name: 'Waldorf Books', location: 'here' });
});
after(() => mall?.stop());

async function post(path: string, body: unknown, key: string, method = 'POST') {
  const response = await fetch(`${mall.restUrl}${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'Idempotency-Key': key },
  });
  return { status: response.status, text: await response.text() };
}

const item = {
  storeId: 's',
  productId: 'p',
  storeName: 'n',
  productName: 'n',
  price: 1,
  quantity: 1,
};
const customer = { name: 'Customer', smsNumber: '555-555-1212' };

const creating = [
  {
    path: '/api/stores',
    body: { name: 'Store', location: 'here' },
    other: { name: 'Other', location: 'here' },
  },
  { path: '/api/customers', body: customer, other: { ...customer, name: 'Other' } },
  { path: '/api/baskets', body: { customerId: 'c' }, other: { customerId: 'd' } },
  { path: '/api/payments', body: { customerId: 'c', amount: 1 }, other: { customerId: 'c', amount: 2 } },
  {
    path: '/api/ordering',
    body: { customerId: 'c', paymentId: 'p', items: [item] },
    other: { customerId: 'd', paymentId: 'p', items: [item] },
  },
  {
    path: '/api/stores/{store}/products',
    body: { name: 'Wizard', price: 1 },
    other: { name: 'Witch', price: 1 },
  },
];

for (const { path: template, body, other } of creating) {
  test(`POST ${template}: the same key and body get the same answer, another body is refused`, async () => {
    const path = template.replace('{store}', storeId);
    const key = `key of ${template}`.replaceAll(' ', '-');
    const first = await post(path, body, key);
    assert.equal(first.status, 200, first.text);
    assert.deepEqual(await post(path, body, key), first);
    const refused = await post(path, other, key);
    assert.equal(refused.status, 409);
    assert.match(refused.text, /the Idempotency-Key was used for another request/);
    assert.notDeepEqual(await post(path, body, `${key}-2`), first);
  });
}

test('sent many times at once it takes effect once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post('/api/customers', customer, 'at-once')),
  );
  assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
  const [answer] = answers;
  assert.equal(answer?.status, 200);
  const { id } = JSON.parse(answer?.text ?? '{}');
  assert.equal((await mall.rows('SELECT 1 FROM customers.customers WHERE id = $1', [id])).length, 1);
  assert.equal((await mall.rows(`SELECT 1 FROM customers.outbox WHERE ordering_key = $1`, [id])).length, 1);
});

test('a request that was refused is decided anew', async () => {
  const refused = await post('/api/customers', { ...customer, name: '' }, 'refused');
  assert.equal(refused.status, 400);
  assert.equal((await post('/api/customers', customer, 'refused')).status, 200);
});

test('a change under a key happens once', async () => {
  const basket = await mall.created('/api/baskets', { customerId: 'c' });
  const product = await mall.created(`/api/stores/${storeId}/products`, { name: 'Wizard', price: 1 });
  const path = `/api/baskets/${basket}/addItem`;
  for (const _ of [1, 2]) {
    const answer = await post(path, { productId: product, quantity: 2 }, 'add-two', 'PUT');
    assert.deepEqual(answer, { status: 200, text: '{}' });
  }
  const { body } = await mall.rest('GET', `/api/baskets/${basket}`);
  assert.match(JSON.stringify(body), /"quantity":2/);
});

test('a key that is blank, too long or not printable is refused', async () => {
  for (const key of ['with space', 'x'.repeat(256)]) {
    const answer = await post('/api/customers', customer, key);
    assert.equal(answer.status, 400);
    assert.match(answer.text, /the Idempotency-Key must be/);
  }
});
