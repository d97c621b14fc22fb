import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  allMessages,
  type ConsumerGroup,
  consumerGroups,
  contextNames,
  type MessageDefinition,
  messageNamed,
  messages,
  metadataKeys,
  type Payload,
} from './catalogue.ts';
import { descriptors } from './descriptors.ts';
import { originalContexts } from './original-wire.ts';

/** Kind, wire name, payload, channel, publisher; `-` for none. */
const expected = [
  'event basketsapi.BasketStarted basketspb.BasketStarted baskets.events.Basket baskets',
  'event basketsapi.BasketCanceled basketspb.BasketCanceled baskets.events.Basket baskets',
  'event basketsapi.BasketCheckedOut basketspb.BasketCheckedOut baskets.events.Basket baskets',
  'event customersapi.CustomerRegistered customerspb.CustomerRegistered customers.events.Customer customers',
  'event customersapi.CustomerSmsChanged customerspb.CustomerSmsChanged customers.events.Customer customers',
  'event customersapi.CustomerEnabled customerspb.CustomerEnabled customers.events.Customer customers',
  'event customersapi.CustomerDisabled customerspb.CustomerDisabled customers.events.Customer customers',
  'event depotapi.ShoppingListCompleted depotpb.ShoppingListCompleted depot.events.ShoppingList depot',
  'event ordersapi.OrderCreated orderingpb.OrderCreated ordering.events.Order ordering',
  'event ordersapi.OrderRejected orderingpb.OrderRejected ordering.events.Order ordering',
  'event ordersapi.OrderApproved orderingpb.OrderApproved ordering.events.Order ordering',
  'event ordersapi.OrderReadied orderingpb.OrderReadied ordering.events.Order ordering',
  'event ordersapi.OrderCanceled orderingpb.OrderCanceled ordering.events.Order ordering',
  'event ordersapi.OrderCompleted orderingpb.OrderCompleted ordering.events.Order ordering',
  'event paymentsapi.InvoicePaid paymentspb.InvoicePaid payments.events.Invoice payments',
  'event storesapi.StoreCreated storespb.StoreCreated stores.events.Store stores',
  'event storesapi.StoreParticipatingToggled storespb.StoreParticipationToggled stores.events.Store stores',
  'event storesapi.StoreRebranded storespb.StoreRebranded stores.events.Store stores',
  'event storesapi.ProductAdded storespb.ProductAdded stores.events.Product stores',
  'event storesapi.ProductRebranded storespb.ProductRebranded stores.events.Product stores',
  'event storesapi.ProductPriceIncreased storespb.ProductPriceChanged stores.events.Product stores',
  'event storesapi.ProductPriceDecreased storespb.ProductPriceChanged stores.events.Product stores',
  'event storesapi.ProductRemoved storespb.ProductRemoved stores.events.Product stores',
  'command customersapi.AuthorizeCustomer customerspb.AuthorizeCustomer customers.commands cosec',
  'command depotapi.CreateShoppingListCommand depotpb.CreateShoppingList depot.commands cosec',
  'command depotapi.CancelShoppingListCommand depotpb.CancelShoppingList depot.commands cosec',
  'command depotapi.InitiateShoppingCommand depotpb.InitiateShopping depot.commands cosec',
  'command ordersapi.RejectOrder orderingpb.RejectOrder ordering.commands cosec',
  'command ordersapi.ApproveOrder orderingpb.ApproveOrder ordering.commands cosec',
  'command paymentsapi.ConfirmPayment paymentspb.ConfirmPayment payments.commands cosec',
  // Added.
  'command paymentsapi.ReleasePayment paymentspb.ReleasePayment payments.commands cosec',
  'reply depotapi.CreatedShoppingListReply depotpb.CreatedShoppingList - depot',
  'reply am.Success - - -',
  'reply am.Failure - - -',
];

