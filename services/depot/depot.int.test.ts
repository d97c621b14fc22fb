import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { DepotServiceService as rpc } from '../../proto/gen/depot/api.ts';
import { CreatedShoppingList } from '../../proto/gen/depot/messages.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { depotModule } from './module.ts';

const { depot } = messages;
const unknown = 'shopping list with that ID does not exist';

let mall: TestProcess;
before(async () => {
  mall = await startTestProcess([depotModule, storesModule]);
});
after(() => mall.stop());

interface Shelf {
  readonly storeId: string;
  readonly productId: string;
}

/** A store with one product. */
async function shelf(name = 'Wizard'): Promise<Shelf> {
  const storeId = await mall.created('/api/stores', { name: `${name} Store`, location: 'East' });
  const product = { name, description: '', sku: name, price: 9.99 };
  return { storeId, productId: await mall.created(`/api/stores/${storeId}/products`, product) };
}

const wanted = (on: Shelf, quantity = 1) => ({ ...on, quantity });
const create = (orderId: string, ...items: readonly ReturnType<typeof wanted>[]) =>
  mall.command(depot.createShoppingListCommand, { orderId, items: [...items] });
const cancel = (id: string, orderId = '') => mall.command(depot.cancelShoppingListCommand, { id, orderId });
const read = async (id: string) => (await mall.call(rpc.getShoppingList, { id })).shoppingList;
const status = async (id: string) => (await read(id))?.status;
const change = (id: string, what: 'assign' | 'complete', body = {}) =>
  mall.rest('PUT', `/api/depot/shopping/${id}/${what}`, body);

/** A list as the saga makes it; answers its id. */
async function created(orderId: string = randomUUID(), on?: Shelf): Promise<string> {
  const { told, payload } = await create(orderId, wanted(on ?? (await shelf())));
  assert.equal(told, 'SUCCESS');
  return CreatedShoppingList.decode(payload).id;
}

async function available(orderId?: string, on?: Shelf): Promise<string> {
  const id = await created(orderId, on);
  assert.equal((await mall.command(depot.initiateShoppingCommand, { id })).told, 'SUCCESS');
  return id;
}

async function assigned(orderId?: string): Promise<string> {
  const id = await available(orderId);
  assert.equal((await change(id, 'assign', { botId: 'bot-1' })).told, '200');
  return id;
}

const listsOf = (orderId: string) =>
  mall.rows('SELECT id, status FROM depot.shopping_lists WHERE order_id = $1', [orderId]);

describe('creating a list', () => {
  test('rows D3 and D11: plans stops in order, adds up, and can be read', async () => {
    const [first, second] = [await shelf('Wizard'), await shelf('Mug')];
    const items = [wanted(second, 2), wanted(first), wanted(second, 3)];
    const orderId = randomUUID();
    const id = await mall.created('/api/depot/shopping', { orderId, items });
    const { body } = await mall.rest('GET', `/api/depot/shopping/${id}`);
    const stop = (name: string, productId: string, quantity: number) => ({
      storeName: `${name} Store`,
      storeLocation: 'East',
      items: { [productId]: { name, quantity } },
    });
    const stops = {
      [second.storeId]: stop('Mug', second.productId, 5),
      [first.storeId]: stop('Wizard', first.productId, 1),
    };
    assert.deepEqual(body, { shoppingList: { id, orderId, stops, assignedBotId: '', status: 'pending' } });
    assert.deepEqual(Object.keys((await read(id))?.stops ?? {}), [second.storeId, first.storeId]);
  });
  test('row K4: by command is answered with its id', async () => {
    const reply = await create(randomUUID(), wanted(await shelf()));
    assert.equal(reply.name, 'depotapi.CreatedShoppingListReply');
    assert.equal(reply.told, 'SUCCESS');
    assert.equal(await status(CreatedShoppingList.decode(reply.payload).id), 'pending');
  });

  const refusals = async () => {
    const [on, other] = [await shelf(), await shelf()];
    const orderId = randomUUID();
    const list = (...items: readonly ReturnType<typeof wanted>[]) => ({ orderId, items: [...items] });
    return [
      [
        list(wanted({ ...on, storeId: 'x' })),
        404,
        'NOT_FOUND',
        'building shopping list: store fallback failed',
      ],
      [
        list(wanted(on), wanted({ ...on, productId: 'x' })),
        404,
        'NOT_FOUND',
        'building shopping list: product fallback failed',
      ],
      [
        list(wanted({ ...on, storeId: other.storeId })),
        400,
        'BAD_REQUEST',
        'building shopping list: the store does not sell the product',
      ],
      [list(), 400, 'BAD_REQUEST', 'the shopping list has no items'],
      [list(wanted(on, 0)), 400, 'BAD_REQUEST', 'the item quantity cannot be zero'],
      [list(wanted(on, -1)), 400, 'BAD_REQUEST', 'the item quantity cannot be negative'],
      [{ ...list(wanted(on)), orderId: ' ' }, 400, 'BAD_REQUEST', 'the order id cannot be blank'],
    ] as const;
  };
  test('row D6: is refused by RPC and by command, and leaves no trace', async () => {
    const rows = await mall.rows('SELECT count(*) FROM depot.shopping_lists');
    for (const [details, code, category, text] of await refusals()) {
      assert.equal((await mall.rest('POST', '/api/depot/shopping', details)).told, `${code} ${text}`);
      const reply = await mall.command(depot.createShoppingListCommand, details);
      assert.equal(reply.name, 'am.Failure');
      assert.equal(reply.told, `FAILURE ${category}: ${text}`);
    }
    assert.deepEqual(await mall.rows('SELECT count(*) FROM depot.shopping_lists'), rows);
  });
  test('row X13: ids are checked at the door', async () => {
    const answer = await mall.rest('POST', '/api/depot/shopping', { orderId: 'x'.repeat(129), items: [] });
    assert.equal(answer.told, '400 the order id is longer than 128 characters');
  });
});

