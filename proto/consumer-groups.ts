import type { ContextName } from './contexts.ts';
import type { AnyMessageDefinition } from './message-definition.ts';
import { channels, messages } from './messages.ts';

/** A purpose for which a context consumes a channel: one durable consumer, shared by its replicas. */
export interface ConsumerGroup {
  /** Name of the durable consumer; two contexts under one name would split the messages between them. */
  readonly name: string;
  readonly context: ContextName;
  /** The subject the consumer is filtered by, without the stream's name in front. */
  readonly channel: string;
  /** What the group acts on; other messages of the channel are acknowledged and dropped. */
  readonly messages: readonly AnyMessageDefinition[];
}

const { baskets, customers, depot, ordering, payments, stores, am } = messages;

/** What notifications and search follow an order by. */
const orderLife = [
  ordering.orderCreated,
  ordering.orderRejected,
  ordering.orderApproved,
  ordering.orderReadied,
  ordering.orderCanceled,
  ordering.orderCompleted,
] as const;

/** Every group of the mall. Names keep the original's spelling, singular where it is singular. */
export const consumerGroups = {
  basketsStores: {
    name: 'baskets-stores',
    context: 'baskets',
    channel: channels.storeEvents,
    messages: [stores.storeCreated, stores.storeRebranded, stores.storeParticipatingToggled],
  },
  basketsProducts: {
    name: 'baskets-products',
    context: 'baskets',
    channel: channels.productEvents,
    messages: [
      stores.productAdded,
      stores.productRebranded,
      stores.productPriceIncreased,
      stores.productPriceDecreased,
      stores.productRemoved,
    ],
  },
  // The original has no such group: nobody asks whether a shopper is enabled before the saga does.
  basketsCustomers: {
    name: 'baskets-customers',
    context: 'baskets',
    channel: channels.customerEvents,
    messages: [
      customers.customerRegistered,
      customers.customerSmsChanged,
      customers.customerEnabled,
      customers.customerDisabled,
    ],
  },
  cosecOrdering: {
    name: 'cosec-ordering',
    context: 'cosec',
    channel: channels.orderEvents,
    // A cancellation while the saga runs makes it compensate.
    messages: [ordering.orderCreated, ordering.orderCanceled],
  },
  cosecReplies: {
    name: 'cosec-replies',
    context: 'cosec',
    channel: channels.createOrderReplies,
    messages: [am.success, am.failure, depot.createdShoppingListReply],
  },
  customerCommands: {
    name: 'customer-commands',
    context: 'customers',
    channel: channels.customersCommands,
    messages: [customers.authorizeCustomer],
  },
  depotStores: {
    name: 'depot-stores',
    context: 'depot',
    channel: channels.storeEvents,
    messages: [stores.storeCreated, stores.storeRebranded],
  },
  depotProducts: {
    name: 'depot-products',
    context: 'depot',
    channel: channels.productEvents,
    messages: [stores.productAdded, stores.productRebranded, stores.productRemoved],
  },
  depotCommands: {
    name: 'depot-commands',
    context: 'depot',
    channel: channels.depotCommands,
    messages: [
      depot.createShoppingListCommand,
      depot.cancelShoppingListCommand,
      depot.initiateShoppingCommand,
    ],
  },
  notificationCustomers: {
    name: 'notification-customers',
    context: 'notifications',
    channel: channels.customerEvents,
    messages: [customers.customerRegistered, customers.customerSmsChanged],
  },
  notificationOrders: {
    name: 'notification-orders',
    context: 'notifications',
    channel: channels.orderEvents,
    messages: orderLife,
  },
  orderingBaskets: {
    name: 'ordering-baskets',
    context: 'ordering',
    channel: channels.basketEvents,
    messages: [baskets.basketCheckedOut],
  },
  orderingDepot: {
    name: 'ordering-depot',
    context: 'ordering',
    channel: channels.shoppingListEvents,
    messages: [depot.shoppingListCompleted],
  },
  // The original has no such group, so its orders are paid and never completed.
  orderingPayments: {
    name: 'ordering-payments',
    context: 'ordering',
    channel: channels.invoiceEvents,
    messages: [payments.invoicePaid],
  },
  orderingCommands: {
    name: 'ordering-commands',
    context: 'ordering',
    channel: channels.orderingCommands,
    messages: [ordering.rejectOrder, ordering.approveOrder],
  },
  paymentOrders: {
    name: 'payment-orders',
    context: 'payments',
    channel: channels.orderEvents,
    messages: [ordering.orderReadied, ordering.orderCanceled],
  },
  paymentCommands: {
    name: 'payment-commands',
    context: 'payments',
    channel: channels.paymentsCommands,
    messages: [payments.confirmPayment, payments.releasePayment],
  },
  searchCustomers: {
    name: 'search-customers',
    context: 'search',
    channel: channels.customerEvents,
    messages: [customers.customerRegistered],
  },
  searchProducts: {
    name: 'search-products',
    context: 'search',
    channel: channels.productEvents,
    messages: [stores.productAdded, stores.productRebranded, stores.productRemoved],
  },
  searchStores: {
    name: 'search-stores',
    context: 'search',
    channel: channels.storeEvents,
    messages: [stores.storeCreated, stores.storeRebranded],
  },
  // The original shares notification-orders here, so that each event reaches one of the two contexts.
  searchOrders: {
    name: 'search-orders',
    context: 'search',
    channel: channels.orderEvents,
    messages: orderLife,
  },
} as const satisfies Record<string, ConsumerGroup>;