test('the catalogue holds every message with its payload, channel and publisher', () => {
  const known = allMessages.filter(
    ({ publisher }) => publisher === undefined || originalContexts.includes(publisher),
  );
  const found = known.map(({ kind, name, type, channel, publisher }) =>
    [kind, name, type ?? '-', channel ?? '-', publisher ?? '-'].join(' '),
  );
  assert.deepEqual(found.sort(), expected.sort());
});

test('a message is found by its wire name', () => {
  assert.equal(messageNamed('storesapi.StoreCreated'), messages.stores.storeCreated);
  assert.equal(messageNamed('storesapi.StoreParticipationToggled'), undefined);
});

test('each payload is a message of the descriptors', () => {
  for (const { type } of allMessages) if (type !== undefined) assert.ok(descriptors().getMessage(type), type);
});

test('the payload type follows from the definition', () => {
  function roundTrip<T>(definition: MessageDefinition<T>, payload: T): T {
    return definition.codec.decode(definition.codec.encode(payload).finish());
  }
  const created: Payload<typeof messages.stores.storeCreated> = { id: 's1', name: 'Arts', location: 'North' };
  assert.deepEqual(roundTrip(messages.stores.storeCreated, created), created);
  // @ts-expect-error a payload of another message does not fit
  roundTrip(messages.stores.storeCreated, { id: 's1', participating: true });
});

test('a free price is told apart from a price that was not sent', () => {
  const { codec } = messages.stores.productPriceDecreased;
  const sent = codec.encode({ id: 'p1', delta: -1, price: 0 }).finish();
  assert.equal(codec.decode(sent).price, 0);
  assert.equal(codec.decode(codec.encode({ id: 'p1', delta: -1 }).finish()).price, undefined);
});

test('a reply without payload is empty, and skips what it is sent', () => {
  const { codec } = messages.am.success;
  assert.equal(codec.encode({}).finish().length, 0);
  const reader = new BinaryReader(Uint8Array.of(10, 1, 65));
  assert.deepEqual(codec.decode(reader), {});
  assert.equal(reader.pos, reader.len);
});

const groups: readonly ConsumerGroup[] = Object.values(consumerGroups);

test('rows S3, O5, T12, X21, P-11: the groups are those of the original, with search and the invoices put right', () => {
  const known = groups.filter(({ context }) => originalContexts.includes(context));
  assert.deepEqual(known.map(({ context, name }) => `${context} ${name}`).sort(), [
    'baskets baskets-customers',
    'baskets baskets-products',
    'baskets baskets-stores',
    'cosec cosec-ordering',
    'cosec cosec-replies',
    'customers customer-commands',
    'depot depot-commands',
    'depot depot-products',
    'depot depot-stores',
    'notifications notification-customers',
    'notifications notification-orders',
    'ordering ordering-baskets',
    'ordering ordering-commands',
    'ordering ordering-depot',
    'ordering ordering-payments',
    'payments payment-commands',
    'payments payment-orders',
    'search search-customers',
    'search search-orders',
    'search search-products',
    'search search-stores',
  ]);
});

test('a group asks only for messages of its channel, and knows its context', () => {
  for (const { name, context, channel, messages: asked } of groups) {
    assert.ok(contextNames.includes(context), name);
    assert.ok(asked.length > 0, name);
    for (const message of asked) {
      assert.equal(message.channel ?? 'cosec.replies.CreateOrder', channel, `${name}: ${message.name}`);
    }
  }
});

test('each command has one group, in the context that owns the channel', () => {
  for (const command of allMessages.filter(({ kind }) => kind === 'command')) {
    const handlers = groups.filter((group) => group.messages.includes(command));
    assert.deepEqual(
      handlers.map(({ context }) => `${context}.commands`),
      [command.channel],
      command.name,
    );
  }
});

test('metadata keys are distinct', () => {
  const keys = Object.values(metadataKeys);
  assert.equal(new Set(keys).size, keys.length);
});
