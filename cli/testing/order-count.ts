import { setTimeout as pause } from 'node:timers/promises';
import { connected } from '../../containers/embedded/index.ts';
import { contextDatabaseUrl } from '../malls/context-databases.ts';
import type { MallState } from '../malls/state.ts';

/** How many orders have been created in a running mall. */
export function orderCount({ addresses, databases }: MallState): Promise<number> {
  const url = contextDatabaseUrl({ postgresUrl: addresses?.postgres ?? '', databases }, 'ordering');
  return connected(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM ordering.events WHERE stream_version = 1',
    );
    return rows[0]?.count ?? 0;
  });
}

/** Waits until shoppers have ordered so much. */
export async function untilOrders(state: MallState, wanted: number): Promise<void> {
  while ((await orderCount(state)) < wanted) await pause(50);
}
