import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { BasketServiceService as rpc } from '../../proto/gen/baskets/api.ts';
import { refusalOf, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { storesModule } from '../stores/module.ts';
import { basketsModule } from './module.ts';
import { BasketsDriver, noBasket } from './testing/baskets-driver.ts';

const { baskets } = messages;

let mall: TestProcess;
let driver: BasketsDriver;
before(async () => {
  mall = await startTestProcess([storesModule, basketsModule]);
  driver = new BasketsDriver(mall);
});
after(() => mall?.stop());

describe('starting a basket', () => {
  test('row B7: opens it, empty, with all that is known of it', async () => {
    const id = await driver.start('customer-id');
    const basket = { id, items: [], customerId: 'customer-id', paymentId: '', status: 'open' };
    assert.deepEqual((await mall.rest('GET', `/api/baskets/${id}`)).body, { basket });
    assert.deepEqual(await driver.read(id), basket);
  });
  test('row P-60: is told under the id of its event', async () => {
    const id = await driver.start();
    const message = await mall.nextMessage(baskets.basketStarted, (it) => it.id === id);
    const [event] = await mall.rows('SELECT event_id FROM baskets.events WHERE stream_id = $1', [id]);
    assert.equal(message.subject, `${mall.ground.stream}.baskets.events.Basket`);
    assert.equal(message.id, event?.event_id);
    assert.deepEqual(message.content, { id, customerId: 'customer-id' });
    assert.equal(message.metadata[metadataKeys.aggregateName], 'baskets.Basket');
    assert.equal(message.metadata[metadataKeys.aggregateId], id);
    assert.equal(message.metadata[metadataKeys.aggregateVersion], '1');
  });
  for (const [why, customerId, text] of [
    ['for nobody', '', 'the customer id cannot be blank'],
    ['for white space', ' ', 'the customer id cannot be blank'],
    ['row X13: for an endless id', 'x'.repeat(129), 'the customer id is longer than 128 characters'],
    ['row X13: for control characters', 'a\u0000', 'the customer id holds control characters'],
  ] as const) {
    test(`${why} is refused, and leaves nothing`, () =>
      driver.leavesNothing(async () => {
        assert.equal((await mall.rest('POST', '/api/baskets', { customerId })).told, `400 ${text}`);
        assert.equal(await refusalOf(mall.call(rpc.startBasket, { customerId })), `BAD_REQUEST: ${text}`);
      }));
  }
});

test('row X6: an unknown basket is not found by anything, and makes no stream of its own', () =>
  driver.leavesNothing(async () => {
    const { productId } = await driver.offer();
    for (const id of ['nobody', ' ', '店'.repeat(128)]) {
      const path = encodeURIComponent(id);
      for (const answer of [
        await mall.rest('GET', `/api/baskets/${path}`),
        await driver.cancel(path),
        await driver.checkout(path),
        await driver.add(path, productId),
        await driver.remove(path, productId),
      ]) {
        assert.equal(answer.told, `404 ${noBasket}`);
      }
    }
  }));

describe('adding an item', () => {
  test('takes names and price from the catalogue', async () => {
    const { storeId, productId } = await driver.offer('Wizard', 9.99);
    const { items } = (await driver.read(await driver.holding(productId, 2))) ?? {};
    assert.deepEqual(items, [
      {
        storeId,
        productId,
        storeName: 'Wizard Store',
        productName: 'Wizard',
        productPrice: 9.99,
        quantity: 2,
      },
    ]);
  });
  test('row B7: keeps the order of first adding, also from a snapshot', async () => {
    const products = [await driver.offer('C'), await driver.offer('A'), await driver.offer('B')];
    const [first] = products;
    const id = await driver.start();
    for (const { productId } of products) await driver.add(id, productId);
    for (let times = 0; times < 50; times++) await driver.add(id, first?.productId ?? '');
    assert.deepEqual(await driver.items(id), ['51 C at 9.99', '1 A at 9.99', '1 B at 9.99']);
    const snapshots = await mall.rows('SELECT stream_version FROM baskets.snapshots WHERE stream_id = $1', [
      id,
    ]);
    assert.deepEqual(snapshots, [{ stream_version: 50 }]);
  });
  test('row B4: again takes the price and the name of now for all of its pieces', async () => {
    const { productId } = await driver.offer('Wizard', 10);
    const id = await driver.holding(productId, 2);
    await driver.reprice(productId, 'decreasePrice', 7.5);
    await driver.rename(productId, 'Witch');
    await driver.heard(productId, 3);
    assert.deepEqual(await driver.items(id), ['2 Wizard at 10']);
    await driver.add(id, productId);
    assert.deepEqual(await driver.items(id), ['3 Witch at 7.5']);
  });
  for (const [why, quantity, told] of [
    ['row B2: none', 0, '400 the item quantity cannot be zero'],
    ['less than none', -1, '400 the item quantity cannot be negative'],
    ['row B2: too many', 10_001, '400 the item quantity cannot be more than 10000'],
    ['row B2: the most a message can say', 2 ** 31 - 1, '400 the item quantity cannot be more than 10000'],
  ] as const) {
    test(`${why} is refused, and leaves nothing`, async () => {
      const { productId } = await driver.offer();
      const id = await driver.start();
      await driver.leavesNothing(async () => {
        assert.equal((await driver.add(id, productId, quantity)).told, told);
      });
    });
  }
  test('row B2: beyond the most in two steps is refused like in one', async () => {
    const { productId } = await driver.offer('Pin', 0.01);
    const id = await driver.holding(productId, 10_000);
    assert.equal((await driver.add(id, productId)).told, '400 the item quantity cannot be more than 10000');
  });
  test('row X2: beyond all money is refused', async () => {
    const { productId } = await driver.offer('Castle', 99_999_999.9999);
    const id = await driver.holding(productId);
    const { told } = await driver.add(id, productId);
    assert.equal(told, '400 the basket total cannot be more than 99999999.9999');
  });
  test('of an unknown or a withdrawn product is refused', async () => {
    const text = '404 product fallback failed: product was not located';
    const { productId } = await driver.offer();
    await driver.withdraw(productId);
    const id = await driver.start();
    await driver.leavesNothing(async () => {
      assert.equal((await driver.add(id, 'nothing')).told, text);
      assert.equal((await driver.add(id, '')).told, text);
      assert.equal((await driver.add(id, productId)).told, text);
    });
  });
  test('row X3: many at the same time adds up what was answered with success', async () => {
    const { productId } = await driver.offer();
    const id = await driver.start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => driver.add(id, productId)));
    for (const { told } of answers) assert.match(told, /^(200|409 somebody changed it at the same time)$/);
    const added = answers.filter(({ told }) => told === '200').length;
    assert.deepEqual(await driver.items(id), [`${added} Wizard at 9.99`]);
  });
});

