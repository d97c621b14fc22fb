import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { originalServices } from '../proto/original-wire.ts';
import { cosecModule } from './cosec/module.ts';
import { bytesOf, ForeignProgram, listOf, partOf, textOf, type WireMessage } from './foreign-wire.ts';
import { eventually, startTestProcess, type TestProcess } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';
import {
  bytes,
  type Decoded,
  decodeOriginal,
  double,
  type Fields,
  int,
  text,
  timestamp,
} from './protobuf-wire.ts';
import { published } from './published-wire.ts';

/*
 * Bytes on the wire, between this mall and programs of the original: what they send is put together from documented
 * numbers and types and has none of our additions, what we send is read by their definitions.
 */
let mall: TestProcess;
let foreign: ForeignProgram;

before(async () => {
  mall = await startTestProcess(mallModules());
  foreign = await ForeignProgram.open(mall);
});
after(async () => {
  await foreign?.close();
  await mall?.stop();
});

async function becomes(expected: Readonly<Record<string, unknown>>, query: string, id: string) {
  await eventually(async () => {
    const [row] = await mall.rows(query, [id]);
    assert.deepEqual(row, expected);
  });
}

const stores = (method: string, ...request: Fields[]) =>
  foreign.call(`storespb.StoresService/${method}`, ...request);
const customers = (method: string, ...request: Fields[]) =>
  foreign.call(`customerspb.CustomersService/${method}`, ...request);
const baskets = (method: string, ...request: Fields[]) =>
  foreign.call(`basketspb.BasketService/${method}`, ...request);
const depot = (method: string, ...request: Fields[]) =>
  foreign.call(`depotpb.DepotService/${method}`, ...request);
const ordering = (method: string, ...request: Fields[]) =>
  foreign.call(`orderingpb.OrderingService/${method}`, ...request);
const payments = (method: string, ...request: Fields[]) =>
  foreign.call(`paymentspb.PaymentsService/${method}`, ...request);
const notifications = (method: string, ...request: Fields[]) =>
  foreign.call(`notificationspb.NotificationsService/${method}`, ...request);
const search = (method: string, ...request: Fields[]) =>
  foreign.call(`searchpb.SearchService/${method}`, ...request);

const idOf = async (answer: Promise<Decoded>): Promise<string> => {
  const id = textOf(await answer, 'id');
  assert.notEqual(id, '');
  return id;
};

const store = () => idOf(stores('CreateStore', text(1, 'Waldorf Books'), text(2, 'the mall')));
const product = (storeId: string, price: number) =>
  idOf(
    stores(
      'AddProduct',
      text(1, storeId),
      text(2, 'Wizard w/ crystal'),
      text(3, 'a wizard'),
      text(4, 'wizard'),
      double(5, price),
    ),
  );
const customer = () => idOf(customers('RegisterCustomer', text(1, 'Zoë'), text(2, '555-555-1212')));
const payment = (customerId: string, amount: number) =>
  idOf(payments('AuthorizePayment', text(1, customerId), double(2, amount)));

async function orderIs(orderId: string, expected: string): Promise<Decoded> {
  return eventually(async () => {
    const order = partOf(await ordering('GetOrder', text(1, orderId)), 'order');
    assert.equal(order.status, expected);
    return order;
  });
}

async function listOfOrder(orderId: string): Promise<string> {
  const [row] = await mall.rows('SELECT id FROM depot.shopping_lists WHERE order_id = $1', [orderId]);
  assert.ok(typeof row?.id === 'string', 'the order has a shopping list');
  return row.id;
}

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
    await command('depot.commands', 'depotapi.InitiateShoppingCommand', text(1, second));
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
    const rows = await mall.rows('SELECT kind FROM notifications.notifications WHERE order_id = $1', [told]);
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
    assert.deepEqual([...foreign.called].sort(), methods.sort());
  });
});

const ORIGINAL_ITEM = {
  ProductID: 'product',
  StoreID: 'store',
  StoreName: 'Store',
  ProductName: 'Product',
  Price: 2.5,
  Quantity: 2,
};

