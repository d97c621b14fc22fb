/** A deliberate fault: a text of the product replaced by another, and the contract that has to tell. */
export interface ContractBreak {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly search: string;
  readonly replace: string;
  /** Whose verification turns red, and by which interaction: `<consumer> of <provider>: <description>`. */
  readonly caughtBy: string;
}

/** Faults in what contexts tell each other, at least one in each context that owes something. */
export const contractBreaks: readonly ContractBreak[] = [
  {
    name: 'a new store tells no name',
    file: 'services/stores/messages.ts',
    search: 'publication(stores.storeCreated, { id, name: event.name, location: event.location })',
    replace: "publication(stores.storeCreated, { id, name: '', location: event.location })",
    caughtBy: 'baskets-sub of stores-pub: a StoreCreated message',
  },
  {
    name: "a store's name goes under another number",
    file: 'proto/gen/stores/events.ts',
    search: `  encode(message: StoreCreated, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.id !== "") {
      writer.uint32(10).string(message.id);
    }
    if (message.name !== "") {
      writer.uint32(18).string(message.name);`,
    replace: `  encode(message: StoreCreated, writer: BinaryWriter = new BinaryWriter()): BinaryWriter {
    if (message.id !== "") {
      writer.uint32(10).string(message.id);
    }
    if (message.name !== "") {
      writer.uint32(34).string(message.name);`,
    caughtBy: 'search-sub of stores-pub: a StoreCreated message',
  },
  {
    name: 'a product names itself in the place of its store',
    file: 'services/stores/messages.ts',
    search: `        id,
        storeId,`,
    replace: `        id,
        storeId: id,`,
    caughtBy: 'depot-sub of stores-pub: a ProductAdded message',
  },
  {
    name: 'a new price is told by its difference alone',
    file: 'services/stores/messages.ts',
    search: 'price: moneyToNumber(state.price),',
    replace: '',
    caughtBy: 'baskets-sub of stores-pub: a ProductPriceIncreased message',
  },
  {
    name: 'products are told of on another subject',
    file: 'proto/messages.ts',
    search: "'stores.events.Product'",
    replace: "'stores.events.Products'",
    caughtBy: 'depot-sub of stores-pub: a ProductRemoved message',
  },
  {
    name: "a message has another name than the original's",
    file: 'proto/messages.ts',
    search: "customerEvent('CustomerDisabled'",
    replace: "customerEvent('CustomerBlocked'",
    caughtBy: 'baskets-sub of customers-pub: a CustomerDisabled message',
  },
  {
    name: 'a new customer tells no number',
    file: 'services/customers/messages.ts',
    search: '{ id, name: event.name, smsNumber: event.smsNumber }',
    replace: "{ id, name: event.name, smsNumber: '' }",
    caughtBy: 'notifications-sub of customers-pub: a CustomerRegistered message',
  },
  {
    name: 'messages do not tell the version of what they are about',
    file: 'services/kernel/messaging/outbox.ts',
    search: '[metadataKeys.aggregateVersion]: String(about.subject.version),',
    replace: '',
    caughtBy: 'search-sub of ordering-pub: a OrderApproved message',
  },
  {
    name: 'commands do not tell which saga they are of',
    file: 'services/kernel/saga/orchestrator.ts',
    search: '[metadataKeys.commandSagaName]: definition.name,',
    replace: '',
    caughtBy: 'customers-sub of cosec-pub: a AuthorizeCustomer message',
  },
  {
    name: 'answers do not repeat which command they are to',
    file: 'services/kernel/messaging/subscriptions.ts',
    search: "key !== 'COMMAND_NAME'",
    replace: "key !== 'COMMAND_ID'",
    caughtBy: 'cosec-sub of ordering-pub: a Success message',
  },
  {
    name: 'a refusal gives no reason',
    file: 'services/kernel/messaging/subscriptions.ts',
    search: '[metadataKeys.replyErrorMessage]: refusal.message,',
    replace: '',
    caughtBy: 'cosec-sub of payments-pub: a Failure message',
  },
  {
    name: 'a refusal says that all went well',
    file: 'services/kernel/messaging/subscriptions.ts',
    search: "[metadataKeys.replyOutcome]: 'FAILURE',",
    replace: "[metadataKeys.replyOutcome]: 'SUCCESS',",
    caughtBy: 'cosec-sub of customers-pub: a Failure message',
  },
  {
    name: 'an order that is ready tells no total',
    file: 'services/ordering/messages.ts',
    search: 'total: moneyToNumber(event.total)',
    replace: 'total: 0',
    caughtBy: 'payments-sub of ordering-pub: a OrderReadied message',
  },
  {
    name: 'a rejected order does not tell why',
    file: 'services/ordering/messages.ts',
    search: '{ ...order, reason: event.reason }',
    replace: 'order',
    caughtBy: 'notifications-sub of ordering-pub: a OrderRejected message',
  },
  {
    name: 'a checked-out basket tells no prices',
    file: 'services/baskets/messages.ts',
    search: 'return { ...item, price: moneyToNumber(productPrice) };',
    replace: 'return { ...item, price: 0 };',
    caughtBy: 'ordering-sub of baskets-pub: a BasketCheckedOut message',
  },
  {
    name: 'a completed list names itself in the place of its order',
    file: 'services/depot/messages.ts',
    search: 'orderId: event.orderId }',
    replace: 'orderId: aggregateId }',
    caughtBy: 'ordering-sub of depot-pub: a ShoppingListCompleted message',
  },
  {
    name: 'the depot does not tell which list it made',
    file: 'services/depot/messages.ts',
    search: 'publication(depot.createdShoppingListReply, { id: listId })',
    replace: "publication(depot.createdShoppingListReply, { id: '' })",
    caughtBy: 'cosec-sub of depot-pub: a CreatedShoppingListReply message',
  },
  {
    name: 'a paid invoice tells no order',
    file: 'services/payments/messages.ts',
    search: '{ id: aggregateId, orderId: event.orderId }',
    replace: "{ id: aggregateId, orderId: '' }",
    caughtBy: 'ordering-sub of payments-pub: a InvoicePaid message',
  },
  {
    name: 'the saga has nothing confirmed',
    file: 'services/cosec/create-order-saga.ts',
    search: 'amount: moneyToNumber(total),',
    replace: 'amount: 0,',
    caughtBy: 'payments-sub of cosec-pub: a ConfirmPayment message',
  },
  {
    name: 'the saga cancels a list it never learnt of without naming the order',
    file: 'services/cosec/create-order-saga.ts',
    search: 'publication(depot.cancelShoppingListCommand, { id: shoppingId, orderId })',
    replace: "publication(depot.cancelShoppingListCommand, { id: shoppingId, orderId: '' })",
    caughtBy: 'depot-sub of cosec-pub: a CancelShoppingListCommand message',
  },
  {
    name: 'what is not found is answered as a bad request',
    file: 'services/kernel/http/failures.ts',
    search: '[status.NOT_FOUND]: 404,',
    replace: '[status.NOT_FOUND]: 400,',
    caughtBy: 'baskets-ui of baskets-api: a request to add a product',
  },
  {
    name: 'the answers to refusals call their text otherwise',
    file: 'services/kernel/http/failures.ts',
    search: 'if (!detail) return { code, message, details: [] };',
    replace: 'return { code, text: message, message: undefined, details: [] };',
    caughtBy: 'baskets-ui of baskets-api: a request to start a basket without a customerId',
  },
  {
    name: 'the search does not tell whose order it is',
    file: 'services/search/orders.ts',
    search: 'customerName: row.customer_name,',
    replace: "customerName: '',",
    caughtBy: 'features of search-api: a search for the orders of a customer',
  },
  {
    name: 'a shopping list does not tell how it stands',
    file: 'services/depot/grpc.ts',
    search: 'stops: Object.fromEntries(stopMessages), assignedBotId, status }',
    replace: "stops: Object.fromEntries(stopMessages), assignedBotId, status: '' }",
    caughtBy: 'features of depot-api: a request for a shopping list',
  },
  {
    name: 'an authorized payment tells no id',
    file: 'services/payments/grpc.ts',
    search: 'return { id: await app.authorizePayment({ customerId, amount }, causation) };',
    replace: "await app.authorizePayment({ customerId, amount }, causation); return { id: '' };",
    caughtBy: 'busywork of payments-api: a request to authorize a payment',
  },
];
