import { needed } from './memory.ts';
import type { MallWorld } from './world.ts';

/** What each context holds of an order, for a look before and after something that is to change nothing. */
const views: Readonly<Record<string, string>> = {
  order: `SELECT stream_version, event_name FROM ordering.events WHERE stream_id = $1 ORDER BY stream_version`,
  saga: 'SELECT status, step, reason, version FROM cosec.sagas WHERE id = $1',
  lists: 'SELECT id, status, version FROM depot.shopping_lists WHERE order_id = $1 ORDER BY id',
  payments: 'SELECT id, status, version FROM payments.payments WHERE order_id = $1 ORDER BY id',
  invoices: 'SELECT id, status, amount, version FROM payments.invoices WHERE order_id = $1 ORDER BY id',
  search: 'SELECT status, total, version FROM search.orders WHERE order_id = $1',
  told: 'SELECT kind FROM notifications.notifications WHERE order_id = $1 ORDER BY kind',
  left: `SELECT name FROM ordering.outbox WHERE ordering_key = $1 ORDER BY position`,
  asked: 'SELECT name FROM cosec.outbox WHERE ordering_key = $1 ORDER BY position',
};

export async function pictureOf(world: MallWorld): Promise<string> {
  const { id } = world.memory.order;
  const seen = await Promise.all(
    Object.entries(views).map(async ([name, query]) => [name, await world.inside.rows(query, [id])]),
  );
  return JSON.stringify(Object.fromEntries(seen), null, 1);
}

/** Waits until two looks in a row see the same: what follows from the order has come to its end. */
export async function restingPicture(world: MallWorld): Promise<string> {
  let before: string | undefined;
  return world.until<string>(`order ${world.memory.order.id} to come to rest`, async () => {
    const now = await pictureOf(world);
    const same = now === before && !now.includes('"running"') && !now.includes('"compensating"');
    before = now;
    return same ? { got: now } : { saw: 'it still moves' };
  });
}

export function rememberedPicture(world: MallWorld): string {
  return needed(world.memory.seen.get('picture'), 'picture of the order');
}
