import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { DepotServiceService as rpc } from '../../proto/gen/depot/api.ts';
import { CreatedShoppingList } from '../../proto/gen/depot/messages.ts';
import { startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { depotModule } from './module.ts';
import { DepotDriver, type WantedPieces, wanted } from './testing/depot-driver.ts';

const unknown = 'shopping list with that ID does not exist';

let mall: TestProcess;
let depot: DepotDriver;
before(async () => {
  mall = await startTestProcess([depotModule, storesModule]);
  depot = new DepotDriver(mall);
});
after(() => mall.stop());

describe('creating a list', () => {
  test('rows D3 and D11: plans stops in order, adds up, and can be read', async () => {
    const [first, second] = [await depot.shelf('Wizard'), await depot.shelf('Mug')];
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
    assert.deepEqual(Object.keys((await depot.read(id))?.stops ?? {}), [second.storeId, first.storeId]);
  });
  test('row K4: by command is answered with its id', async () => {
    const reply = await depot.create(randomUUID(), wanted(await depot.shelf()));
    assert.equal(reply.name, 'depotapi.CreatedShoppingListReply');
    assert.equal(reply.told, 'SUCCESS');
    assert.equal(await depot.status(CreatedShoppingList.decode(reply.payload).id), 'pending');
  });

  const refusals = async () => {
    const [on, other] = [await depot.shelf(), await depot.shelf()];
    const orderId = randomUUID();
    const list = (...items: readonly WantedPieces[]) => ({ orderId, items: [...items] });
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
      const reply = await depot.create(details.orderId, ...details.items);
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
    const [on, orderId] = [await depot.shelf(), randomUUID()];
    const id = await depot.created(orderId, on);
    assert.equal(await depot.created(orderId, on), id);
    const details = { orderId, items: [wanted(await depot.shelf())] };
    assert.equal(await mall.created('/api/depot/shopping', details), id);
    assert.deepEqual(await depot.listsOf(orderId), [{ id, status: 'pending' }]);
  });
  test('also when all come at the same time', async () => {
    const [on, orderId] = [await depot.shelf(), randomUUID()];
    const details = { orderId, items: [wanted(on)] };
    const ids = await Promise.all([
      ...Array.from({ length: 6 }, () => mall.created('/api/depot/shopping', details)),
      ...Array.from({ length: 6 }, () => depot.created(orderId, on)),
    ]);
    assert.equal(new Set(ids).size, 1);
    assert.equal((await depot.listsOf(orderId)).length, 1);
  });
  test('a canceled one can be replaced at the depot', async () => {
    const [on, orderId] = [await depot.shelf(), randomUUID()];
    const id = await depot.created(orderId, on);
    await depot.cancel(id);
    assert.notEqual(await mall.created('/api/depot/shopping', { orderId, items: [wanted(on)] }), id);
    assert.deepEqual((await depot.listsOf(orderId)).map((row) => row.status).sort(), ['canceled', 'pending']);
  });
});

describe('rows D1 and D2: initiating', () => {
  test('makes a list available; once is enough', async () => {
    const id = await depot.created();
    assert.equal((await depot.initiate(id)).told, 'SUCCESS');
    assert.equal(await depot.status(id), 'available');
    assert.equal((await depot.initiate(id)).told, 'SUCCESS');
  });
  test('is refused for a canceled and for an unknown list', async () => {
    const id = await depot.created();
    await depot.cancel(id);
    const refusal = 'FAILURE BAD_REQUEST: the shopping list cannot be initiated';
    assert.equal((await depot.initiate(id)).told, refusal);
    assert.equal((await depot.initiate('nothing')).told, `FAILURE NOT_FOUND: ${unknown}`);
  });
});

describe('assigning and completing', () => {
  test('row D9: of many bots one gets the list', async () => {
    const id = await depot.available();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => depot.change(id, 'assign', { botId: `bot-${n}` })),
    );
    const told = answers.map((answer) => answer.told);
    assert.deepEqual([...new Set(told)].sort(), ['200', '400 the shopping list cannot be assigned']);
    assert.equal(told.filter((each) => each === '200').length, 1);
    assert.equal((await depot.read(id))?.assignedBotId, `bot-${told.indexOf('200')}`);
    assert.equal(await depot.status(id), 'assigned');
  });
  test('needs an available list and a bot', async () => {
    const pending = await depot.created();
    const refused = (answer: { told: string }, told: string) => assert.equal(answer.told, told);
    refused(
      await depot.change(pending, 'assign', { botId: 'b' }),
      '400 the shopping list cannot be assigned',
    );
    refused(
      await depot.change(await depot.available(), 'assign', { botId: ' ' }),
      '400 the bot id cannot be blank',
    );
    refused(await depot.change(pending, 'complete'), '400 the shopping list cannot be completed');
  });
  test('row D5: completing is kept, and told to ordering once', async () => {
    const orderId = randomUUID();
    const id = await depot.assigned(orderId);
    const answers = await Promise.all([depot.change(id, 'complete'), depot.change(id, 'complete')]);
    const told = answers.map((answer) => answer.told).sort();
    assert.deepEqual(told, ['200', '400 the shopping list cannot be completed']);
    assert.equal(await depot.status(id), 'completed');
    const event = await mall.nextMessage(messages.depot.shoppingListCompleted, (it) => it.id === id);
    assert.deepEqual(event.content, { id, orderId });
    assert.equal(event.subject, `${mall.ground.stream}.depot.events.ShoppingList`);
    assert.equal(event.metadata[metadataKeys.aggregateName], 'depot.ShoppingList');
    assert.equal(event.metadata[metadataKeys.aggregateVersion], '4');
    assert.equal(mall.published(messages.depot.shoppingListCompleted, (it) => it.id === id).length, 1);
  });
});

describe('rows D7 and D11: reading', () => {
  test('an unknown list is not found at any door', async () => {
    const told = `404 ${unknown}`;
    assert.equal((await mall.rest('GET', '/api/depot/shopping/nothing')).told, told);
    assert.equal((await mall.rest('POST', '/api/depot/shopping/nothing', {})).told, told);
    assert.equal((await depot.change('nothing', 'assign', { botId: 'bot-1' })).told, told);
    assert.equal((await depot.change('nothing', 'complete')).told, told);
  });
  test('lists that wait for a bot come page by page, the oldest first', async () => {
    const on = await depot.shelf();
    const waiting = [];
    for (let n = 0; n < 3; n++) waiting.push(await depot.available(undefined, on));
    await depot.created(undefined, on);
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
    const on = await depot.shelf();
    const [first, second] = [await depot.available(undefined, on), await depot.available(undefined, on)];
    const token = Buffer.from(JSON.stringify([first])).toString('base64url');
    await depot.change(first, 'assign', { botId: 'bot-1' });
    const page = await mall.rest('GET', `/api/depot/shopping?pageToken=${token}`);
    assert.match(JSON.stringify(page.body), new RegExp(second));
    const answer = await mall.rest('GET', '/api/depot/shopping?pageToken=x');
    assert.equal(answer.told, '400 the page token is none of ours; leave it out for the first page');
  });
});