/** An order as the original left it in its table: no message of it was ever published, so no saga runs. */
async function storedOrder(state: 'pending' | 'approved' = 'pending'): Promise<string> {
  const id = randomUUID();
  const created = { CustomerID: 'customer', PaymentID: 'payment', ShoppingID: '', Items: [ORIGINAL_ITEM] };
  const events = [
    { name: 'ordering.OrderCreated', data: created },
    { name: 'ordering.OrderApproved', data: { ShoppingID: 'list' } },
  ].slice(0, state === 'pending' ? 1 : 2);
  for (const [index, { name, data }] of events.entries()) {
    await mall.rows(
      `INSERT INTO ordering.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                                    occurred_at, metadata, schema_version)
       VALUES ($1, 'ordering.Order', $2, $3, $4, $5, now(), '{}', 0)`,
      [id, index + 1, randomUUID(), name, JSON.stringify(data)],
    );
  }
  return id;
}

/** Sends a command as the original's saga does and awaits the reply on the channel it names. */
async function command(channel: string, name: string, payload: Fields): Promise<WireMessage> {
  const sagaId = randomUUID();
  const replyChannel = `${mall.ground.stream}.cosec.replies.${sagaId}`;
  await foreign.publish(channel, name, payload, {
    COMMAND_REPLY_CHANNEL: replyChannel,
    COMMAND_SAGA_ID: sagaId,
    COMMAND_SAGA_NAME: 'cosec.CreateOrder',
  });
  const reply = await foreign.next(`a reply to ${name}`, ({ subject }) => subject === replyChannel);
  const { REPLY_REPLY_CHANNEL, REPLY_SAGA_ID, REPLY_SAGA_NAME } = reply.metadata;
  assert.deepEqual(
    [REPLY_REPLY_CHANNEL, REPLY_SAGA_ID, REPLY_SAGA_NAME],
    [replyChannel, sagaId, 'cosec.CreateOrder'],
  );
  return reply;
}

/** Name and outcome of a reply, the latter from the only place where the original looks for it. */
const told = ({ name, metadata }: WireMessage) => `${name} ${metadata.REPLY_OUTCOME}`;

