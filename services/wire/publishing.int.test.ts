import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../kernel/testing/index.ts';
import { mallModules } from '../mall.ts';
import type { WireMessage } from './foreign-wire.ts';
import { type Decoded, decodeOriginal, double, int, text } from './protobuf-wire.ts';
import { published } from './published-wire.ts';
import { idOf, wireGround } from './wire-ground.ts';

const ground = wireGround();
const { stores, customers, payments, baskets, depot, ordering, store, product, customer, payment } = ground;
const { becomes, orderIs, listOfOrder, storedOrder } = ground.state;

describe('what we publish', () => {
  /** Added to the original: it has no handler for it, and its programs drop names they do not know. */
  const ours = new Set(['paymentsapi.ReleasePayment']);

  /** The message of this name that the predicate takes, its payload by the original's definition. */
  async function sent(name: string, predicate: (payload: Decoded, message: WireMessage) => boolean) {
    const type = published[name]?.type ?? assert.fail(`${name} has a payload`);
    const message = await ground.foreign.next(
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
    const reply = await ground.foreign.next(
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
    const { stream } = ground.mall.ground;
    const names = new Set(ground.foreign.heard.map(({ name }) => name));
    assert.deepEqual([...names.difference(ours)].sort(), Object.keys(published).sort());
    for (const message of ground.foreign.heard) {
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
    await eventually(async () => assert.deepEqual(await ground.foreign.unsettled(), []));
    for (const { name } of mallModules()) {
      assert.deepEqual(
        await ground.mall.rows(`SELECT consumer, name, reason FROM ${name}.dead_letters`),
        [],
        name,
      );
    }
  });
});
