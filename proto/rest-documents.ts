import type { ContextName } from './contexts.ts';

/** What a context's API document says beyond its routes and messages. */
export interface RestDocument {
  readonly title: string;
  readonly version: string;
  /** Fully qualified name of the service whose routes the document holds. */
  readonly service: string;
  /** By name of the RPC; one entry for each RPC that has a route. */
  readonly operations: Readonly<Record<string, RestOperation>>;
}

export interface RestOperation {
  readonly operationId: string;
  readonly tag: string;
  /** Operation ids of the additional bindings, in their order; ids are unique in a document. */
  readonly additionalOperationIds?: readonly string[];
}

const version = '1.0.0';

/** The contexts that have REST; notifications and cosec have none. */
export const restDocuments = {
  baskets: {
    title: 'Shopping Baskets',
    version,
    service: 'basketspb.BasketService',
    operations: {
      StartBasket: { operationId: 'startBasket', tag: 'Basket' },
      GetBasket: { operationId: 'getBasket', tag: 'Basket' },
      CancelBasket: { operationId: 'cancelBasket', tag: 'Basket' },
      CheckoutBasket: { operationId: 'checkoutBasket', tag: 'Basket' },
      AddItem: { operationId: 'addItem', tag: 'Item' },
      RemoveItem: { operationId: 'removeItem', tag: 'Item' },
    },
  },
  customers: {
    title: 'Customers',
    version,
    service: 'customerspb.CustomersService',
    operations: {
      RegisterCustomer: { operationId: 'registerCustomer', tag: 'Customer' },
      ChangeSmsNumber: { operationId: 'changeSmsNumber', tag: 'Customer' },
      EnableCustomer: { operationId: 'enableCustomer', tag: 'Customer' },
      // Capitalised in the original, and clients generated from its document call it so.
      DisableCustomer: { operationId: 'DisableCustomer', tag: 'Customer' },
      GetCustomer: { operationId: 'getCustomer', tag: 'Customer' },
    },
  },
  depot: {
    title: 'Depot Operations',
    version,
    service: 'depotpb.DepotService',
    operations: {
      CreateShoppingList: { operationId: 'createShoppingList', tag: 'ShoppingList' },
      CancelShoppingList: {
        operationId: 'cancelShoppingList',
        tag: 'ShoppingList',
        additionalOperationIds: ['deleteShoppingList'],
      },
      AssignShoppingList: { operationId: 'assignShoppingList', tag: 'ShoppingList' },
      // The original misspells it `ccompleteShoppingList`.
      CompleteShoppingList: { operationId: 'completeShoppingList', tag: 'ShoppingList' },
      GetShoppingList: { operationId: 'getShoppingList', tag: 'ShoppingList' },
      ListAvailableShoppingLists: { operationId: 'listAvailableShoppingLists', tag: 'ShoppingList' },
    },
  },
  ordering: {
    title: 'Order Processing',
    version,
    service: 'orderingpb.OrderingService',
    operations: {
      CreateOrder: { operationId: 'createOrder', tag: 'Order' },
      GetOrder: { operationId: 'getOrder', tag: 'Order' },
      CancelOrder: { operationId: 'cancelOrder', tag: 'Order' },
    },
  },
  payments: {
    title: 'Payments',
    version,
    service: 'paymentspb.PaymentsService',
    operations: {
      AuthorizePayment: { operationId: 'authorizePayment', tag: 'Payment' },
      GetPayment: { operationId: 'getPayment', tag: 'Payment' },
      PayInvoice: { operationId: 'payInvoice', tag: 'Invoice' },
      GetInvoice: { operationId: 'getInvoice', tag: 'Invoice' },
    },
  },
  search: {
    title: 'Search',
    version,
    service: 'searchpb.SearchService',
    operations: {
      SearchOrders: { operationId: 'searchOrders', tag: 'Orders' },
      GetOrder: { operationId: 'getOrder', tag: 'Order' },
    },
  },
  stores: {
    title: 'Store Management',
    version,
    service: 'storespb.StoresService',
    operations: {
      CreateStore: { operationId: 'createStore', tag: 'Store' },
      RebrandStore: { operationId: 'rebrandStore', tag: 'Store' },
      GetStore: { operationId: 'getStore', tag: 'Store' },
      GetStores: { operationId: 'getStores', tag: 'Store' },
      EnableParticipation: { operationId: 'enableParticipation', tag: 'Participation' },
      DisableParticipation: { operationId: 'disableParticipation', tag: 'Participation' },
      GetParticipatingStores: { operationId: 'getParticipatingStores', tag: 'Participation' },
      AddProduct: { operationId: 'addProduct', tag: 'Product' },
      RebrandProduct: { operationId: 'rebrandProduct', tag: 'Product' },
      IncreaseProductPrice: { operationId: 'increaseProductPrice', tag: 'Product' },
      DecreaseProductPrice: { operationId: 'decreaseProductPrice', tag: 'Product' },
      RemoveProduct: { operationId: 'removeProduct', tag: 'Product' },
      GetProduct: { operationId: 'getProduct', tag: 'Product' },
      GetCatalog: { operationId: 'getStoreProducts', tag: 'Product' },
    },
  },
} as const satisfies Partial<Record<ContextName, RestDocument>>;