describe('row D8: one list per order', () => {
  test('repeated creation answers the same list', async () => {
    const [on, orderId] = [await shelf(), randomUUID()];
    const id = await created(orderId, on);
    assert.equal(await created(orderId, on), id);
    const details = { orderId, items: [wanted(await shelf())] };
    assert.equal(await mall.created('/api/depot/shopping', details), id);
    assert.deepEqual(await listsOf(orderId), [{ id, status: 'pending' }]);
  });
  test('also when all come at the same time', async () => {
    const [on, orderId] = [await shelf(), randomUUID()];
    const details = { orderId, items: [wanted(on)] };
    const ids = await Promise.all([
      ...Array.from({ length: 6 }, () => mall.created('/api/depot/shopping', details)),
      ...Array.from({ length: 6 }, () => created(orderId, on)),
    ]);
    assert.equal(new Set(ids).size, 1);
    assert.equal((await listsOf(orderId)).length, 1);
  });
  test('a canceled one can be replaced at the depot', async () => {
    const [on, orderId] = [await shelf(), randomUUID()];
    const id = await created(orderId, on);
    await cancel(id);
    assert.notEqual(await mall.created('/api/depot/shopping', { orderId, items: [wanted(on)] }), id);
    assert.deepEqual((await listsOf(orderId)).map((row) => row.status).sort(), ['canceled', 'pending']);
  });
});

describe('rows D1 and D2: initiating', () => {
  test('makes a list available; once is enough', async () => {
    const id = await created();
    assert.equal((await mall.command(depot.initiateShoppingCommand, { id })).told, 'SUCCESS');
    assert.equal(await status(id), 'available');
    assert.equal((await mall.command(depot.initiateShoppingCommand, { id })).told, 'SUCCESS');
  });
  test('is refused for a canceled and for an unknown list', async () => {
    const id = await created();
    await cancel(id);
    const initiate = async (listId: string) =>
      (await mall.command(depot.initiateShoppingCommand, { id: listId })).told;
    assert.equal(await initiate(id), 'FAILURE BAD_REQUEST: the shopping list cannot be initiated');
    assert.equal(await initiate('nothing'), `FAILURE NOT_FOUND: ${unknown}`);
  });
});

describe('assigning and completing', () => {
  test('row D9: of many bots one gets the list', async () => {
    const id = await available();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => change(id, 'assign', { botId: `bot-${n}` })),
    );
    const told = answers.map((answer) => answer.told);
    assert.deepEqual([...new Set(told)].sort(), ['200', '400 the shopping list cannot be assigned']);
    assert.equal(told.filter((each) => each === '200').length, 1);
    assert.equal((await read(id))?.assignedBotId, `bot-${told.indexOf('200')}`);
    assert.equal(await status(id), 'assigned');
  });
  test('needs an available list and a bot', async () => {
    const pending = await created();
    const refused = (answer: { told: string }, told: string) => assert.equal(answer.told, told);
    refused(await change(pending, 'assign', { botId: 'b' }), '400 the shopping list cannot be assigned');
    refused(await change(await available(), 'assign', { botId: ' ' }), '400 the bot id cannot be blank');
    refused(await change(pending, 'complete'), '400 the shopping list cannot be completed');
  });
  test('row D5: completing is kept, and told to ordering once', async () => {
    const orderId = randomUUID();
    const id = await assigned(orderId);
    const answers = await Promise.all([change(id, 'complete'), change(id, 'complete')]);
    const told = answers.map((answer) => answer.told).sort();
    assert.deepEqual(told, ['200', '400 the shopping list cannot be completed']);
    assert.equal(await status(id), 'completed');
    const event = await mall.nextMessage(depot.shoppingListCompleted, (it) => it.id === id);
    assert.deepEqual(event.content, { id, orderId });
    assert.equal(event.subject, `${mall.ground.stream}.depot.events.ShoppingList`);
    assert.equal(event.metadata[metadataKeys.aggregateName], 'depot.ShoppingList');
    assert.equal(event.metadata[metadataKeys.aggregateVersion], '4');
    assert.equal(mall.published(depot.shoppingListCompleted, (it) => it.id === id).length, 1);
  });
});

