import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { RestDoor } from './testing/rest-door.ts';

let door: RestDoor;
beforeEach(() => {
  door = new RestDoor();
});
afterEach(() => door.close());

describe('a request body', () => {
  for (const [what, body, customerId] of [
    ['in camelCase', '{"customerId": "c"}', 'c'],
    ["in the proto's spelling", '{"customer_id": "c"}', 'c'],
    [
      'with fields nobody knows',
      '{"customerId": "c", "a": {"b": [1]}, "__proto__": 1, "constructor": 2}',
      'c',
    ],
    ['with null for a field', '{"customerId": null}', ''],
    ['that is empty', '', ''],
    ['that is white space', ' \n', ''],
    ['of emoji and right-to-left text', '{"customerId": "👩‍👩‍👧 שלום \\ud83d\\ude00"}', '👩‍👩‍👧 שלום 😀'],
  ] as const) {
    test(`${what} is read`, async () => {
      const answer = await door.send('POST', '/api/baskets', body);
      assert.equal(answer.body, '{"id":"new"}');
      assert.deepEqual(door.asked, [{ customerId }]);
    });
  }
  test('is read whatever content type it goes by, as by the original', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'application/xml; charset=utf-16',
      'rubbish',
      ';',
      '',
    ]) {
      const answer = await door.send('POST', '/api/baskets', '{"customerId":"c"}', { 'content-type': type });
      assert.equal(answer.statusCode, 200, type);
    }
    assert.equal(door.asked.length, 6);
  });
  test('may give numbers as text', async () => {
    await door.send('PUT', '/api/baskets/b/addItem', '{"productId": "p", "quantity": "3"}');
    assert.deepEqual(door.asked, [{ id: 'b', productId: 'p', quantity: 3 }]);
  });
  test('gives way to the parameters of the path', async () => {
    const answer = await door.send('PUT', '/api/baskets/right/checkout', '{"id": "wrong", "paymentId": "p"}');
    assert.equal(answer.body, '{}');
    assert.deepEqual(door.asked, [{ id: 'right', paymentId: 'p' }]);
  });
  test('of a route without one is left alone', async () => {
    const answer = await door.send('DELETE', '/api/baskets/b', 'no JSON');
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(door.asked, [{ id: 'b' }]);
  });
  test('with nested messages, times and lists is read', async () => {
    const filters = { store_ids: ['a', 'b'], after: '2024-02-29T12:00:00.5+01:00', minTotal: 1e1 };
    await door.send('POST', '/api/search/orders', JSON.stringify({ filters, limit: 7 }));
    assert.deepEqual(door.asked, [
      {
        filters: {
          customerId: '',
          after: new Date('2024-02-29T11:00:00.500Z'),
          before: undefined,
          storeIds: ['a', 'b'],
          productIds: [],
          minTotal: 10,
          maxTotal: 0,
          status: '',
        },
        next: '',
        limit: 7,
      },
    ]);
  });
});

describe('a request that does not fit is refused with 400 and reaches nobody:', () => {
  const json = 'the request body is not JSON: ';
  const field = (name: string) => `the request does not fit: cannot decode field ${name} from JSON: `;
  const quantity = field('basketspb.AddItemRequest.quantity');
  const limit = field('searchpb.SearchOrdersRequest.limit');
  const message = (name: string) => `the request does not fit: cannot decode message ${name} from JSON: `;
  const addItem = ['PUT', '/api/baskets/b/addItem'] as const;
  const start = ['POST', '/api/baskets'] as const;
  const find = ['POST', '/api/search/orders'] as const;
  for (const [what, [verb, url], body, reason] of [
    ['malformed JSON', start, '{"customerId": ', `${json}Unexpected end of JSON input`],
    ['text before the JSON', start, '\ufeff{}', json],
    ['a list', start, '[{}]', 'the request body must be a JSON object'],
    ['null', start, 'null', 'the request body must be a JSON object'],
    ['text', start, '"customerId"', 'the request body must be a JSON object'],
    ['a number', start, '5', 'the request body must be a JSON object'],
    ['a number for text', start, '{"customerId": 5}', field('basketspb.StartBasketRequest.customer_id')],
    ['an object for text', start, '{"customerId": {}}', field('basketspb.StartBasketRequest.customer_id')],
    ['a field in both spellings', start, '{"customerId":"a","customer_id":"b"}', 'set multiple times'],
    [
      'half a character',
      start,
      '{"customerId":"a\\ud83db"}',
      field('basketspb.StartBasketRequest.customer_id'),
    ],
    ['text for a number', addItem, '{"quantity": "two"}', quantity],
    ['a truth value for a number', addItem, '{"quantity": true}', quantity],
    [
      '2^31',
      addItem,
      '{"quantity": 2147483648}',
      `${quantity}expected number (int32): 2147483648 out of range`,
    ],
    ['below -2^31', addItem, '{"quantity": -2147483649}', quantity],
    ['a fraction', addItem, '{"quantity": 1.5}', quantity],
    ['an endless number', addItem, '{"quantity": 1e400}', quantity],
    ['NaN for an integer', addItem, '{"quantity": "NaN"}', quantity],
    ['a list for a number', find, '{"limit": [1]}', limit],
    ['no time', find, '{"filters": {"after": "yesterday"}}', message('google.protobuf.Timestamp')],
    ['text for a message', find, '{"filters": "all"}', message('searchpb.SearchOrdersRequest.Filters')],
  ] as const) {
    test(what, async () => {
      const answer = await door.send(verb, url, body);
      assert.equal(answer.statusCode, 400);
      const told = answer.json();
      // The gateway's own refusals carry no detail, unlike the application's.
      assert.deepEqual({ ...told, message: '' }, { code: 3, message: '', details: [] });
      assert.ok(String(told.message).includes(reason), told.message);
      assert.deepEqual(door.asked, []);
    });
  }
});

describe('a path', () => {
  for (const [what, written, id] of [
    ['in percent encoding', '%62%2D1', 'b-1'],
    ['with an encoded slash', 'a%2Fb', 'a/b'],
    ['with encoded Unicode', '%F0%9F%98%80', '😀'],
    ['with signs that mean something elsewhere', "a:b*c(d)'e;f", "a:b*c(d)'e;f"],
    ['with a plus, which is no space here', 'a+b', 'a+b'],
  ] as const) {
    test(`${what} is decoded once`, async () => {
      const answer = await door.send('GET', `/api/baskets/${written}`);
      assert.equal(answer.body, '{"basket":null}');
      assert.deepEqual(door.asked, [{ id }]);
    });
  }
  test('beats a query parameter of the same name', async () => {
    await door.send('GET', '/api/baskets/right?id=wrong&nothing=1');
    assert.deepEqual(door.asked, [{ id: 'right' }]);
  });
});

test('an answer has every field: lists empty, messages null, 64-bit numbers as text', async () => {
  const { body } = await door.send('POST', '/api/search/orders', '{}');
  const item =
    '{"productId":"p","storeId":"s","productName":"א","storeName":"👩‍👩‍👧","price":0.1,"quantity":"5"}';
  assert.equal(
    body,
    `{"orders":[{"orderId":"","customerId":"","customerName":"","items":[${item}],"total":0.5,"status":"",` +
      '"createdAt":"2023-11-14T22:13:20.123Z"},{"orderId":"","customerId":"","customerName":"","items":[],' +
      '"total":0,"status":"","createdAt":null}],"next":""}',
  );
});