describe('commands of the original', () => {
  test('AuthorizeCustomer', async () => {
    const authorize = (id: string) =>
      command('customers.commands', 'customersapi.AuthorizeCustomer', text(1, id));
    assert.equal(told(await authorize(await customer())), 'am.Success SUCCESS');
    const refused = await authorize('nobody');
    assert.equal(told(refused), 'am.Failure FAILURE');
    assert.equal(refused.payload.length, 0);
  });

  test('CreateShoppingListCommand, InitiateShoppingCommand and CancelShoppingListCommand', async () => {
    const storeId = await store();
    const orderId = randomUUID();
    const item = [...text(1, await product(storeId, 1)), ...text(2, storeId), ...int(3, 2)];
    const create = [...text(1, orderId), ...bytes(2, item)];
    const made = await command('depot.commands', 'depotapi.CreateShoppingListCommand', create);
    assert.equal(told(made), 'depotapi.CreatedShoppingListReply SUCCESS');
    const { id } = decodeOriginal('depotpb.CreatedShoppingList', made.payload);
    const listId = await listOfOrder(orderId);
    assert.equal(id, listId);
    const standing = 'SELECT status FROM depot.shopping_lists WHERE id = $1';
    const initiated = await command('depot.commands', 'depotapi.InitiateShoppingCommand', text(1, listId));
    assert.equal(told(initiated), 'am.Success SUCCESS');
    await becomes({ status: 'available' }, standing, listId);
    const canceled = await command('depot.commands', 'depotapi.CancelShoppingListCommand', text(1, listId));
    assert.equal(told(canceled), 'am.Success SUCCESS');
    await becomes({ status: 'canceled' }, standing, listId);
  });

  test('refused commands of the depot', async () => {
    const unknown = [...text(1, randomUUID()), ...text(2, 'no store'), ...int(3, 2)];
    const create = [...text(1, randomUUID()), ...bytes(2, unknown)];
    const failed = await command('depot.commands', 'depotapi.CreateShoppingListCommand', create);
    assert.equal(failed.metadata.REPLY_OUTCOME, 'FAILURE');
    const canceled = await command('depot.commands', 'depotapi.CancelShoppingListCommand', text(1, 'none'));
    assert.equal(told(canceled), 'am.Failure FAILURE');
  });

  test('ApproveOrder and RejectOrder', async () => {
    const approved = await storedOrder();
    const approve = [...text(1, approved), ...text(2, 'list')];
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.ApproveOrder', approve)),
      'am.Success SUCCESS',
    );
    await orderIs(approved, 'approved');
    const rejected = await storedOrder();
    const reject = text(1, rejected);
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.RejectOrder', reject)),
      'am.Success SUCCESS',
    );
    await orderIs(rejected, 'rejected');
    assert.equal(
      told(await command('ordering.commands', 'ordersapi.RejectOrder', text(1, 'none'))),
      'am.Failure FAILURE',
    );
  });

  test('ConfirmPayment, which names neither order nor customer', async () => {
    const paymentId = await payment(await customer(), 10);
    const confirm = (id: string, amount: number) =>
      command('payments.commands', 'paymentsapi.ConfirmPayment', [...text(1, id), ...double(2, amount)]);
    assert.equal(told(await confirm(paymentId, 10)), 'am.Success SUCCESS');
    assert.equal(told(await confirm(paymentId, 10.01)), 'am.Failure FAILURE');
    assert.equal(told(await confirm('none', 1)), 'am.Failure FAILURE');
  });
});

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
    await foreign.publish(STORE, 'storesapi.StoreCreated', [
      ...text(1, id),
      ...text(2, 'NewStore'),
      ...text(3, 'NewLocation'),
    ]);
    await becomes({ name: 'NewStore', participating: false }, inBaskets, id);
    await becomes({ name: 'NewStore', location: 'NewLocation' }, inDepot, id);
    await becomes({ name: 'NewStore' }, inSearch, id);
    await foreign.publish(STORE, 'storesapi.StoreRebranded', [...text(1, id), ...text(2, 'RebrandedStore')]);
    await becomes({ name: 'RebrandedStore', participating: false }, inBaskets, id);
    await becomes({ name: 'RebrandedStore', location: 'NewLocation' }, inDepot, id);
    await becomes({ name: 'RebrandedStore' }, inSearch, id);
    await foreign.publish(STORE, 'storesapi.StoreParticipatingToggled', [...text(1, id), ...int(2, 1)]);
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
    await foreign.publish(PRODUCT, 'storesapi.ProductAdded', added);
    await becomes({ ...row, price: '10.0000' }, inBaskets, id);
    for (const query of others) await becomes(row, query, id);
    const rebranded = [...text(1, id), ...text(2, 'Witch'), ...text(3, 'a witch')];
    await foreign.publish(PRODUCT, 'storesapi.ProductRebranded', rebranded);
    await becomes({ ...row, name: 'Witch', price: '10.0000' }, inBaskets, id);
    for (const query of others) await becomes({ ...row, name: 'Witch' }, query, id);
    await foreign.publish(PRODUCT, 'storesapi.ProductPriceIncreased', [...text(1, id), ...double(2, 1.5)]);
    await becomes({ ...row, name: 'Witch', price: '11.5000' }, inBaskets, id);
    await foreign.publish(PRODUCT, 'storesapi.ProductPriceDecreased', [...text(1, id), ...double(2, -2.25)]);
    await becomes({ ...row, name: 'Witch', price: '9.2500' }, inBaskets, id);
    await foreign.publish(PRODUCT, 'storesapi.ProductRemoved', text(1, id));
    await becomes({ ...row, name: 'Witch', price: '9.2500', removed: true }, inBaskets, id);
    for (const query of others) await becomes({ ...row, name: 'Witch', removed: true }, query, id);
  });

  test('CustomerRegistered, CustomerSmsChanged, CustomerDisabled and CustomerEnabled', async () => {
    const id = randomUUID();
    const inNotifications = 'SELECT name, sms_number FROM notifications.customers_cache WHERE id = $1';
    const inBaskets = 'SELECT enabled FROM baskets.customers_cache WHERE id = $1';
    const registered = [...text(1, id), ...text(2, 'John Smith'), ...text(3, '1')];
    await foreign.publish(CUSTOMER, 'customersapi.CustomerRegistered', registered);
    await becomes({ name: 'John Smith', sms_number: '1' }, inNotifications, id);
    await becomes({ name: 'John Smith' }, 'SELECT name FROM search.customers_cache WHERE id = $1', id);
    await becomes({ enabled: true }, inBaskets, id);
    await foreign.publish(CUSTOMER, 'customersapi.CustomerSmsChanged', [...text(1, id), ...text(2, '2')]);
    await becomes({ name: 'John Smith', sms_number: '2' }, inNotifications, id);
    await foreign.publish(CUSTOMER, 'customersapi.CustomerDisabled', text(1, id));
    await becomes({ enabled: false }, inBaskets, id);
    await foreign.publish(CUSTOMER, 'customersapi.CustomerEnabled', text(1, id));
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
    await foreign.publish(channel, 'basketsapi.BasketStarted', started);
    await foreign.publish(channel, 'basketsapi.BasketCanceled', text(1, randomUUID()));
    const checkedOut = [...started, ...text(3, paymentId), ...bytes(4, line)];
    await foreign.publish(channel, 'basketsapi.BasketCheckedOut', checkedOut);
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
    await foreign.publish('depot.events.ShoppingList', 'depotapi.ShoppingListCompleted', completed);
    await orderIs(id, 'ready');
    const paid = [...text(1, 'invoice-id'), ...text(2, id)];
    await foreign.publish('payments.events.Invoice', 'paymentsapi.InvoicePaid', paid);
    await orderIs(id, 'completed');
  });

  const indexed = 'SELECT status, total FROM search.orders WHERE order_id = $1';
  const invoice = 'SELECT status, amount FROM payments.invoices WHERE order_id = $1';

  /** An order of which only its events are known here. */
  async function foreignOrder(): Promise<{ id: string; owner: Fields }> {
    const id = randomUUID();
    const owner = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'payment-id')];
    const item = [...text(1, 'product-id'), ...text(2, 'store-id'), ...double(3, 9.99), ...int(4, 2)];
    await foreign.publish(ORDER, 'ordersapi.OrderCreated', [...owner, ...text(4, ''), ...bytes(5, item)]);
    await becomes({ status: 'New', total: '19.9800' }, indexed, id);
    return { id, owner };
  }

  async function isTold(orderId: string, ...kinds: string[]): Promise<void> {
    await eventually(async () => {
      const rows = await mall.rows(
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
    const [row] = await mall.rows('SELECT customer_name, items FROM search.orders WHERE order_id = $1', [id]);
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
    await foreign.publish(ORDER, 'ordersapi.OrderApproved', owner);
    await becomes({ status: 'Approved', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'approved');
    await foreign.publish(ORDER, 'ordersapi.OrderReadied', [...owner, ...double(4, 19.98)]);
    await becomes({ status: 'Ready For Pickup', total: '19.9800' }, indexed, id);
    await becomes({ status: 'pending', amount: '19.9800' }, invoice, id);
    await isTold(id, 'created', 'approved', 'ready');
    const completed = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'invoice-id')];
    await foreign.publish(ORDER, 'ordersapi.OrderCompleted', completed);
    await becomes({ status: 'Completed', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'approved', 'ready', 'completed');
  });

  test('OrderRejected', async () => {
    const { id, owner } = await foreignOrder();
    await isTold(id, 'created');
    await foreign.publish(ORDER, 'ordersapi.OrderRejected', owner);
    await becomes({ status: 'Rejected', total: '19.9800' }, indexed, id);
    await isTold(id, 'created', 'rejected');
  });

  test('OrderCanceled, which withdraws the invoice', async () => {
    const { id, owner } = await foreignOrder();
    await foreign.publish(ORDER, 'ordersapi.OrderReadied', [...owner, ...double(4, 19.98)]);
    await becomes({ status: 'pending', amount: '19.9800' }, invoice, id);
    const { id: other, owner: ownerOfOther } = await foreignOrder();
    await isTold(other, 'created');
    await foreign.publish(ORDER, 'ordersapi.OrderCanceled', owner);
    await becomes({ status: 'canceled', amount: '19.9800' }, invoice, id);
    await foreign.publish(ORDER, 'ordersapi.OrderCanceled', ownerOfOther);
    await becomes({ status: 'Canceled', total: '19.9800' }, indexed, other);
    await isTold(other, 'created', 'canceled');
  });
});

