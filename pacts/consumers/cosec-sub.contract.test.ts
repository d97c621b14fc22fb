import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import {
  type CommandDefinition,
  type ContextName,
  consumerGroups,
  messages,
  metadataKeys,
  type ReplyDefinition,
} from '../../proto/catalogue.ts';
import type { RecordedMessage } from '../../services/kernel/testing/index.ts';
import { replyHeaders } from '../harness/commands.ts';
import { forgetAll, rowBecomes, startContexts } from '../harness/context.ts';
import { type Given, MessageContracts } from '../harness/message-consumer.ts';
import { anItem, anOrder, itsTotal } from '../harness/orders.ts';

/* What the saga reads: the orders it begins with, cancellations, and the answers to its commands. */
const { am, customers, depot, ordering, payments } = messages;

const mall = await startContexts('cosec');
after(() => mall.stop());

beforeEach(() => forgetAll(mall, 'cosec'));

const ofOrders = new MessageContracts(mall, consumerGroups.cosecOrdering, 'ordering');
const answersOf = (context: ContextName) => new MessageContracts(mall, consumerGroups.cosecReplies, context);

/** The command of a saga, once it is sent. */
const sent = <Payload>(definition: CommandDefinition<Payload>, sagaId: string) =>
  mall.nextMessage(definition, (_payload, { metadata }) => metadata[metadataKeys.commandSagaId] === sagaId);

const sagaBecomes = (expected: Readonly<Record<string, unknown>>) =>
  rowBecomes(mall, expected, 'SELECT id, status, step, reason FROM cosec.sagas');

async function begins(id: string): Promise<void> {
  await mall.publish(ordering.orderCreated, { ...anOrder, id, shoppingId: '', items: [{ ...anItem }] });
}

/** What a reply repeats of its command. */
function repeated({ metadata }: RecordedMessage): Record<string, string> {
  return {
    [metadataKeys.replyId]: metadata[metadataKeys.commandId] ?? '',
    [metadataKeys.replySagaId]: metadata[metadataKeys.commandSagaId] ?? '',
  };
}

const steps = [
  customers.authorizeCustomer,
  depot.createShoppingListCommand,
  payments.confirmPayment,
  depot.initiateShoppingCommand,
  ordering.approveOrder,
] as const;

/**
 * Has a saga wait for the answer to a step, those before it being answered with success. Each test has a saga of its
 * own: the ids of commands derive from the saga's, and the broker drops what it has seen.
 */
async function waitsFor(step: number): Promise<RecordedMessage> {
  const sagaId = randomUUID();
  await begins(sagaId);
  for (const [index, definition] of steps.entries()) {
    const command = await sent<unknown>(definition, sagaId);
    if (index + 1 === step) return command;
    const headers = {
      [metadataKeys.replySagaName]: 'cosec.CreateOrder',
      [metadataKeys.replyOutcome]: 'SUCCESS',
      ...repeated(command),
    };
    if (index === 1) await mall.reply(depot.createdShoppingListReply, { id: 'list-id' }, headers);
    else await mall.reply(am.success, {}, headers);
  }
  throw new RangeError(`there is no step ${step}`);
}

describe('orders', () => {
  test('OrderCreated: a saga begins, with all it will ask for', () =>
    ofOrders.receives(
      ordering.orderCreated,
      {
        given: [['an order was created', anOrder]],
        payload: {
          id: 'order-id',
          customerId: 'customer-id',
          paymentId: 'payment-id',
          items: [{ productId: 'product-id', storeId: 'store-id', price: 9.99, quantity: 3 }],
        },
      },
      async (publish) => {
        await publish();
        const { content } = await sent(customers.authorizeCustomer, 'order-id');
        assert.deepEqual(content, { id: 'customer-id' });
        const [saga] = await mall.rows('SELECT id, data FROM cosec.sagas');
        assert.partialDeepStrictEqual(saga, {
          id: 'order-id',
          data: {
            OrderID: 'order-id',
            PaymentID: 'payment-id',
            Total: itsTotal,
            Items: [{ ProductID: 'product-id', StoreID: 'store-id', Price: 9.99, Quantity: 3 }],
          },
        });
      },
    ));

  test('OrderCanceled: the saga is to turn back', () =>
    ofOrders.receives(
      ordering.orderCanceled,
      {
        given: [
          ['an order was created', anOrder],
          ['the order was cancelled', { id: 'order-id' }],
        ],
        payload: { id: 'order-id' },
      },
      async (publish) => {
        await begins('order-id');
        await sagaBecomes({ id: 'order-id', status: 'running', step: 1, reason: '' });
        await publish();
        await sagaBecomes({ id: 'order-id', status: 'running', step: 1, reason: 'the order was cancelled' });
      },
    ));
});

