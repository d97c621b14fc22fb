import type { KnownOrder } from './memory.ts';
import { basketView, orderView } from './views.ts';
import { whyOrderWaits } from './why.ts';
import type { MallWorld } from './world.ts';

export interface WantedItem {
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

const SCALE = 10_000;

/** What items come to, exactly: whole ten-thousandths are added up, as the mall does. */
export function totalOf(items: readonly { readonly price: number; readonly quantity: number }[]): number {
  return items.reduce((sum, { price, quantity }) => sum + Math.round(price * SCALE) * quantity, 0) / SCALE;
}

export async function ensureCustomer(world: MallWorld): Promise<void> {
  if (world.memory.hasCustomer) return;
  const body = { name: world.names.of('Customer'), smsNumber: '555-555-1212' };
  world.memory.customerId = await world.mustMake('/api/customers', body);
}

/** Puts products on the shelves of the scenario's store, which is opened and takes part if there is none. */
export async function ensureSold(world: MallWorld, items: readonly WantedItem[]): Promise<void> {
  const { memory, names } = world;
  if (!memory.hasStore) {
    memory.storeId = await world.mustMake('/api/stores', { name: names.of('Store'), location: 'anywhere' });
    await world.must('PUT', `/api/stores/${memory.storeId}/participating`);
  }
  for (const { name, price } of items) {
    if (memory.products.has(name)) continue;
    const body = { name: names.of(name), price, sku: names.of(`sku of ${name}`) };
    memory.products.set(name, await world.mustMake(`/api/stores/${memory.storeId}/products`, body));
  }
}

/** Fills a new basket of the scenario's customer. */
export async function fillBasket(world: MallWorld, items: readonly WantedItem[]): Promise<void> {
  const { memory } = world;
  await ensureCustomer(world);
  await ensureSold(world, items);
  memory.basketId = await world.mustMake('/api/baskets', { customerId: memory.customerId });
  for (const { name, quantity } of items) {
    const body = { productId: memory.productId(name), quantity };
    await world.must('PUT', `/api/baskets/${memory.basketId}/addItem`, body);
  }
}

/** What the scenario's basket comes to at the prices it shows. */
export async function basketTotal(world: MallWorld): Promise<number> {
  const { basket } = await world.read(`/api/baskets/${world.memory.basketId}`, basketView);
  return totalOf(basket.items.map(({ productPrice, quantity }) => ({ price: productPrice, quantity })));
}

/** Holds money of the scenario's customer ready. */
export async function authorise(world: MallWorld, amount: number): Promise<void> {
  const { customerId } = world.memory;
  world.memory.paymentId = await world.mustMake('/api/payments', { customerId, amount });
}

/** Checks the basket out with the scenario's payment. The order that comes of it has the basket's id. */
export async function checkOut(world: MallWorld): Promise<KnownOrder> {
  const { basketId, paymentId, customerId } = world.memory;
  const { sentAt } = await world.must('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
  world.memory.order = { id: basketId, customerId, paymentId, sentAt };
  return world.memory.order;
}

/** From nothing to a checkout that is paid to the cent. */
export async function order(world: MallWorld, items: readonly WantedItem[]): Promise<KnownOrder> {
  await fillBasket(world, items);
  await authorise(world, await basketTotal(world));
  return checkOut(world);
}

/** Statuses that an order may still have before it, by the status it has. */
const ahead: Readonly<Record<string, readonly string[]>> = {
  pending: ['approved', 'rejected', 'cancelled', 'ready', 'completed'],
  approved: ['ready', 'completed'],
  ready: ['completed'],
};

/** Waits for an order's status; not for one that it can never have. */
export async function orderBecomes(
  world: MallWorld,
  known: KnownOrder,
  status: string,
  withinMs?: number,
): Promise<void> {
  await world.until(
    `order ${known.id} to be ${status}`,
    async () => {
      const found = await world.readIfThere(`/api/ordering/${known.id}`, orderView);
      if (found === undefined) return { saw: 'there is no such order' };
      const now = found.order.status;
      if (now === status) return { got: now };
      return { saw: `it is ${now}`, hopeless: ahead[now]?.includes(status) !== true };
    },
    { ...(withinMs !== undefined && { withinMs }), explain: () => whyOrderWaits(world.doors, known.id) },
  );
}
