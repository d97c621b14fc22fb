import * as calls from './calls.ts';
import { fromWire, type Money, toWire } from './money.ts';
import type { CallContext, Send } from './sender.ts';

export interface Product {
  readonly name: string;
  readonly price: Money;
}

export interface NewProduct extends Product {
  readonly description: string;
  readonly sku: string;
}

/**
 * The mall as a shopper or shopkeeper sees it. Every function is one call and throws `CallFailed` or
 * `Stopped`.
 */
export interface MallApi {
  registerCustomer(customer: { name: string; smsNumber: string }): Promise<string>;
  startBasket(customerId: string): Promise<string>;
  addItem(basketId: string, item: { productId: string; quantity: number }): Promise<void>;
  cancelBasket(basketId: string): Promise<void>;
  checkOut(basketId: string, paymentId: string): Promise<void>;
  authorisePayment(payment: { customerId: string; amount: Money }): Promise<string>;
  createStore(store: { name: string; location: string }): Promise<string>;
  listStores(): Promise<readonly string[]>;
  storeName(storeId: string): Promise<string>;
  rebrandStore(storeId: string, name: string): Promise<void>;
  addProduct(storeId: string, product: NewProduct): Promise<string>;
  listProducts(storeId: string): Promise<readonly string[]>;
  product(productId: string): Promise<Product>;
  rebrandProduct(productId: string, brand: { name: string; description: string }): Promise<void>;
  /** How an order is doing; a blank or an unknown word where the mall does not know it (yet). */
  orderStatus(orderId: string): Promise<string>;
  cancelOrder(orderId: string): Promise<calls.CancelAnswer>;
  /** Ids of lists that wait for a bot, the first page of them. */
  availableShoppingLists(): Promise<readonly string[]>;
  assignShoppingList(listId: string, botId: string): Promise<void>;
  completeShoppingList(listId: string): Promise<void>;
  /** Ids of the newest orders of a status, or of any where it is blank. */
  searchOrders(filter: { status: string }): Promise<readonly string[]>;
  foundOrder(orderId: string): Promise<FoundOrder>;
  /** The amount of an order's invoice; null where there is none, or none that can be paid. */
  openInvoice(orderId: string): Promise<Money | null>;
  payInvoice(orderId: string): Promise<void>;
}

/** An order as the search shows it. */
export interface FoundOrder {
  readonly customerName: string;
  readonly total: Money;
  readonly status: string;
}

const idsOf = (things: readonly { id: string }[]) => things.map((thing) => thing.id);

export function mallApi(send: Send, context: CallContext): MallApi {
  const ask = <A>(call: calls.Call<A>, id?: string) => send(call, { id }, context);
  const tell = <A>(call: calls.Call<A>, input: { id?: string; body: object }) => send(call, input, context);
  return {
    registerCustomer: async (body) => (await tell(calls.registerCustomer, { body })).id,
    startBasket: async (customerId) => (await tell(calls.startBasket, { body: { customerId } })).id,
    addItem: async (id, body) => void (await tell(calls.addItem, { id, body })),
    cancelBasket: async (id) => void (await ask(calls.cancelBasket, id)),
    checkOut: async (id, paymentId) => void (await tell(calls.checkOut, { id, body: { paymentId } })),
    authorisePayment: async ({ customerId, amount }) =>
      (await tell(calls.authorisePayment, { body: { customerId, amount: toWire(amount) } })).id,
    createStore: async (body) => (await tell(calls.createStore, { body })).id,
    listStores: async () => idsOf((await ask(calls.listStores)).stores),
    storeName: async (id) => (await ask(calls.getStore, id)).store.name,
    rebrandStore: async (id, name) => void (await tell(calls.rebrandStore, { id, body: { name } })),
    addProduct: async (id, { price, ...rest }) =>
      (await tell(calls.addProduct, { id, body: { ...rest, price: toWire(price) } })).id,
    listProducts: async (id) => idsOf((await ask(calls.listProducts, id)).products),
    product: async (id) => {
      const { name, price } = (await ask(calls.getProduct, id)).product;
      return { name, price: fromWire(price) };
    },
    rebrandProduct: async (id, body) => void (await tell(calls.rebrandProduct, { id, body })),
    cancelOrder: (id) => ask(calls.cancelOrder, id),
    availableShoppingLists: async () => idsOf((await ask(calls.listShoppingLists)).shoppingLists),
    assignShoppingList: async (id, botId) =>
      void (await tell(calls.assignShoppingList, { id, body: { botId } })),
    completeShoppingList: async (id) => void (await tell(calls.completeShoppingList, { id, body: {} })),
    searchOrders: async (filters) =>
      (await tell(calls.findOrders, { body: { filters } })).orders.map(({ orderId }) => orderId),
    foundOrder: async (id) => {
      const { order } = await ask(calls.readFoundOrder, id);
      return { ...order, total: fromWire(order.total) };
    },
    openInvoice: async (id) => {
      const { invoice } = await ask(calls.readInvoice, id);
      return invoice?.status === 'pending' ? fromWire(invoice.amount) : null;
    },
    payInvoice: async (id) => void (await tell(calls.payInvoice, { id, body: {} })),
    orderStatus: async (id) => (await ask(calls.followOrder, id)).order?.status ?? '',
  };
}
