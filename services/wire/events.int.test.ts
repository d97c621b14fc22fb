import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { eventually } from '../kernel/testing/index.ts';
import { bytes, double, type Fields, int, text } from './protobuf-wire.ts';
import { wireGround } from './wire-ground.ts';

const ground = wireGround();
const { store, product, customer, payment } = ground;
const { becomes, orderIs, listOfOrder } = ground.state;

describe('events of the original', () => {
  const STORE = 'stores.events.Store';
  const PRODUCT = 'stores.events.Product';
  const CUSTOMER = 'customers.events.Customer';
  const ORDER = 'ordering.events.Order';

  test('StoreCreated, StoreRebranded and StoreParticipatingToggled', async () => {
    const id = randomUUID();
    const inBaskets = 'SELECT name, participating FROM baskets.stores_cache WHERE id = $1';
    const inDepot = 'SELECT name, location FROM depot.stores_cache WHERE id = $1';
    const inSearch = 'SELECT name FROM search.stores_cache WHERE id = $1';
    await ground.foreign.publish(STORE, 'storesapi.StoreCreated', [
      ...text(1, id),
      ...text(2, 'NewStore'),
      ...text(3, 'NewLocation'),
    ]);
    await becomes({ name: 'NewStore', participating: false }, inBaskets, id);
    await becomes({ name: 'NewStore', location: 'NewLocation' }, inDepot, id);
    await becomes({ name: 'NewStore' }, inSearch, id);
    await ground.foreign.publish(STORE, 'storesapi.StoreRebranded', [
      ...text(1, id),
      ...text(2, 'RebrandedStore'),
    ]);
    await becomes({ name: 'RebrandedStore', participating: false }, inBaskets, id);
    await becomes({ name: 'RebrandedStore', location: 'NewLocation' }, inDepot, id);
    await becomes({ name: 'RebrandedStore' }, inSearch, id);
    await ground.foreign.publish(STORE, 'storesapi.StoreParticipatingToggled', [
      ...text(1, id),
      ...int(2, 1),
    ]);
    await becomes({ name: 'RebrandedStore', participating: true }, inBaskets, id);
  });

  test('ProductAdded, ProductRebranded, prices by delta alone, ProductRemoved', async () => {
    const id = randomUUID();
    const inBaskets = 'SELECT store_id, name, price, removed FROM baskets.products_cache WHERE id = $1';
    const others = ['depot', 'search'].map(
      (context) => `SELECT store_id, name, removed FROM ${context}.products_cache WHERE id = $1`,
    );
    const added = [
      ...text(1, id),
      ...text(2, 'store-id'),
      ...text(3, 'Wizard'),
      ...text(4, 'a wizard'),
      ...text(5, 'wizard'),
      ...double(6, 10),
    ];
    const row = { store_id: 'store-id', name: 'Wizard', removed: false };
    await ground.foreign.publish(PRODUCT, 'storesapi.ProductAdded', added);
    await becomes({ ...row, price: '10.0000' }, inBaskets, id);
    for (const query of others) await becomes(row, query, id);
    const rebranded = [...text(1, id), ...text(2, 'Witch'), ...text(3, 'a witch')];
    await ground.foreign.publish(PRODUCT, 'storesapi.ProductRebranded', rebranded);
    await becomes({ ...row, name: 'Witch', price: '10.0000' }, inBaskets, id);
    for (const query of others) await becomes({ ...row, name: 'Witch' }, query, id);
    await ground.foreign.publish(PRODUCT, 'storesapi.ProductPriceIncreased', [
      ...text(1, id),
      ...double(2, 1.5),
    ]);
    await becomes({ ...row, name: 'Witch', price: '11.5000' }, inBaskets, id);
    await ground.foreign.publish(PRODUCT, 'storesapi.ProductPriceDecreased', [
      ...text(1, id),
      ...double(2, -2.25),
    ]);
    await becomes({ ...row, name: 'Witch', price: '9.2500' }, inBaskets, id);
    await ground.foreign.publish(PRODUCT, 'storesapi.ProductRemoved', text(1, id));
    await becomes({ ...row, name: 'Witch', price: '9.2500', removed: true }, inBaskets, id);
    for (const query of others) await becomes({ ...row, name: 'Witch', removed: true }, query, id);
  });

  test('CustomerRegistered, CustomerSmsChanged, CustomerDisabled and CustomerEnabled', async () => {
    const id = randomUUID();
    const inNotifications = 'SELECT name, sms_number FROM notifications.customers_cache WHERE id = $1';
    const inBaskets = 'SELECT enabled FROM baskets.customers_cache WHERE id = $1';
    const registered = [...text(1, id), ...text(2, 'John Smith'), ...text(3, '1')];
    await ground.foreign.publish(CUSTOMER, 'customersapi.CustomerRegistered', registered);
    await becomes({ name: 'John Smith', sms_number: '1' }, inNotifications, id);
    await becomes({ name: 'John Smith' }, 'SELECT name FROM search.customers_cache WHERE id = $1', id);
    await becomes({ enabled: true }, inBaskets, id);
    await ground.foreign.publish(CUSTOMER, 'customersapi.CustomerSmsChanged', [
      ...text(1, id),
      ...text(2, '2'),
    ]);
    await becomes({ name: 'John Smith', sms_number: '2' }, inNotifications, id);
    await ground.foreign.publish(CUSTOMER, 'customersapi.CustomerDisabled', text(1, id));
    await becomes({ enabled: false }, inBaskets, id);
    await ground.foreign.publish(CUSTOMER, 'customersapi.CustomerEnabled', text(1, id));
    await becomes({ enabled: true }, inBaskets, id);
  });

  test('baskets, of which BasketCheckedOut makes an order; ShoppingListCompleted and InvoicePaid end it', async () => {
    const storeId = await store();
    const productId = await product(storeId, 9.99);
    const customerId = await customer();
    const paymentId = await payment(customerId, 19.98);
    const id = randomUUID();
    const line = [
      ...[...text(1, storeId), ...text(2, productId), ...text(3, 'Store'), ...text(4, 'Café')],
      ...[...double(5, 9.99), ...int(6, 2)],
    ];
    const channel = 'baskets.events.Basket';
    const started = [...text(1, id), ...text(2, customerId)];
    await ground.foreign.publish(channel, 'basketsapi.BasketStarted', started);
    await ground.foreign.publish(channel, 'basketsapi.BasketCanceled', text(1, randomUUID()));
    const checkedOut = [...started, ...text(3, paymentId), ...bytes(4, line)];
    await ground.foreign.publish(channel, 'basketsapi.BasketCheckedOut', checkedOut);
    const order = await orderIs(id, 'approved');
    assert.deepEqual(order, {
      id,
      customer_id: customerId,
      payment_id: paymentId,
      items: [
        {
          store_id: storeId,
          product_id: productId,
          store_name: 'Store',
          product_name: 'Café',
          price: 9.99,
          quantity: 2,
        },
      ],
      status: 'approved',
    });
    const completed = [...text(1, await listOfOrder(id)), ...text(2, id)];
    await ground.foreign.publish('depot.events.ShoppingList', 'depotapi.ShoppingListCompleted', completed);
    await orderIs(id, 'ready');
    const paid = [...text(1, 'invoice-id'), ...text(2, id)];
    await ground.foreign.publish('payments.events.Invoice', 'paymentsapi.InvoicePaid', paid);
    await orderIs(id, 'completed');
  });

  const indexed = 'SELECT status, total FROM search.orders WHERE order_id = $1';
  const invoice = 'SELECT status, amount FROM payments.invoices WHERE order_id = $1';

  /** An order of which only its events are known here. */
  async function foreignOrder(): Promise<{ id: string; owner: Fields }> {
    const id = randomUUID();
    const owner = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'payment-id')];
    const item = [...text(1, 'product-id'), ...text(2, 'store-id'), ...double(3, 9.99), ...int(4, 2)];
    await ground.foreign.publish(ORDER, 'ordersapi.OrderCreated', [
      ...owner,
      ...text(4, ''),
      ...bytes(5, item),
    ]);
    await becomes({ status: 'New', total: '19.9800' }, indexed, id);
    return { id, owner };
  }

  async function isTold(orderId: string, ...kinds: string[]): Promise<void> {
    await eventually(async () => {
      const rows = await ground.mall.rows(
        'SELECT kind FROM notifications.notifications WHERE order_id = $1 ORDER BY position',
        [orderId],
      );
      assert.deepEqual(
        rows.map(({ kind }) => kind),
        kinds,
      );
    });
  }

  test('OrderCreated, OrderApproved, OrderReadied and OrderCompleted', async () => {
    const { id, owner } = await foreignOrder();
    const [row] = await ground.mall.rows(
      'SELECT customer_name, items FROM search.orders WHERE order_id = $1',
      [id],
    );
    assert.deepEqual(row, {
      customer_name: 'customer-id',
      items: [
        {
          ProductID: 'product-id',
          StoreID: 'store-id',
          ProductName: 'product-id',
          StoreName: 'store-id',
          Price: 9.99,
          Quantity: 2,
        },
      ],
    });
    await isTold(id, 'created');
    await ground.foreign.publish(ORDER, 'ordersapi.OrderApproved', owner);
    await becomes({ status: 'Approved', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'approved');
    await ground.foreign.publish(ORDER, 'ordersapi.OrderReadied', [...owner, ...double(4, 19.98)]);
    await becomes({ status: 'Ready For Pickup', total: '19.9800' }, indexed, id);
    await becomes({ status: 'pending', amount: '19.9800' }, invoice, id);
    await isTold(id, 'created', 'approved', 'ready');
    const completed = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'invoice-id')];
    await ground.foreign.publish(ORDER, 'ordersapi.OrderCompleted', completed);
    await becomes({ status: 'Completed', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'approved', 'ready', 'completed');
  });

  test('OrderRejected', async () => {
    const { id, owner } = await foreignOrder();
    await isTold(id, 'created');
    await ground.foreign.publish(ORDER, 'ordersapi.OrderRejected', owner);
    await becomes({ status: 'Rejected', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'rejected');
  });

  test('OrderCanceled, which withdraws the invoice', async () => {
    const { id, owner } = await foreignOrder();
    await ground.foreign.publish(ORDER, 'ordersapi.OrderReadied', [...owner, ...double(4, 19.98)]);
    await becomes({ status: 'pending', amount: '19.9800' }, invoice, id);
    const { id: other, owner: ownerOfOther } = await foreignOrder();
    await isTold(other, 'created');
    await ground.foreign.publish(ORDER, 'ordersapi.OrderCanceled', owner);
    await becomes({ status: 'canceled', amount: '19.9800' }, invoice, id);
    await ground.foreign.publish(ORDER, 'ordersapi.OrderCanceled', ownerOfOther);
    await becomes({ status: 'Canceled', total: '19.9800' }, indexed, other);
    await isTold(other, 'created', 'canceled');
  });
});
