import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { originalServices } from '../../proto/original-wire.ts';
import { eventually } from '../kernel/testing/index.ts';
import { bytesOf, ForeignProgram, listOf } from './foreign-wire.ts';
import { bytes, decodeOriginal, double, int, text, timestamp } from './protobuf-wire.ts';
import { idOf, wireGround } from './wire-ground.ts';

const ground = wireGround();
const {
  stores,
  customers,
  payments,
  baskets,
  depot,
  ordering,
  notifications,
  search,
  store,
  product,
  customer,
  payment,
} = ground;
const { becomes, orderIs, listOfOrder, storedOrder } = ground.state;

describe('gRPC, by bytes', () => {
  test('stores', async () => {
    const storeId = await store();
    assert.deepEqual(await stores('EnableParticipation', text(1, storeId)), {});
    const wanted = { id: storeId, name: 'Waldorf Books', location: 'the mall', participating: true };
    assert.deepEqual(await stores('GetStore', text(1, storeId)), { store: wanted });
    assert.deepEqual(await stores('GetStores'), { stores: [wanted] });
    assert.deepEqual(await stores('GetParticipatingStores'), { stores: [wanted] });
    await stores('DisableParticipation', text(1, storeId));
    await stores('RebrandStore', text(1, storeId), text(2, 'Statler'));
    assert.deepEqual(await stores('GetStore', text(1, storeId)), {
      store: { ...wanted, name: 'Statler', participating: false },
    });
    assert.deepEqual(await stores('GetParticipatingStores'), { stores: [] });
  });

  test('products of stores', async () => {
    const storeId = await store();
    const productId = await product(storeId, 9.99);
    const wanted = {
      id: productId,
      store_id: storeId,
      name: 'Wizard w/ crystal',
      description: 'a wizard',
      sku: 'wizard',
      price: 9.99,
    };
    assert.deepEqual(await stores('GetProduct', text(1, productId)), { product: wanted });
    assert.deepEqual(await stores('IncreaseProductPrice', text(1, productId), double(2, 12.5)), {});
    assert.deepEqual(await stores('DecreaseProductPrice', text(1, productId), double(2, 12.25)), {});
    await stores('RebrandProduct', text(1, productId), text(2, 'Witch'), text(3, ''));
    assert.deepEqual(await stores('GetCatalog', text(1, storeId)), {
      products: [{ ...wanted, name: 'Witch', description: '', price: 12.25 }],
    });
    assert.deepEqual(await stores('RemoveProduct', text(1, productId)), {});
    assert.deepEqual(await stores('GetCatalog', text(1, storeId)), { products: [] });
  });

  test('customers', async () => {
    const id = await customer();
    const wanted = { id, name: 'Zoë', sms_number: '555-555-1212', enabled: true };
    assert.deepEqual(await customers('GetCustomer', text(1, id)), { customer: wanted });
    assert.deepEqual(await customers('AuthorizeCustomer', text(1, id)), {});
    assert.deepEqual(await customers('ChangeSmsNumber', text(1, id), text(2, '555-555-1313')), {});
    assert.deepEqual(await customers('DisableCustomer', text(1, id)), {});
    const changed = { ...wanted, sms_number: '555-555-1313', enabled: false };
    assert.deepEqual(await customers('GetCustomer', text(1, id)), { customer: changed });
    assert.deepEqual(await customers('EnableCustomer', text(1, id)), {});
  });

  test('baskets, whose items use numbers 3 and 4', async () => {
    const storeId = await store();
    const productId = await product(storeId, 9.99);
    const customerId = await customer();
    const id = await idOf(baskets('StartBasket', text(1, customerId)));
    assert.deepEqual(await baskets('AddItem', text(1, id), text(3, productId), int(4, 300)), {});
    assert.deepEqual(await baskets('RemoveItem', text(1, id), text(3, productId), int(4, 200)), {});
    const item = {
      store_id: storeId,
      product_id: productId,
      store_name: 'Waldorf Books',
      product_name: 'Wizard w/ crystal',
      product_price: 9.99,
      quantity: 100,
    };
    assert.deepEqual(await baskets('GetBasket', text(1, id)), { basket: { id, items: [item] } });
    const paymentId = await payment(customerId, 999);
    assert.deepEqual(await baskets('CheckoutBasket', text(1, id), text(2, paymentId)), {});
    await orderIs(id, 'approved');
    const other = await idOf(baskets('StartBasket', text(1, customerId)));
    assert.deepEqual(await baskets('CancelBasket', text(1, other)), {});
  });

  test('depot', async () => {
    const storeId = await store();
    const item = [...text(1, await product(storeId, 1)), ...text(2, storeId), ...int(3, 2)];
    const orderId = randomUUID();
    const id = await idOf(depot('CreateShoppingList', text(1, orderId), bytes(2, item)));
    assert.equal(await listOfOrder(orderId), id);
    assert.deepEqual(await depot('CancelShoppingList', text(1, id)), {});
    const approved = await storedOrder('approved');
    const second = await idOf(depot('CreateShoppingList', text(1, approved), bytes(2, item)));
    await ground.command('depot.commands', 'depotapi.InitiateShoppingCommand', text(1, second));
    assert.deepEqual(await depot('AssignShoppingList', text(1, second), text(2, 'bot')), {});
    assert.deepEqual(await depot('CompleteShoppingList', text(1, second)), {});
    await becomes(
      { assigned_bot_id: 'bot', status: 'completed' },
      'SELECT assigned_bot_id, status FROM depot.shopping_lists WHERE id = $1',
      second,
    );
  });

  test('ordering, payments and search, along one order', async () => {
    const storeId = await store();
    const productId = await product(storeId, 2.5);
    const customerId = await customer();
    const paymentId = await payment(customerId, 5);
    assert.deepEqual(await payments('ConfirmPayment', text(1, paymentId)), {});
    const line = [
      ...[...text(1, storeId), ...text(2, productId)],
      ...[...text(3, 'Waldorf Books'), ...text(4, 'Wizard w/ crystal'), ...double(5, 2.5), ...int(6, 2)],
    ];
    const id = await idOf(ordering('CreateOrder', bytes(1, line), text(2, customerId), text(3, paymentId)));
    assert.deepEqual(await orderIs(id, 'approved'), {
      id,
      customer_id: customerId,
      payment_id: paymentId,
      items: [
        {
          store_id: storeId,
          product_id: productId,
          store_name: 'Waldorf Books',
          product_name: 'Wizard w/ crystal',
          price: 2.5,
          quantity: 2,
        },
      ],
      status: 'approved',
    });
    assert.deepEqual(await ordering('ReadyOrder', text(1, id)), {});
    await becomes({ status: 'pending' }, 'SELECT status FROM payments.invoices WHERE id = $1', id);
    assert.deepEqual(await payments('AdjustInvoice', text(1, id), double(2, 4.5)), {});
    assert.deepEqual(await payments('PayInvoice', text(1, id)), {});
    await orderIs(id, 'completed');
    const indexed = {
      order_id: id,
      customer_id: customerId,
      customer_name: 'Zoë',
      items: [
        {
          product_id: productId,
          store_id: storeId,
          product_name: 'Wizard w/ crystal',
          store_name: 'Waldorf Books',
          price: 2.5,
          quantity: 2n,
        },
      ],
      total: 5,
      status: 'Completed',
    };
    await eventually(async () => {
      assert.deepEqual(await search('GetOrder', text(1, id)), { order: indexed });
    });
    const filters = [
      text(1, customerId),
      timestamp(2, new Date(Date.now() - 60_000)),
      timestamp(3, new Date(Date.now() + 60_000)),
      text(4, storeId),
      text(5, productId),
      text(5, randomUUID()),
      double(6, 5),
      double(7, 5),
      text(8, 'Completed'),
    ];
    const found = await search('SearchOrders', bytes(1, filters.flat()), int(3, 10));
    assert.deepEqual(found, { orders: [indexed], next: '' });
  });

  test('the rest of ordering, payments and notifications', async () => {
    const customerId = await customer();
    const paymentId = await payment(customerId, 5);
    const line = [
      ...[...text(1, await store()), ...text(2, randomUUID()), ...text(3, 's'), ...text(4, 'p')],
      ...[...double(5, 1), ...int(6, 1)],
    ];
    const id = await idOf(ordering('CreateOrder', bytes(1, line), text(2, customerId), text(3, paymentId)));
    // Its product is unknown.
    await orderIs(id, 'rejected');
    const orderId = await storedOrder('approved');
    await ordering('ReadyOrder', text(1, orderId));
    assert.deepEqual(await ordering('CompleteOrder', text(1, orderId), text(2, 'invoice')), {});
    await orderIs(orderId, 'completed');
    const canceled = await storedOrder();
    assert.deepEqual(await ordering('CancelOrder', text(1, canceled)), {});
    await orderIs(canceled, 'cancelled');
    const invoiceId = await idOf(
      payments('CreateInvoice', text(1, randomUUID()), text(2, paymentId), double(3, 1.25)),
    );
    assert.deepEqual(await payments('CancelInvoice', text(1, invoiceId)), {});
    const told = randomUUID();
    for (const method of ['NotifyOrderCreated', 'NotifyOrderCanceled', 'NotifyOrderReady']) {
      assert.deepEqual(await notifications(method, text(1, told), text(2, customerId)), {});
    }
    const rows = await ground.mall.rows('SELECT kind FROM notifications.notifications WHERE order_id = $1', [
      told,
    ]);
    assert.deepEqual(rows.map(({ kind }) => kind).sort(), ['canceled', 'created', 'ready']);
  });

  test('a refusal carries code, text and the detail that clients look for', async () => {
    const refused: unknown = await stores('GetStore', text(1, 'nobody')).then(
      () => assert.fail('there is no such store'),
      (error: unknown) => error,
    );
    assert.ok(refused instanceof Error && 'code' in refused && 'details' in refused);
    assert.deepEqual([refused.code, refused.details], [5, 'store with that ID does not exist']);
    const told = ForeignProgram.statusOf(refused);
    assert.deepEqual([told.code, told.message], [5, 'store with that ID does not exist']);
    const [detail] = listOf(told, 'details');
    assert.ok(detail);
    assert.equal(detail.type_url, 'type.googleapis.com/errors.ErrorType');
    assert.deepEqual(decodeOriginal('errors.ErrorType', bytesOf(detail, 'value')), {
      TypeCode: 'NOT_FOUND',
      HTTPCode: 404n,
      GRPCCode: 5n,
    });
  });

  test('every method of the original was called', () => {
    const methods = Object.entries(originalServices).flatMap(([service, names]) =>
      names.map((name) => `${service}/${name}`),
    );
    assert.deepEqual([...ground.foreign.called].sort(), methods.sort());
  });
});