describe('row D12: canceling', () => {
  test('by command works from every state but completed, and twice', async () => {
    for (const id of [await created(), await available(), await assigned()]) {
      assert.equal((await cancel(id)).told, 'SUCCESS');
      assert.equal(await status(id), 'canceled');
      assert.equal((await cancel(id)).told, 'SUCCESS');
    }
    const done = await assigned();
    await change(done, 'complete');
    assert.equal((await cancel(done)).told, 'FAILURE BAD_REQUEST: the shopping list cannot be canceled');
    assert.equal((await cancel('nothing')).told, `FAILURE NOT_FOUND: ${unknown}`);
    assert.equal((await cancel('')).told, `FAILURE NOT_FOUND: ${unknown}`);
  });
  test('at the door works while the list is pending, and twice', async () => {
    const id = await created();
    assert.equal((await mall.rest('POST', `/api/depot/shopping/${id}`, {})).told, '200');
    assert.equal(await status(id), 'canceled');
    assert.equal((await mall.rest('DELETE', `/api/depot/shopping/${id}`)).told, '200');
  });
  test('at the door is refused once the order counts on the list', async () => {
    for (const id of [await available(), await assigned()]) {
      const answer = await mall.rest('POST', `/api/depot/shopping/${id}`, {});
      assert.equal(answer.told, '400 the shopping list belongs to a live order');
      const refusal = 'FAILED_PRECONDITION: the shopping list belongs to a live order';
      assert.equal(await refusalOf(mall.call(rpc.cancelShoppingList, { id })), refusal);
    }
    const done = await assigned();
    await change(done, 'complete');
    const answer = await mall.rest('DELETE', `/api/depot/shopping/${done}`);
    assert.equal(answer.told, '400 the shopping list cannot be canceled');
  });
  test('by order finds the list whose id the saga never learnt', async () => {
    const orderId = randomUUID();
    const id = await created(orderId);
    assert.equal((await cancel('', orderId)).told, 'SUCCESS');
    assert.deepEqual(await listsOf(orderId), [{ id, status: 'canceled' }]);
  });
  test('before the list is made keeps it from being made late', async () => {
    const [on, orderId] = [await shelf(), randomUUID()];
    assert.equal((await cancel('', orderId)).told, 'SUCCESS');
    assert.equal((await cancel('', orderId)).told, 'SUCCESS');
    const late = await create(orderId, wanted(on));
    assert.equal(late.told, 'FAILURE FAILED_PRECONDITION: the shopping list of the order has been canceled');
    assert.deepEqual(
      (await listsOf(orderId)).map((row) => row.status),
      ['canceled'],
    );
  });
  test('and making the list at the same time leaves no list for the order', async () => {
    const on = await shelf();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const orderId = randomUUID();
        await Promise.all([create(orderId, wanted(on)), cancel('', orderId)]);
        assert.deepEqual(
          (await listsOf(orderId)).map((row) => row.status),
          ['canceled'],
        );
      }),
    );
  });
});

describe('rows D7 and D11: reading', () => {
  test('an unknown list is not found at any door', async () => {
    const told = `404 ${unknown}`;
    assert.equal((await mall.rest('GET', '/api/depot/shopping/nothing')).told, told);
    assert.equal((await mall.rest('POST', '/api/depot/shopping/nothing', {})).told, told);
    assert.equal((await change('nothing', 'assign', { botId: 'bot-1' })).told, told);
    assert.equal((await change('nothing', 'complete')).told, told);
  });
  test('lists that wait for a bot come page by page, the oldest first', async () => {
    const on = await shelf();
    const waiting = [];
    for (let n = 0; n < 3; n++) waiting.push(await available(undefined, on));
    await created(undefined, on);
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await mall.call(rpc.listAvailableShoppingLists, { pageSize: 2, pageToken });
      assert.ok(page.shoppingLists.length <= 2);
      assert.ok(page.shoppingLists.every((list) => list.status === 'available'));
      seen.push(...page.shoppingLists.map((list) => list.id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(seen.slice(-3), waiting);
  });
  test('a page may follow a list that was taken meanwhile, a foreign token may not', async () => {
    const on = await shelf();
    const [first, second] = [await available(undefined, on), await available(undefined, on)];
    const token = Buffer.from(JSON.stringify([first])).toString('base64url');
    await change(first, 'assign', { botId: 'bot-1' });
    const page = await mall.rest('GET', `/api/depot/shopping?pageToken=${token}`);
    assert.match(JSON.stringify(page.body), new RegExp(second));
    const answer = await mall.rest('GET', '/api/depot/shopping?pageToken=x');
    assert.equal(answer.told, '400 the page token is none of ours; leave it out for the first page');
  });
});
