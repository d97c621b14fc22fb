import { z } from 'zod';
import type { Request } from './door.ts';

/** One row of the table below: a call of the mall's REST interface. */
export interface Call<A> {
  readonly name: CallName;
  readonly method: Request['method'];
  /** `{id}` stands for the one parameter a path can have. */
  readonly path: string;
  /** What the simulator needs of the answer; the rest is not looked at. */
  readonly answer: z.ZodType<A>;
  /** What a 404 means, where it is an answer like any other. */
  readonly missing?: A;
  /** What a refusal (400, 409) means, where it is an answer like any other. */
  readonly refused?: A;
}

/**
 * In the order in which the summary lists them. The last one is not a shopper's: it looks how an order is
 * doing.
 */
export const CALLS = [
  'register customer',
  'start basket',
  'add item',
  'cancel basket',
  'check out',
  'authorise payment',
  'create store',
  'list stores',
  'get store',
  'rebrand store',
  'add product',
  'list products of a store',
  'get product',
  'rebrand product',
  'cancel order',
  'list shopping lists',
  'assign shopping list',
  'complete shopping list',
  'find orders',
  'read found order',
  'read invoice',
  'pay invoice',
  'follow order',
] as const;

export type CallName = (typeof CALLS)[number];

/** What became of the wish to cancel an order. */
export type CancelAnswer = 'cancelled' | 'not there yet' | 'too late';

const id = z.string().min(1);
const created = z.object({ id });
const done = z.object({});
const store = z.object({ id, name: z.string() });
const product = z.object({ id, name: z.string(), price: z.number() });

type Row<A> = readonly [method: Request['method'], path: string, answer: z.ZodType<A>];

function row<A>(name: CallName, [method, path, answer]: Row<A>): Call<A> {
  return { name, method, path, answer };
}

export const registerCustomer = row('register customer', ['POST', '/api/customers', created]);
export const startBasket = row('start basket', ['POST', '/api/baskets', created]);
export const addItem = row('add item', ['PUT', '/api/baskets/{id}/addItem', done]);
export const cancelBasket = row('cancel basket', ['DELETE', '/api/baskets/{id}', done]);
export const checkOut = row('check out', ['PUT', '/api/baskets/{id}/checkout', done]);
export const authorisePayment = row('authorise payment', ['POST', '/api/payments', created]);
export const createStore = row('create store', ['POST', '/api/stores', created]);
export const listStores = row('list stores', [
  'GET',
  '/api/stores',
  z.object({ stores: z.array(z.object({ id })) }),
]);
export const getStore = row('get store', ['GET', '/api/stores/{id}', z.object({ store })]);
export const rebrandStore = row('rebrand store', ['PUT', '/api/stores/{id}/rebrand', done]);
export const addProduct = row('add product', ['POST', '/api/stores/{id}/products', created]);
export const listProducts = row('list products of a store', [
  'GET',
  '/api/stores/{id}/products',
  z.object({ products: z.array(z.object({ id })) }),
]);
export const getProduct = row('get product', ['GET', '/api/stores/products/{id}', z.object({ product })]);
export const rebrandProduct = row('rebrand product', ['PUT', '/api/stores/products/{id}/rebrand', done]);
/** Right after the checkout there may be no order yet, and a moment later none that can be cancelled any more. */
export const cancelOrder = {
  ...row('cancel order', ['DELETE', '/api/ordering/{id}', done.transform((): CancelAnswer => 'cancelled')]),
  missing: 'not there yet' as CancelAnswer,
  refused: 'too late' as CancelAnswer,
};
export const listShoppingLists = row('list shopping lists', [
  'GET',
  '/api/depot/shopping',
  z.object({ shoppingLists: z.array(z.object({ id })) }),
]);
export const assignShoppingList = row('assign shopping list', [
  'PUT',
  '/api/depot/shopping/{id}/assign',
  done,
]);
export const completeShoppingList = row('complete shopping list', [
  'PUT',
  '/api/depot/shopping/{id}/complete',
  done,
]);
export const findOrders = row('find orders', [
  'POST',
  '/api/search/orders',
  z.object({ orders: z.array(z.object({ orderId: id })) }),
]);
export const readFoundOrder = row('read found order', [
  'GET',
  '/api/search/orders/{id}',
  z.object({ order: z.object({ customerName: z.string(), total: z.number(), status: z.string() }) }),
]);
export const readInvoice = {
  ...row('read invoice', [
    'GET',
    '/api/payments/invoices/{id}',
    z.object({ invoice: z.object({ amount: z.number(), status: z.string() }).nullable() }),
  ]),
  missing: { invoice: null },
};
export const payInvoice = row('pay invoice', ['PUT', '/api/payments/invoices/{id}/pay', done]);
/** The order is made from the checkout's event, a moment after the checkout: until then there is none. */
export const followOrder = {
  ...row('follow order', [
    'GET',
    '/api/ordering/{id}',
    z.object({ order: z.object({ status: z.string() }).nullable() }),
  ]),
  missing: { order: null },
};
