import { contextNames } from '../../proto/catalogue.ts';
import { needed } from './memory.ts';
import { allSettled } from './settled.ts';
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

/**
 * Waits until what follows from the order has come to its end: nothing of it changes while all messages that there are
 * leave their outboxes and are seen to.
 */
export async function restingPicture(world: MallWorld): Promise<string> {
  return world.until<string>(`order ${world.memory.order.id} to come to rest`, async () => {
    const before = await pictureOf(world);
    const waiting = await unpublished(world);
    if (waiting !== undefined) return { saw: `${waiting} has a message that the broker does not have yet` };
    await allSettled(world);
    const now = await pictureOf(world);
    const same = now === before && !now.includes('"running"') && !now.includes('"compensating"');
    return same ? { got: now } : { saw: 'it still moves' };
  });
}

/** A context whose outbox is not empty. */
async function unpublished(world: MallWorld): Promise<string | undefined> {
  for (const context of contextNames) {
    const rows = await world.inside.rows(
      `SELECT 1 FROM ${context}.outbox WHERE published_at IS NULL LIMIT 1`,
    );
    if (rows.length > 0) return context;
  }
  return undefined;
}

export function rememberedPicture(world: MallWorld): string {
  return needed(world.memory.seen.get('picture'), 'picture of the order');
}