describe('what we publish', () => {
  /** Added to the original: it has no handler for it, and its programs drop names they do not know. */
  const ours = new Set(['paymentsapi.ReleasePayment']);

  /** The message of this name that the predicate takes, its payload by the original's definition. */
  async function sent(name: string, predicate: (payload: Decoded, message: WireMessage) => boolean) {
    const type = published[name]?.type ?? assert.fail(`${name} has a payload`);
    const message = await foreign.next(
      name,
      (each) => each.name === name && predicate(decodeOriginal(type, each.payload), each),
    );
    return decodeOriginal(type, message.payload);
  }

  test('the catalogue', async () => {
    const storeId = await store();
    const ofStore = ({ id }: Decoded) => id === storeId;
    await stores('EnableParticipation', text(1, storeId));
    await stores('RebrandStore', text(1, storeId), text(2, 'Statler'));
    assert.deepEqual(await sent('storesapi.StoreCreated', ofStore), {
      id: storeId,
      name: 'Waldorf Books',
      location: 'the mall',
    });
    assert.deepEqual(await sent('storesapi.StoreParticipatingToggled', ofStore), {
      id: storeId,
      participating: true,
    });
    assert.deepEqual(await sent('storesapi.StoreRebranded', ofStore), { id: storeId, name: 'Statler' });
    const productId = await product(storeId, 9.99);
    const ofProduct = ({ id }: Decoded) => id === productId;
    await stores('RebrandProduct', text(1, productId), text(2, 'Witch'), text(3, 'a witch'));
    await stores('IncreaseProductPrice', text(1, productId), double(2, 12));
    await stores('DecreaseProductPrice', text(1, productId), double(2, 11.5));
    await stores('RemoveProduct', text(1, productId));
    assert.deepEqual(await sent('storesapi.ProductAdded', ofProduct), {
      id: productId,
      store_id: storeId,
      name: 'Wizard w/ crystal',
      description: 'a wizard',
      sku: 'wizard',
      price: 9.99,
    });
    assert.deepEqual(await sent('storesapi.ProductRebranded', ofProduct), {
      id: productId,
      name: 'Witch',
      description: 'a witch',
    });
    assert.deepEqual(await sent('storesapi.ProductPriceIncreased', ofProduct), {
      id: productId,
      delta: 2.01,
    });
    assert.deepEqual(await sent('storesapi.ProductPriceDecreased', ofProduct), {
      id: productId,
      delta: -0.5,
    });
    assert.deepEqual(await sent('storesapi.ProductRemoved', ofProduct), { id: productId });
  });

  test('a purchase, from registration to its end', async () => {
    const storeId = await store();
    const productId = await product(storeId, 9.99);
    const customerId = await customer();
    const paymentId = await payment(customerId, 30);
    const id = await idOf(baskets('StartBasket', text(1, customerId)));
    await baskets('AddItem', text(1, id), text(3, productId), int(4, 3));
    await baskets('CheckoutBasket', text(1, id), text(2, paymentId));
    await orderIs(id, 'approved');
    const listId = await listOfOrder(id);
    await depot('AssignShoppingList', text(1, listId), text(2, 'bot'));
    await depot('CompleteShoppingList', text(1, listId));
    await becomes({ status: 'pending' }, 'SELECT status FROM payments.invoices WHERE id = $1', id);
    await payments('PayInvoice', text(1, id));
    await orderIs(id, 'completed');

    const here = { id, customer_id: customerId };
    const owner = { ...here, payment_id: paymentId };
    const ofIt = (payload: Decoded) => payload.id === id;
    assert.deepEqual(await sent('customersapi.CustomerRegistered', (payload) => payload.id === customerId), {
      id: customerId,
      name: 'Zoë',
      sms_number: '555-555-1212',
    });
    assert.deepEqual(await sent('basketsapi.BasketStarted', ofIt), here);
    assert.deepEqual(await sent('basketsapi.BasketCheckedOut', ofIt), {
      ...owner,
      items: [
        {
          store_id: storeId,
          product_id: productId,
          store_name: 'Waldorf Books',
          product_name: 'Wizard w/ crystal',
          price: 9.99,
          quantity: 3,
        },
      ],
    });
    const line = { product_id: productId, store_id: storeId, quantity: 3 };
    assert.deepEqual(await sent('ordersapi.OrderCreated', ofIt), {
      ...owner,
      shopping_id: '',
      items: [{ ...line, price: 9.99 }],
    });
    assert.deepEqual(await sent('ordersapi.OrderApproved', ofIt), owner);
    assert.deepEqual(await sent('ordersapi.OrderReadied', ofIt), { ...owner, total: 29.97 });
    assert.deepEqual(await sent('ordersapi.OrderCompleted', ofIt), { ...here, invoice_id: id });
    assert.deepEqual(await sent('depotapi.ShoppingListCompleted', (payload) => payload.order_id === id), {
      id: listId,
      order_id: id,
    });
    assert.deepEqual(await sent('paymentsapi.InvoicePaid', ofIt), { id, order_id: id });

    const ofSaga = (_payload: Decoded, { metadata }: WireMessage) => metadata.COMMAND_SAGA_ID === id;
    const commands: Readonly<Record<string, Decoded>> = {
      'customersapi.AuthorizeCustomer': { id: customerId },
      'depotapi.CreateShoppingListCommand': { order_id: id, items: [line] },
      'paymentsapi.ConfirmPayment': { id: paymentId, amount: 29.97 },
      'depotapi.InitiateShoppingCommand': { id: listId },
      'ordersapi.ApproveOrder': { id, shopping_id: listId },
    };
    for (const [name, payload] of Object.entries(commands)) {
      assert.deepEqual(await sent(name, ofSaga), payload);
    }
    const reply = await foreign.next(
      'the reply with the list',
      ({ name, metadata }) => name === 'depotapi.CreatedShoppingListReply' && metadata.REPLY_SAGA_ID === id,
    );
    assert.deepEqual(decodeOriginal('depotpb.CreatedShoppingList', reply.payload), { id: listId });
  });

  test('a purchase that fails, an order and a basket that are cancelled, changes of a customer', async () => {
    const storeId = await store();
    const productId = await product(storeId, 9.99);
    const customerId = await customer();
    const rejected = await idOf(baskets('StartBasket', text(1, customerId)));
    await baskets('AddItem', text(1, rejected), text(3, productId), int(4, 1));
    await baskets('CheckoutBasket', text(1, rejected), text(2, 'no such payment'));
    await orderIs(rejected, 'rejected');
    const ofRejected = (_payload: Decoded, { metadata }: WireMessage) =>
      metadata.COMMAND_SAGA_ID === rejected;
    const listId = await listOfOrder(rejected);
    assert.deepEqual(await sent('depotapi.CancelShoppingListCommand', ofRejected), { id: listId });
    assert.deepEqual(await sent('ordersapi.RejectOrder', ofRejected), { id: rejected });
    assert.deepEqual(await sent('ordersapi.OrderRejected', ({ id }) => id === rejected), {
      id: rejected,
      customer_id: customerId,
      payment_id: 'no such payment',
    });
    const canceled = await storedOrder();
    await ordering('CancelOrder', text(1, canceled));
    assert.deepEqual(await sent('ordersapi.OrderCanceled', ({ id }) => id === canceled), {
      id: canceled,
      customer_id: 'customer',
      payment_id: 'payment',
    });
    const left = await idOf(baskets('StartBasket', text(1, customerId)));
    await baskets('CancelBasket', text(1, left));
    assert.deepEqual(await sent('basketsapi.BasketCanceled', ({ id }) => id === left), { id: left });
    const ofCustomer = ({ id }: Decoded) => id === customerId;
    await customers('ChangeSmsNumber', text(1, customerId), text(2, '555-555-1313'));
    await customers('DisableCustomer', text(1, customerId));
    await customers('EnableCustomer', text(1, customerId));
    assert.deepEqual(await sent('customersapi.CustomerSmsChanged', ofCustomer), {
      id: customerId,
      sms_number: '555-555-1313',
    });
    assert.deepEqual(await sent('customersapi.CustomerDisabled', ofCustomer), { id: customerId });
    assert.deepEqual(await sent('customersapi.CustomerEnabled', ofCustomer), { id: customerId });
  });

  test('every message of the original was published, each with its envelope, id, time and subject', () => {
    const { stream } = mall.ground;
    const names = new Set(foreign.heard.map(({ name }) => name));
    assert.deepEqual([...names.difference(ours)].sort(), Object.keys(published).sort());
    for (const message of foreign.heard) {
      const { name, id, brokerId, subject, metadata, sentAt, occurredAt, payload } = message;
      assert.notEqual(id, '', name);
      assert.equal(brokerId, id, name);
      assert.ok(Math.abs(Date.now() - sentAt.getTime()) < 600_000, `${name}: ${sentAt}`);
      assert.ok(Math.abs(Date.now() - occurredAt.getTime()) < 600_000, `${name}: ${occurredAt}`);
      if (ours.has(name)) continue;
      const { channel, type } = published[name] ?? assert.fail(name);
      assert.equal(subject, channel ? `${stream}.${channel}` : metadata.REPLY_REPLY_CHANNEL, name);
      if (type) decodeOriginal(type, payload);
      else assert.equal(payload.length, 0, name);
      if (channel?.endsWith('commands')) {
        assert.equal(metadata.COMMAND_REPLY_CHANNEL, `${stream}.cosec.replies.CreateOrder`);
        assert.equal(metadata.COMMAND_SAGA_NAME, 'cosec.CreateOrder');
      }
      if (!channel) assert.match(metadata.REPLY_OUTCOME ?? '', /^(SUCCESS|FAILURE)$/);
    }
  });

  test('and no message, theirs or ours, was parked', async () => {
    await eventually(async () => assert.deepEqual(await foreign.unsettled(), []));
    for (const { name } of mallModules()) {
      assert.deepEqual(await mall.rows(`SELECT consumer, name, reason FROM ${name}.dead_letters`), [], name);
    }
  });
});

