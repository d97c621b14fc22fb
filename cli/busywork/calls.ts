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
  'follow order',
] as const;

export type CallName = (typeof CALLS)[number];

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
/** The order is made from the checkout's event, a moment after the checkout: until then there is none. */
export const followOrder = {
  ...row('follow order', [
    'GET',
    '/api/ordering/{id}',
    z.object({ order: z.object({ status: z.string() }).nullable() }),
  ]),
  missing: { order: null },
};
