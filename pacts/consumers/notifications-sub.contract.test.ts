import { after, beforeEach, describe, test } from 'node:test';
import { consumerGroups, type MessageDefinition, messages } from '../../proto/catalogue.ts';
import { forgetAll, rowBecomes, startContexts, version } from '../harness/context.ts';
import { type Given, MessageContracts } from '../harness/message-consumer.ts';
import { anOrder } from '../harness/orders.ts';

/* What notifications read: whom to tell, and of each turn of an order what there is to tell. */
const { customers, ordering } = messages;

const mall = await startContexts('notifications');
after(() => mall.stop());
beforeEach(() => forgetAll(mall, 'notifications'));

const ofCustomers = new MessageContracts(mall, consumerGroups.notificationCustomers, 'customers');
const ofOrders = new MessageContracts(mall, consumerGroups.notificationOrders, 'ordering');

const customer = { id: 'customer-id', name: 'NewCustomer', smsNumber: '555-555-1212' };

const customerBecomes = (smsNumber: string, versionOfIt: number) =>
  rowBecomes(
    mall,
    { id: 'customer-id', name: 'NewCustomer', sms_number: smsNumber, version: versionOfIt },
    'SELECT id, name, sms_number, version FROM notifications.customers_cache',
  );

describe('customers', () => {
  test('CustomerRegistered: the customer can be reached', () =>
    ofCustomers.receives(
      customers.customerRegistered,
      { given: [['a customer was registered', customer]], payload: customer, headers: version(1) },
      async (publish) => {
        await publish();
        await customerBecomes('555-555-1212', 1);
      },
    ));

  test('CustomerSmsChanged: the customer is reached under the new number', () =>
    ofCustomers.receives(
      customers.customerSmsChanged,
      {
        given: [
          ['a customer was registered', customer],
          ['the customer has a new number', { id: 'customer-id', smsNumber: '555-555-1313' }],
        ],
        payload: { id: 'customer-id', smsNumber: '555-555-1313' },
        headers: version(2),
      },
      async (publish) => {
        await mall.publish(customers.customerRegistered, customer, { metadata: version(1) });
        await customerBecomes('555-555-1212', 1);
        await publish();
        await customerBecomes('555-555-1313', 2);
      },
    ));
});

describe('orders', () => {
  const approved: Given = ['the order was approved', { id: 'order-id', shoppingId: 'list-id' }];
  const readied: Given = ['the order was readied', { id: 'order-id' }];

  interface Turn {
    readonly given?: readonly Given[];
    readonly kind: string;
    readonly text: string;
    /** What is read beside the order and whose it is. */
    readonly more?: Readonly<Record<string, string>>;
  }

  async function tells<Payload>(message: MessageDefinition<Payload>, turn: Turn): Promise<void> {
    const expected = {
      given: [['an order was created', anOrder] satisfies Given, ...(turn.given ?? [])],
      payload: { id: 'order-id', customerId: 'customer-id', ...turn.more },
    };
    await ofOrders.receives(message, expected, async (publish) => {
      await publish();
      await rowBecomes(
        mall,
        { order_id: 'order-id', customer_id: 'customer-id', kind: turn.kind, text: turn.text },
        'SELECT order_id, customer_id, kind, text FROM notifications.notifications',
      );
    });
  }

  test('OrderCreated: the customer is told', () =>
    tells(ordering.orderCreated, { kind: 'created', text: 'We have received your order order-id.' }));

  test('OrderApproved: the customer is told', () =>
    tells(ordering.orderApproved, {
      given: [approved],
      kind: 'approved',
      text: 'Your order order-id is approved. We are collecting it for you.',
    }));

  test('OrderRejected: the customer is told why', () =>
    tells(ordering.orderRejected, {
      given: [['the order was rejected', { id: 'order-id', reason: 'nobody home' }]],
      kind: 'rejected',
      text: 'We are sorry: your order order-id was rejected: nobody home.',
      more: { reason: 'nobody home' },
    }));

  test('OrderCanceled: the customer is told', () =>
    tells(ordering.orderCanceled, {
      given: [['the order was cancelled', { id: 'order-id' }]],
      kind: 'canceled',
      text: 'Your order order-id is canceled.',
    }));

  test('OrderReadied: the customer is told', () =>
    tells(ordering.orderReadied, {
      given: [approved, readied],
      kind: 'ready',
      text: 'Your order order-id is ready for pickup.',
    }));

  test('OrderCompleted: the customer is told', () =>
    tells(ordering.orderCompleted, {
      given: [approved, readied, ['the order was completed', { id: 'order-id', invoiceId: 'invoice-id' }]],
      kind: 'completed',
      text: 'Your order order-id is paid and completed. Thank you!',
    }));
});