describe('removing an item', () => {
  test('row B1: leaves the last piece', async () => {
    const { productId } = await driver.offer();
    const id = await driver.holding(productId, 3);
    assert.equal((await driver.remove(id, productId, 2)).told, '200');
    assert.deepEqual(await driver.items(id), ['1 Wizard at 9.99']);
    assert.equal((await driver.remove(id, productId)).told, '200');
    assert.deepEqual(await driver.items(id), []);
  });
  test('row B1: takes no more than there is', async () => {
    const { productId } = await driver.offer();
    const id = await driver.holding(productId, 3);
    assert.equal((await driver.remove(id, productId, 100)).told, '200');
    assert.deepEqual(await driver.items(id), []);
  });
  test('row B3: asks the basket only: what is not in it is not found, what was withdrawn comes out', async () => {
    const { productId } = await driver.offer();
    const id = await driver.holding(productId);
    await driver.withdraw(productId);
    await driver.leavesNothing(async () => {
      const { told } = await driver.remove(id, 'nothing');
      assert.equal(told, '404 the product is not in the basket');
    });
    assert.equal((await driver.remove(id, productId)).told, '200');
    assert.deepEqual(await driver.items(id), []);
  });
  test('row B2: none or less is refused', async () => {
    const { productId } = await driver.offer();
    const id = await driver.holding(productId);
    assert.equal((await driver.remove(id, productId, 0)).told, '400 the item quantity cannot be zero');
    assert.equal((await driver.remove(id, productId, -1)).told, '400 the item quantity cannot be negative');
    assert.deepEqual(await driver.items(id), ['1 Wizard at 9.99']);
  });
});

