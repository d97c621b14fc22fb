import pg from 'pg';
import { connected } from '../../containers/embedded/index.ts';
import { freshDatabase } from '../../containers/embedded/test-servers.ts';
import { eventSourced, mallModules, moneyToDecimal, workbench } from '../../services/mall.ts';
import { byStream, type EventRow, replayOf } from '../audit/replay.ts';
import { Snapshot } from '../audit/snapshot.ts';
import type { Conditions } from './benchmark.ts';
import type { Values } from './figures.ts';
import type { OwnServers } from './own-servers.ts';

const products = { full: 40_000, quick: 200 } as const;
const product = replayOf(eventSourced.product);
type FoldedProduct = ReturnType<typeof product.fold>;

/** Five events each: added, renamed, twice dearer, once cheaper. */
const fill = `
  INSERT INTO stores.events (stream_id, stream_name, stream_version, event_id, event_name, event_data,
                             metadata, schema_version, occurred_at)
  SELECT 'product-' || p, 'stores.Product', n, p || '-' || n,
         (ARRAY['stores.ProductAdded', 'stores.ProductRebranded', 'stores.ProductPriceIncreased',
                'stores.ProductPriceIncreased', 'stores.ProductPriceDecreased'])[n],
         (ARRAY['{"StoreID": "s", "Name": "Wizard", "Description": "with crystal", "SKU": "w", "Price": 9.99}',
                '{"Name": "Wizard, sitting", "Description": "without crystal"}',
                '{"Delta": 1, "Price": 10.99}', '{"Delta": 1, "Price": 11.99}',
                '{"Delta": -2, "Price": 9.99}'])[n]::jsonb,
         '{}', 1, now()
  FROM generate_series(1, $1::int) AS p, generate_series(1, 5) AS n`;

/** Makes the catalogue of products anew: every event read, every stream folded, every row written. */
export async function replay(servers: OwnServers, { scale, signal }: Conditions): Promise<Values> {
  const fresh = await freshDatabase(servers.postgresUrl);
  try {
    const stores = mallModules().find((module) => module.name === 'stores');
    await workbench.migrate(fresh.url, { schema: 'stores', folders: stores?.migrations ?? [] });
    const count = products[scale.quick ? 'quick' : 'full'];
    await connected(fresh.url, async (client) => {
      await client.query(fill, [count]);
      await client.query('VACUUM ANALYZE stores.events');
    });
    const started = performance.now();
    const written = await rebuild(fresh.url, signal);
    const seconds = (performance.now() - started) / 1_000;
    if (written !== count) throw new Error(`${written} products were made of ${count} streams`);
    return { 'replay.rate': (count * 5) / seconds };
  } finally {
    await fresh.drop();
  }
}

/** While one page is folded the next is read and the one before is written. */
async function rebuild(url: string, signal: AbortSignal): Promise<number> {
  const snapshot = await Snapshot.open(url);
  const writer = new pg.Client({ connectionString: url });
  await writer.connect();
  try {
    await snapshot.freeze();
    let written = 0;
    let writing: Promise<unknown> = Promise.resolve();
    const events = snapshot.pages<EventRow>(
      `SELECT stream_id, stream_version, event_name, event_data FROM stores.events
       WHERE stream_name = $1 ORDER BY stream_id, stream_version`,
      [product.streamName],
    );
    for await (const streams of byStream(events)) {
      signal.throwIfAborted();
      const folded = streams.map(([id, rows]) => product.fold(id, rows));
      await writing;
      writing = writeRows(writer, folded.map(readable));
      written += folded.length;
    }
    await writing;
    return written;
  } finally {
    await snapshot.close();
    await writer.end();
  }
}

function readable(folded: FoldedProduct): Exclude<FoldedProduct, { unreadable: string }> {
  if ('unreadable' in folded) throw new Error(`product ${folded.id}: ${folded.unreadable}`);
  return folded;
}

async function writeRows(writer: pg.Client, rows: readonly ReturnType<typeof readable>[]): Promise<void> {
  const column = <T>(pick: (row: ReturnType<typeof readable>) => T): T[] => rows.map(pick);
  await writer.query({
    name: 'write',
    text: `INSERT INTO stores.products (id, version, store_id, name, description, sku, price)
           SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[])`,
    values: [
      column(({ id }) => id),
      column(({ version }) => version),
      column(({ state }) => state.storeId),
      column(({ state }) => state.name),
      column(({ state }) => state.description),
      column(({ state }) => state.sku),
      column(({ state }) => moneyToDecimal(state.price)),
    ],
  });
}