describe('a saga among contexts of the original', () => {
  let alone: TestProcess;
  let others: ForeignProgram;

  before(async () => {
    alone = await startTestProcess([cosecModule]);
    others = await ForeignProgram.open(alone);
  });
  after(async () => {
    await others?.close();
    await alone?.stop();
  });

  async function begun(): Promise<string> {
    const id = randomUUID();
    const item = [...text(1, 'product-id'), ...text(2, 'store-id'), ...double(3, 9.99), ...int(4, 2)];
    const payload = [...text(1, id), ...text(2, 'customer-id'), ...text(3, 'payment-id'), ...bytes(5, item)];
    await others.publish('ordering.events.Order', 'ordersapi.OrderCreated', payload);
    return id;
  }

  /** Answers a command as the original does: outcome, and every header of the command under its new name. */
  async function answer(orderId: string, name: string, outcome: string, reply = '', payload: Fields = []) {
    const { metadata, payload: asked } = await others.next(
      name,
      (message) => message.name === name && message.metadata.COMMAND_SAGA_ID === orderId,
    );
    const copies = Object.entries(metadata)
      .filter(([key]) => key.startsWith('COMMAND_') && key !== 'COMMAND_NAME')
      .map(([key, value]) => [key.replace('COMMAND_', 'REPLY_'), value] as const);
    const channel = metadata.COMMAND_REPLY_CHANNEL ?? assert.fail('the command says where to reply');
    const headers = { ...Object.fromEntries(copies), REPLY_OUTCOME: outcome };
    const generic = outcome === 'SUCCESS' ? 'am.Success' : 'am.Failure';
    await others.publish(channel.replace(`${alone.ground.stream}.`, ''), reply || generic, payload, headers);
    return asked;
  }

  async function sagaIs(orderId: string, expected: string): Promise<void> {
    await eventually(async () => {
      const [row] = await alone.rows('SELECT status FROM cosec.sagas WHERE id = $1', [orderId]);
      assert.equal(row?.status, expected);
    });
  }

  const LIST_REPLY = 'depotapi.CreatedShoppingListReply';

  test('every step is answered: approved', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'SUCCESS');
    await answer(id, 'depotapi.CreateShoppingListCommand', 'SUCCESS', LIST_REPLY, text(1, 'list-id'));
    await answer(id, 'paymentsapi.ConfirmPayment', 'SUCCESS');
    await answer(id, 'depotapi.InitiateShoppingCommand', 'SUCCESS');
    const approve = await answer(id, 'ordersapi.ApproveOrder', 'SUCCESS');
    const asked = decodeOriginal('orderingpb.ApproveOrder', approve);
    assert.deepEqual(asked, { id, shopping_id: 'list-id' });
    await sagaIs(id, 'completed');
  });

  test('a list that failed is answered by the list reply all the same: rejected', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'SUCCESS');
    await answer(id, 'depotapi.CreateShoppingListCommand', 'FAILURE', LIST_REPLY);
    await answer(id, 'ordersapi.RejectOrder', 'SUCCESS');
    await sagaIs(id, 'compensated');
  });

  test('a generic failure: rejected', async () => {
    const id = await begun();
    await answer(id, 'customersapi.AuthorizeCustomer', 'FAILURE');
    await answer(id, 'ordersapi.RejectOrder', 'SUCCESS');
    await sagaIs(id, 'compensated');
  });
});