describe('checking out', () => {
  test('row B7: tells customer, payment and the items in order, at the prices the basket shows', async () => {
    const [robe, hat] = [await driver.offer('Robe', 0.1), await driver.offer('Hat', 1234.5678)];
    const id = await driver.holding(robe.productId, 3);
    await driver.add(id, hat.productId);
    await driver.reprice(robe.productId, 'increasePrice', 5);
    await driver.heard(robe.productId, 2);
    const answer = await driver.checkout(id, 'payment-id');
    assert.deepEqual([answer.told, answer.body], ['200', {}]);
    const { content } = await mall.nextMessage(baskets.basketCheckedOut, (it) => it.id === id);
    assert.deepEqual(content, {
      id,
      customerId: 'customer-id',
      paymentId: 'payment-id',
      items: [
        { ...robe, storeName: 'Robe Store', productName: 'Robe', price: 0.1, quantity: 3 },
        { ...hat, storeName: 'Hat Store', productName: 'Hat', price: 1234.5678, quantity: 1 },
      ],
    });
    const { status, paymentId, items } = (await driver.read(id)) ?? {};
    assert.deepEqual([status, paymentId, items?.length], ['checked_out', 'payment-id', 2]);
  });
  test('without items or without a payment is refused, and leaves nothing', async () => {
    const empty = await driver.start();
    const full = await driver.holding((await driver.offer()).productId);
    await driver.leavesNothing(async () => {
      assert.equal((await driver.checkout(empty)).told, '400 baskets checkout: the basket has no items');
      const unpaid = await driver.checkout(full, ' ');
      assert.equal(unpaid.told, '400 baskets checkout: the payment id cannot be blank');
    });
  });
  test('row B4: with a product that was withdrawn is refused until it is taken out', async () => {
    const [robe, hat] = [await driver.offer('Robe'), await driver.offer('Hat')];
    const id = await driver.holding(robe.productId);
    await driver.add(id, hat.productId);
    await driver.withdraw(hat.productId);
    await driver.leavesNothing(async () => {
      const { told, body } = await driver.checkout(id);
      assert.equal(told, '400 baskets checkout: the product "Hat" is no longer sold');
      const [detail] = Object(body).details;
      assert.equal(detail.TypeCode, 'FAILED_PRECONDITION');
    });
    await driver.remove(id, hat.productId);
    assert.equal((await driver.checkout(id)).told, '200');
  });
  test('twice at the same time succeeds once', async () => {
    const id = await driver.holding((await driver.offer()).productId);
    const answers = await Promise.all([driver.checkout(id), driver.checkout(id), driver.cancel(id)]);
    assert.equal(answers.filter(({ told }) => told === '200').length, 1);
    const stored = await mall.rows('SELECT 1 FROM baskets.events WHERE stream_id = $1', [id]);
    assert.equal(stored.length, 3);
  });
});

test('canceling empties the basket for good, and is told', async () => {
  const id = await driver.holding((await driver.offer()).productId);
  const answer = await driver.cancel(id);
  assert.deepEqual([answer.told, answer.body], ['200', {}]);
  const { status, items } = (await driver.read(id)) ?? {};
  assert.deepEqual([status, items], ['canceled', []]);
  await mall.nextMessage(baskets.basketCanceled, (it) => it.id === id);
});

describe('a basket that is closed', () => {
  for (const close of ['cancel', 'checkout'] as const) {
    test(`by ${close} takes no more, and asks nobody about the product (row B10)`, async () => {
      const { productId } = await driver.offer();
      const id = await driver.holding(productId);
      await driver[close](id);
      await driver.leavesNothing(async () => {
        const closed = '400 the basket cannot be modified';
        assert.equal((await driver.add(id, 'nothing')).told, closed);
        assert.equal((await driver.add(id, productId)).told, closed);
        assert.equal((await driver.remove(id, productId)).told, closed);
        assert.equal((await driver.checkout(id)).told, '400 baskets checkout: the basket cannot be modified');
        assert.equal((await driver.cancel(id)).told, '400 the basket cannot be cancelled');
      });
    });
  }
});

describe('row X20: the counters', () => {
  test('rise by what was committed', async () => {
    const { productId } = await driver.offer();
    const { started, checkedOut, canceled } = await driver.counters();
    await driver.checkout(await driver.holding(productId));
    await driver.cancel(await driver.start());
    assert.deepEqual(await driver.counters(), {
      started: started + 2,
      checkedOut: checkedOut + 1,
      canceled: canceled + 1,
    });
  });
  test('stay where they are when the commit fails', async () => {
    const before = await driver.counters();
    await mall.rows('ALTER TABLE baskets.outbox RENAME TO lost');
    try {
      const { told } = await mall.rest('POST', '/api/baskets', { customerId: 'customer-id' });
      assert.match(told, /^500 internal error/);
    } finally {
      await mall.rows('ALTER TABLE baskets.lost RENAME TO outbox');
    }
    assert.deepEqual(await driver.counters(), before);
  });
});
