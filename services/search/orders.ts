import { z } from 'zod';
import {
  type Database,
  insertion,
  type Lookup,
  type Write,
  write,
  writeStatement,
} from '../kernel/database/index.ts';
import {
  type CustomerId,
  id,
  moneyFromDecimal,
  moneyFromNumber,
  moneyToDecimal,
  moneyToNumber,
  NotFound,
  type OrderId,
} from '../kernel/domain/index.ts';
import { cursorAt } from './cursor.ts';
import type { IndexedOrder, OrderItem, Standing } from './indexed-order.ts';
import { conditionsOf, type OrderQuery } from './order-query.ts';
import type { OrderStatus } from './order-status.ts';

interface Row {
  order_id: OrderId;
  customer_id: CustomerId;
  customer_name: string;
  items: unknown;
  total: string;
  status: OrderStatus;
  version: number;
  /** As text, see {@link CREATED_AT}. */
  created_at_text: string;
}

/** The driver's dates end at milliseconds; the cursor must not. */
const CREATED_AT = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `order_id, customer_id, customer_name, items, total, status, version,
  ${CREATED_AT} AS created_at_text`;

/** Adds orders, or makes of one that is there and the new one the later of both. */
const putInto = (table: string) =>
  insertion({
    table,
    columns: {
      order_id: 'text',
      customer_id: 'text',
      customer_name: 'text',
      items: 'jsonb',
      total: 'numeric',
      ...{
        status: 'text',
        version: 'int',
        created_at: 'timestamptz',
        product_ids: 'text[]',
        store_ids: 'text[]',
      },
    },
    key: ['order_id'],
    onConflict: `ON CONFLICT (order_id) DO UPDATE
      SET created_at = least(${table}.created_at, excluded.created_at), updated_at = now(),
          version = greatest(${table}.version, excluded.version),
          status = CASE WHEN ${table}.version < excluded.version THEN excluded.status ELSE ${table}.status END`,
  });

const moveIn = (table: string) =>
  writeStatement({
    table,
    columns: { order_id: 'text', status: 'text', version: 'int' },
    key: ['order_id'],
    text: `UPDATE ${table} AS o SET status = r.status, version = r.version, updated_at = now()
           FROM {rows} WHERE o.order_id = r.order_id AND o.version < r.version`,
  });

/** The read model of all orders, kept by ordering's events in the order of their versions. */
export class Orders {
  readonly #database: Database;
  readonly #byId: Lookup<Row>;
  readonly #known: Lookup<Pick<Row, 'order_id'>>;
  readonly #put: ReturnType<typeof putInto>;
  readonly #move: ReturnType<typeof moveIn>;

  constructor(database: Database) {
    this.#database = database;
    const table = `${database.schema}.orders`;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'order_id' });
    this.#known = database.lookup({ table, columns: 'order_id', key: 'order_id' });
    this.#put = putInto(table);
    this.#move = moveIn(table);
  }

  async has(orderId: OrderId): Promise<boolean> {
    return (await this.#known(orderId)).length > 0;
  }

  /** @throws NotFound */
  async get(orderId: OrderId): Promise<IndexedOrder> {
    const [row] = await this.#byId(orderId);
    if (!row) throw new NotFound('order with that ID does not exist');
    return toOrder(row);
  }

  /** A page of the orders that meet the query, the newest first; `next` is blank on the last page. */
  async search(query: OrderQuery): Promise<{ orders: IndexedOrder[]; next: string }> {
    const { text, values } = conditionsOf(query);
    const rows = await this.#database.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.#database.schema}.orders WHERE ${text}
       ORDER BY created_at DESC, order_id LIMIT $${values.length + 1}`,
      [...values, query.limit + 1],
    );
    const page = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    const next = last ? cursorAt({ createdAt: last.created_at_text, orderId: last.order_id }) : '';
    return { orders: page.map(toOrder), next };
  }

  /**
   * Adds an order. One that is there already keeps its names and the later of the two standings; its date can
   * only become earlier, since a row made from a later event than the creation has that event's.
   */
  put(order: IndexedOrder): Write {
    const { orderId, customerId, customerName, items, total, status, version, createdAt } = order;
    return write(this.#put, {
      order_id: orderId,
      customer_id: customerId,
      customer_name: customerName,
      items: items.map(toJson),
      total: moneyToDecimal(total),
      status,
      version,
      created_at: createdAt,
      product_ids: [...new Set(items.map(({ productId }) => productId))],
      store_ids: [...new Set(items.map(({ storeId }) => storeId))],
    });
  }

  /** Moves an order on; one that has come further stays where it is (row X10). */
  move(orderId: OrderId, { status, version }: Standing): Write {
    return write(this.#move, { order_id: orderId, status, version });
  }
}

const storedItems = z.array(
  z.object({
    ProductID: z.string(),
    StoreID: z.string(),
    ProductName: z.string(),
    StoreName: z.string(),
    Price: z.number(),
    Quantity: z.number(),
  }),
);

/** The original's JSON, PascalCase keys included. */
function toJson(item: OrderItem): z.infer<typeof storedItems>[number] {
  return {
    ProductID: item.productId,
    StoreID: item.storeId,
    ProductName: item.productName,
    StoreName: item.storeName,
    Price: moneyToNumber(item.price),
    Quantity: item.quantity,
  };
}

function toOrder(row: Row): IndexedOrder {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    items: storedItems.parse(row.items).map((item) => ({
      productId: id(item.ProductID),
      storeId: id(item.StoreID),
      productName: item.ProductName,
      storeName: item.StoreName,
      price: moneyFromNumber(item.Price, 'the item price'),
      quantity: item.Quantity,
    })),
    total: moneyFromDecimal(row.total),
    status: row.status,
    version: row.version,
    createdAt: new Date(row.created_at_text),
  };
}