describe('REST bodies', () => {
  async function raw(method: string, path: string, body?: string): Promise<string> {
    const response = await fetch(`${mall.restUrl}${path}`, { method, ...(body && { body }) });
    return response.text();
  }

  test('either spelling is understood, and lowerCamelCase is answered', async () => {
    for (const spelled of ['smsNumber', 'sms_number']) {
      const body = { name: 'Zoë', [spelled]: '555-555-1212', unknown: { ignored: true } };
      const id = await mall.created('/api/customers', body);
      begins(
        await raw('GET', `/api/customers/${id}`),
        `{"customer":{"id":"${id}","name":"Zoë","smsNumber":"555-555-1212","enabled":true`,
      );
    }
  });

  test('numbers may be text, defaults are told, and an int64 is text', async () => {
    const storeId = await store();
    const product = { name: 'Wizard', price: '1.5' };
    const productId = await mall.created(`/api/stores/${storeId}/products`, product);
    begins(
      await raw('GET', `/api/stores/products/${productId}`),
      `{"product":{"id":"${productId}","storeId":"${storeId}","name":"Wizard","description":"","sku":"","price":1.5`,
    );
    const customerId = await customer();
    const item = {
      store_id: storeId,
      productId,
      store_name: 'Store',
      productName: 'Wizard',
      price: '1.5',
      quantity: '2',
    };
    const order = { customer_id: customerId, paymentId: 'none', items: [item] };
    const id = await mall.created('/api/ordering', order);
    const search = JSON.stringify({ filters: { customer_id: customerId, storeIds: [storeId] }, limit: '5' });
    await eventually(async () => {
      const found = await raw('POST', '/api/search/orders', search);
      assert.ok(found.includes(`"orderId":"${id}"`), found);
      assert.ok(found.includes('"price":1.5,"quantity":"2"}'), found);
      assert.ok(found.endsWith('"next":""}'), found);
    });
  });

  test('an error is told in the shape clients know, with numbers of its detail as text', async () => {
    const body = await raw('POST', '/api/stores', '{"name":"","location":"here"}');
    const detail =
      '{"@type":"type.googleapis.com/errors.ErrorType","TypeCode":"BAD_REQUEST","HTTPCode":"400","GRPCCode":"3"}';
    assert.equal(body, `{"code":3,"message":"the store name cannot be blank","details":[${detail}]}`);
  });

  /** Our own fields come behind the original's. */
  function begins(body: string, beginning: string): void {
    assert.equal(body.slice(0, beginning.length), beginning);
  }
});