/** An answer to the command of a step: what it is to, and where the saga stands afterwards. */
interface Answer<Payload> {
  readonly from: ContextName;
  readonly message: ReplyDefinition<Payload>;
  readonly outcome: 'SUCCESS' | 'FAILURE';
  readonly payload: { readonly id: string } | null;
  readonly step: number;
  readonly given: readonly Given[];
  readonly after: { readonly status: string; readonly step: number };
}

async function answers<Payload>(answer: Answer<Payload>): Promise<void> {
  const { given, payload, outcome } = answer;
  await answersOf(answer.from).receives(
    answer.message,
    { given, payload, headers: replyHeaders(outcome) },
    async (publish) => {
      const command = await waitsFor(answer.step);
      await publish(repeated(command));
      const reason = outcome === 'FAILURE' ? 'it cannot be done' : '';
      await sagaBecomes({ id: command.metadata[metadataKeys.commandSagaId], ...answer.after, reason });
    },
  );
}

const about = { sagaId: 'order-id', commandId: 'command-id' };
const customer = { id: 'customer-id', name: 'NewCustomer', smsNumber: '555-555-1212' };
const succeeds = { message: am.success, outcome: 'SUCCESS', payload: null } as const;
const fails = { message: am.failure, outcome: 'FAILURE', payload: null } as const;

describe('answers of customers', () => {
  test('Success: the customer is authorized, the list is next', () =>
    answers({
      ...{ ...succeeds, from: 'customers', step: 1, after: { status: 'running', step: 2 } },
      given: [
        ['a customer was registered', customer],
        ['the saga asked to authorize the customer', { id: 'customer-id', ...about }],
      ],
    }));

  test('Failure: the order is to be rejected for the reason', () =>
    answers({
      ...{ ...fails, from: 'customers', step: 1, after: { status: 'compensating', step: 0 } },
      given: [
        ['a customer was registered', customer],
        ['the customer was disabled', { id: 'customer-id' }],
        ['the saga asked to authorize the customer', { id: 'customer-id', ...about }],
      ],
    }));
});

describe('answers of the depot', () => {
  const asked: Given = ['the saga asked for a shopping list', { ...anOrder, listId: 'list-id', ...about }];

  test('CreatedShoppingListReply: the list is known, the payment is next', async () => {
    await answers({
      ...{ from: 'depot', step: 2, after: { status: 'running', step: 3 } },
      ...{ message: depot.createdShoppingListReply, outcome: 'SUCCESS', payload: { id: 'list-id' } },
      given: [asked],
    });
    const [saga] = await mall.rows('SELECT data FROM cosec.sagas');
    assert.partialDeepStrictEqual(saga, { data: { ShoppingID: 'list-id' } });
  });

  test('Success: the shopping is initiated, the approval is next', () =>
    answers({
      ...{ ...succeeds, from: 'depot', step: 4, after: { status: 'running', step: 5 } },
      given: [
        ['a shopping list was created', { ...anOrder, listId: 'list-id' }],
        ['the saga asked to initiate the shopping', { id: 'list-id', ...about }],
      ],
    }));

  test('Failure: the payment is to be released', () =>
    answers({
      ...{ ...fails, from: 'depot', step: 4, after: { status: 'compensating', step: 3 } },
      given: [['the saga asked to initiate the shopping', { id: 'unknown-list', ...about }]],
    }));
});

describe('answers of payments', () => {
  const payment = { id: 'payment-id', customerId: 'customer-id', amount: itsTotal };
  const confirm: Given = [
    'the saga asked to confirm the payment',
    { ...payment, orderId: 'order-id', ...about },
  ];

  test('Success: the payment is confirmed, the shopping is next', () =>
    answers({
      ...{ ...succeeds, from: 'payments', step: 3, after: { status: 'running', step: 4 } },
      given: [['a payment was authorized', payment], confirm],
    }));

  test('Failure: the list is to be cancelled', () =>
    answers({
      ...{ ...fails, from: 'payments', step: 3, after: { status: 'compensating', step: 2 } },
      given: [confirm],
    }));
});

describe('answers of ordering', () => {
  const approve: Given = [
    'the saga asked to approve the order',
    { id: 'order-id', shoppingId: 'list-id', ...about },
  ];

  test('Success: the order is approved, and the saga at its end', () =>
    answers({
      ...{ ...succeeds, from: 'ordering', step: 5, after: { status: 'completed', step: 5 } },
      given: [['an order was created', anOrder], approve],
    }));

  test('Failure: the payment is to be released', () =>
    answers({
      ...{ ...fails, from: 'ordering', step: 5, after: { status: 'compensating', step: 3 } },
      given: [['an order was created', anOrder], ['the order was cancelled', { id: 'order-id' }], approve],
    }));
});
