import { uniqueName } from '../../../containers/embedded/test-servers.ts';
import type { ContextName } from '../../../proto/catalogue.ts';
import { mallModules, startContexts, workbench } from '../../../services/mall.ts';
import { RestClient } from '../rest-client.ts';
import type { FlatCase, FlatGround } from './case.ts';
import type { Caller } from './cost.ts';

async function prepare({ databaseUrl }: FlatGround, context: ContextName): Promise<void> {
  const folders = mallModules().find(({ name }) => name === context)?.migrations ?? [];
  await workbench.migrate(databaseUrl, { schema: context, folders });
}

/** A context with its REST door in this process, called as a client calls it. */
async function door(
  ground: FlatGround,
  context: ContextName,
  call: (rest: RestClient, index: number) => Promise<unknown>,
): Promise<Caller> {
  const running = await startContexts(
    {
      contexts: [context],
      databaseUrl: () => ground.databaseUrl,
      natsUrl: ground.servers.natsUrl,
      natsStream: uniqueName('bench'),
      host: '127.0.0.1',
      restPort: 0,
      grpcPort: 0,
      logger: workbench.silentLogger(),
    },
    () => undefined,
  );
  const rest = new RestClient(running.restUrl, { connections: 1 });
  return {
    call: async (index) => void (await call(rest, index)),
    close: async () => {
      await rest.close();
      await running.stop();
    },
  };
}

/** The token by which the page before a product's ends: name and id, as the list orders them. */
function tokenAt(product: number): string {
  return workbench.pageToken([productName(product), `product-${product}`]);
}

const productName = (product: number) => `Wizard ${String(product).padStart(7, '0')}`;
const productsOf = '/api/stores/store/products?pageSize=50';

/** One store with many products. */
export const manyProducts: FlatCase = {
  name: 'a store with many products',
  size: 100_000,
  tables: ['stores.products'],
  prepare: (ground) => prepare(ground, 'stores'),
  fill: async ({ client }, { from, to }) => {
    await client.query(
      `INSERT INTO stores.products (id, store_id, name, description, sku, price, version)
       SELECT 'product-' || n, 'store', 'Wizard ' || lpad(n::text, 7, '0'), 'with crystal', '', 9.99, 1
       FROM generate_series($1::int, $2::int) AS n`,
      [from, to],
    );
  },
  calls: (ground, size) => {
    const middle = encodeURIComponent(tokenAt(Math.floor(size / 2)));
    const get = (path: (index: number) => string) => () =>
      door(ground, 'stores', (rest, index) => rest.send('GET', path(index)));
    return [
      { figure: 'flat.products.first', calls: 30, open: get(() => productsOf) },
      { figure: 'flat.products.middle', calls: 30, open: get(() => `${productsOf}&pageToken=${middle}`) },
      {
        figure: 'flat.products.one',
        calls: 30,
        open: get((index) => `/api/stores/products/product-${1 + ((index * 7_919) % size)}`),
      },
    ];
  },
};

/** Orders over a year, of 10 customers for each 1,000 orders; half of them with the same store. */
export const manyOrders: FlatCase = {
  name: 'a search over many orders',
  size: 1_000_000,
  tables: ['search.orders'],
  prepare: (ground) => prepare(ground, 'search'),
  fill: async ({ client }, { from, to }) => {
    await client.query(
      `INSERT INTO search.orders (order_id, customer_id, customer_name, items, total, status, product_ids,
                                  store_ids, version, created_at)
       SELECT 'order-' || n, 'customer-' || n / 100, 'A customer', '[]', 10 + n % 90,
              CASE WHEN n % 50 = 0 THEN 'Rejected' ELSE 'Approved' END, ARRAY['product-' || n / 20],
              ARRAY[CASE WHEN n % 2 = 0 THEN 'busy' ELSE 'store-' || n / 100 END], 2,
              timestamptz '2026-01-01' + n * interval '30 seconds'
       FROM generate_series($1::int, $2::int) AS n`,
      [from, to],
    );
  },
  calls: (ground, size) => {
    const middle = new Date(Date.UTC(2026, 0, 1) + (size / 2) * 30_000).toISOString();
    const search = (filters: object) => ({
      calls: 30,
      open: () =>
        door(ground, 'search', (rest) => rest.send('POST', '/api/search/orders', { filters, limit: 20 })),
    });
    return [
      { figure: 'flat.search.newest', ...search({}) },
      { figure: 'flat.search.middle', ...search({ before: middle }) },
      { figure: 'flat.search.customer', ...search({ customerId: 'customer-50' }) },
      { figure: 'flat.search.status', ...search({ status: 'Rejected' }) },
      { figure: 'flat.search.store', ...search({ storeIds: ['busy'] }) },
      { figure: 'flat.search.product', ...search({ productIds: ['product-50'] }) },
    ];
  },
};
