import { randomUUID } from 'node:crypto';
import type { Reply, Seen, TestMall } from './types.ts';

/** What one route does; throws {@link Refused} to refuse. */
type Handler = (mall: TestMall, id: string, body: Seen['body']) => object;

/** The message goes into the error body. */
class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function text(body: Seen['body'], field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value.trim() === '')
    throw new Refused(400, `the ${field} cannot be blank`);
  return value;
}

function amount(body: Seen['body'], field: string): number {
  const value = body[field];
  if (typeof value !== 'number' || !(value > 0)) throw new Refused(400, `the ${field} must be positive`);
  return value;
}

function existing<T>(things: Map<string, T>, id: string): T {
  const thing = things.get(id);
  if (thing === undefined) throw new Refused(404, `${id} does not exist`);
  return thing;
}

function openBasket(mall: TestMall, id: string) {
  const basket = existing(mall.baskets, id);
  if (basket.state !== 'open') throw new Refused(400, 'the basket cannot be modified');
  return basket;
}

const ROUTES: readonly (readonly [string, RegExp, Handler])[] = [
  [
    'POST',
    /^\/api\/customers$/,
    (_, __, body) => {
      text(body, 'name');
      if (!/^\d{3}-\d{3}-\d{4}$/.test(text(body, 'smsNumber'))) throw new Refused(400, 'not a phone number');
      return { id: randomUUID() };
    },
  ],
  [
    'POST',
    /^\/api\/baskets$/,
    (mall, _, body) => {
      text(body, 'customerId');
      const id = randomUUID();
      mall.baskets.set(id, { state: 'open', total: 0, items: 0 });
      return { id };
    },
  ],
  [
    'PUT',
    /^\/api\/baskets\/([^/]+)\/addItem$/,
    (mall, id, body) => {
      const basket = openBasket(mall, id);
      basket.items += 1;
      basket.total += existing(mall.products, text(body, 'productId')).price * amount(body, 'quantity');
      return {};
    },
  ],
  [
    'DELETE',
    /^\/api\/baskets\/([^/]+)$/,
    (mall, id) => {
      openBasket(mall, id).state = 'cancelled';
      return {};
    },
  ],
  [
    'PUT',
    /^\/api\/baskets\/([^/]+)\/checkout$/,
    (mall, id, body) => {
      const basket = openBasket(mall, id);
      if (basket.items === 0) throw new Refused(400, 'the basket has no items');
      const payment = existing(mall.payments, text(body, 'paymentId'));
      if (Math.abs(payment.amount - basket.total) > 1e-9)
        throw new Refused(400, 'the payment does not match');
      basket.state = 'checked out';
      return {};
    },
  ],
  [
    'POST',
    /^\/api\/payments$/,
    (mall, _, body) => {
      const id = randomUUID();
      mall.payments.set(id, { customerId: text(body, 'customerId'), amount: amount(body, 'amount') });
      return { id };
    },
  ],
  [
    'POST',
    /^\/api\/stores$/,
    (mall, _, body) => {
      text(body, 'location');
      return { id: mall.addStore(text(body, 'name')) };
    },
  ],
  ['GET', /^\/api\/stores$/, (mall) => ({ stores: [...mall.stores.values()] })],
  ['GET', /^\/api\/stores\/([^/]+)$/, (mall, id) => ({ store: existing(mall.stores, id) })],
  [
    'PUT',
    /^\/api\/stores\/([^/]+)\/rebrand$/,
    (mall, id, body) => {
      existing(mall.stores, id).name = text(body, 'name');
      return {};
    },
  ],
  [
    'POST',
    /^\/api\/stores\/([^/]+)\/products$/,
    (mall, storeId, body) => {
      existing(mall.stores, storeId);
      const [name, description, sku] = [text(body, 'name'), text(body, 'description'), text(body, 'sku')];
      const id = randomUUID();
      mall.products.set(id, { id, storeId, name, description, sku, price: amount(body, 'price') });
      return { id };
    },
  ],
  [
    'GET',
    /^\/api\/stores\/([^/]+)\/products$/,
    (mall, id) => ({ products: [...mall.products.values()].filter((product) => product.storeId === id) }),
  ],
  ['GET', /^\/api\/stores\/products\/([^/]+)$/, (mall, id) => ({ product: existing(mall.products, id) })],
  [
    'PUT',
    /^\/api\/stores\/products\/([^/]+)\/rebrand$/,
    (mall, id, body) => {
      const product = existing(mall.products, id);
      product.name = text(body, 'name');
      product.description = text(body, 'description');
      return {};
    },
  ],
  [
    'GET',
    /^\/api\/ordering\/([^/]+)$/,
    (mall, id) => {
      const look = (mall.looks.get(id) ?? 0) + 1;
      mall.looks.set(id, look);
      const known = mall.baskets.get(id)?.state === 'checked out';
      const status = known ? mall.orderStatus(look, id) : '';
      if (status === '') throw new Refused(404, 'the order with that ID does not exist');
      return { order: { id, customerId: '', paymentId: '', items: [], status } };
    },
  ],
];

export function answer(mall: TestMall, { method, path, body }: Seen): Reply {
  for (const [routeMethod, pattern, handler] of ROUTES) {
    const match = pattern.exec(path);
    if (!match || routeMethod !== method) continue;
    try {
      return { status: 200, body: handler(mall, match[1] ?? '', body) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refusal(error.status, error.message);
    }
  }
  return refusal(404, 'Not Found');
}

export function refusal(status: number, message: string): Reply {
  return { status, body: { code: status === 404 ? 5 : 3, message, details: [] } };
}
