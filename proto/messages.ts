import type { ContextName } from './contexts.ts';
import * as basketspb from './gen/baskets/events.ts';
import * as customerspb from './gen/customers/messages.ts';
import * as depotpb from './gen/depot/messages.ts';
import * as orderingpb from './gen/ordering/messages.ts';
import * as paymentspb from './gen/payments/messages.ts';
import * as storespb from './gen/stores/events.ts';
import {
  type AnyMessageDefinition,
  type CommandDefinition,
  type EventDefinition,
  type MessageCodec,
  type NoPayload,
  noPayload,
  type ReplyDefinition,
} from './message-definition.ts';

/*
 * Every message between contexts. Routing, broker permissions, event documents and the list of
 * contracts owed follow from this table and from the consumer groups.
 */

/** Channels without the stream's name in front: the stream is a setting, and subjects begin with it. */
export const channels = {
  basketEvents: 'baskets.events.Basket',
  customerEvents: 'customers.events.Customer',
  shoppingListEvents: 'depot.events.ShoppingList',
  orderEvents: 'ordering.events.Order',
  invoiceEvents: 'payments.events.Invoice',
  storeEvents: 'stores.events.Store',
  productEvents: 'stores.events.Product',
  customersCommands: 'customers.commands',
  depotCommands: 'depot.commands',
  orderingCommands: 'ordering.commands',
  paymentsCommands: 'payments.commands',
  createOrderReplies: 'cosec.replies.CreateOrder',
} as const;

interface TypedCodec<T> extends MessageCodec<T> {
  readonly $type: string;
}

function events(publisher: ContextName, channel: string, prefix: string) {
  return <T>(name: string, codec: TypedCodec<T>): EventDefinition<T> => ({
    kind: 'event',
    name: `${prefix}.${name}`,
    type: codec.$type,
    codec,
    channel,
    publisher,
  });
}

/** Only the saga sends commands. */
function commands(channel: string, prefix: string) {
  return <T>(name: string, codec: TypedCodec<T>): CommandDefinition<T> => ({
    kind: 'command',
    name: `${prefix}.${name}`,
    type: codec.$type,
    codec,
    channel,
    publisher: 'cosec',
  });
}

function reply<T>(publisher: ContextName, name: string, codec: TypedCodec<T>): ReplyDefinition<T> {
  return { kind: 'reply', name, type: codec.$type, codec, channel: undefined, publisher };
}

function outcome(name: string): ReplyDefinition<NoPayload> {
  return {
    kind: 'reply',
    name,
    type: undefined,
    codec: noPayload,
    channel: undefined,
    publisher: undefined,
  };
}

const basketEvent = events('baskets', channels.basketEvents, 'basketsapi');
const customerEvent = events('customers', channels.customerEvents, 'customersapi');
const customersCommand = commands(channels.customersCommands, 'customersapi');
const shoppingListEvent = events('depot', channels.shoppingListEvents, 'depotapi');
const depotCommand = commands(channels.depotCommands, 'depotapi');
// The prefix of ordering's names is `ordersapi`; everything else of it is called ordering.
const orderEvent = events('ordering', channels.orderEvents, 'ordersapi');
const orderingCommand = commands(channels.orderingCommands, 'ordersapi');
const invoiceEvent = events('payments', channels.invoiceEvents, 'paymentsapi');
const paymentsCommand = commands(channels.paymentsCommands, 'paymentsapi');
const storeEvent = events('stores', channels.storeEvents, 'storesapi');
const productEvent = events('stores', channels.productEvents, 'storesapi');

/** The messages by the context they belong to: events by publisher, commands and replies by handler. */
export const messages = {
  baskets: {
    basketStarted: basketEvent('BasketStarted', basketspb.BasketStarted),
    basketCanceled: basketEvent('BasketCanceled', basketspb.BasketCanceled),
    basketCheckedOut: basketEvent('BasketCheckedOut', basketspb.BasketCheckedOut),
  },
  customers: {
    customerRegistered: customerEvent('CustomerRegistered', customerspb.CustomerRegistered),
    customerSmsChanged: customerEvent('CustomerSmsChanged', customerspb.CustomerSmsChanged),
    customerEnabled: customerEvent('CustomerEnabled', customerspb.CustomerEnabled),
    customerDisabled: customerEvent('CustomerDisabled', customerspb.CustomerDisabled),
    authorizeCustomer: customersCommand('AuthorizeCustomer', customerspb.AuthorizeCustomer),
  },
  depot: {
    shoppingListCompleted: shoppingListEvent('ShoppingListCompleted', depotpb.ShoppingListCompleted),
    createShoppingListCommand: depotCommand('CreateShoppingListCommand', depotpb.CreateShoppingList),
    cancelShoppingListCommand: depotCommand('CancelShoppingListCommand', depotpb.CancelShoppingList),
    initiateShoppingCommand: depotCommand('InitiateShoppingCommand', depotpb.InitiateShopping),
    createdShoppingListReply: reply(
      'depot',
      'depotapi.CreatedShoppingListReply',
      depotpb.CreatedShoppingList,
    ),
  },
  ordering: {
    orderCreated: orderEvent('OrderCreated', orderingpb.OrderCreated),
    orderRejected: orderEvent('OrderRejected', orderingpb.OrderRejected),
    orderApproved: orderEvent('OrderApproved', orderingpb.OrderApproved),
    orderReadied: orderEvent('OrderReadied', orderingpb.OrderReadied),
    orderCanceled: orderEvent('OrderCanceled', orderingpb.OrderCanceled),
    orderCompleted: orderEvent('OrderCompleted', orderingpb.OrderCompleted),
    rejectOrder: orderingCommand('RejectOrder', orderingpb.RejectOrder),
    approveOrder: orderingCommand('ApproveOrder', orderingpb.ApproveOrder),
  },
  payments: {
    invoicePaid: invoiceEvent('InvoicePaid', paymentspb.InvoicePaid),
    confirmPayment: paymentsCommand('ConfirmPayment', paymentspb.ConfirmPayment),
    releasePayment: paymentsCommand('ReleasePayment', paymentspb.ReleasePayment),
  },
  stores: {
    storeCreated: storeEvent('StoreCreated', storespb.StoreCreated),
    // The name says Participating, the type Participation.
    storeParticipatingToggled: storeEvent('StoreParticipatingToggled', storespb.StoreParticipationToggled),
    storeRebranded: storeEvent('StoreRebranded', storespb.StoreRebranded),
    productAdded: productEvent('ProductAdded', storespb.ProductAdded),
    productRebranded: productEvent('ProductRebranded', storespb.ProductRebranded),
    productPriceIncreased: productEvent('ProductPriceIncreased', storespb.ProductPriceChanged),
    productPriceDecreased: productEvent('ProductPriceDecreased', storespb.ProductPriceChanged),
    productRemoved: productEvent('ProductRemoved', storespb.ProductRemoved),
  },
  /** Replies that any context gives to a command. */
  am: {
    success: outcome('am.Success'),
    failure: outcome('am.Failure'),
  },
} as const;

/** All messages, in the order of the table. */
export const allMessages: readonly AnyMessageDefinition[] = Object.values(
  messages,
).flatMap<AnyMessageDefinition>((group) => Object.values(group));

const byName = new Map(allMessages.map((message) => [message.name, message]));

/** The message with this wire name, if it is one of ours. */
export function messageNamed(name: string): AnyMessageDefinition | undefined {
  return byName.get(name);
}
