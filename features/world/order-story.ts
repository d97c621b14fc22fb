import { contextNames } from '../../proto/catalogue.ts';
import { restingPicture } from './order-picture.ts';
import type { MallWorld } from './world.ts';

/** What came of an order in each context, without ids, times and versions: what two malls can be compared by. */
const chapters: Readonly<Record<string, string>> = {
  events: 'SELECT event_name FROM ordering.events WHERE stream_id = $1 ORDER BY stream_version',
  saga: 'SELECT status, step, what FROM cosec.saga_history WHERE saga_id = $1 ORDER BY position',
  lists: 'SELECT status, assigned_bot_id FROM depot.shopping_lists WHERE order_id = $1',
  payments: 'SELECT status, amount, captured FROM payments.payments WHERE order_id = $1',
  invoices: 'SELECT status, amount FROM payments.invoices WHERE order_id = $1',
  search: 'SELECT status, total, version FROM search.orders WHERE order_id = $1',
  told: 'SELECT kind, status FROM notifications.notifications WHERE order_id = $1 ORDER BY kind',
  ...Object.fromEntries(
    contextNames.map((context) => [
      `messages of ${context}`,
      `SELECT name FROM ${context}.outbox WHERE ordering_key = $1 ORDER BY name`,
    ]),
  ),
};

/** The story of the scenario's order, once nothing moves any more. */
export async function storyOfOrder(world: MallWorld): Promise<string> {
  await restingPicture(world);
  const { id } = world.memory.order;
  const told: [string, unknown][] = [];
  for (const [name, query] of Object.entries(chapters)) {
    told.push([name, await world.inside.rows(query, [id])]);
  }
  return JSON.stringify(Object.fromEntries(told), null, 1);
}
