import type { Database, Lookup, Write } from '../kernel/database/index.ts';
import type { BotId, OrderId, ShoppingListId } from '../kernel/domain/index.ts';
import { type StateTable, type Versioned, VersionedRows } from '../kernel/eventstore/index.ts';
import { type Page, pageToken } from '../kernel/rpc/index.ts';
import type { ShoppingList, ShoppingListStatus } from './shopping-list.ts';
import { readStops, writeStops } from './stored-stops.ts';

/** A list with the id it is found under. */
export interface KnownList extends Versioned<ShoppingList> {
  readonly id: ShoppingListId;
}

interface Row {
  id: ShoppingListId;
  order_id: OrderId;
  stops: unknown;
  assigned_bot_id: BotId;
  status: ShoppingListStatus;
  version: number;
}

const COLUMNS = 'id, order_id, stops, assigned_bot_id, status, version';

const changed = { assigned_bot_id: 'text', status: 'text' } as const;
/** Order and stops stay what they were at the creation. */
const created = { order_id: 'text', stops: 'jsonb', ...changed } as const;

/** The shopping lists, one row each; changed only at the version that was read (row D9). */
export class ShoppingListsTable implements StateTable<ShoppingList> {
  readonly #table: string;
  readonly #byId: Lookup<Row>;
  readonly #byOrder: Lookup<Row>;
  readonly #rows: VersionedRows<typeof created, typeof changed>;

  constructor(database: Database) {
    const table = `${database.schema}.shopping_lists`;
    this.#table = table;
    this.#byId = database.lookup({ table, columns: COLUMNS, key: 'id' });
    this.#byOrder = database.lookup({
      ...{ table, columns: COLUMNS, key: 'order_id' },
      order: `status = 'canceled'`,
    });
    this.#rows = new VersionedRows(this.#table, { created, changed });
  }

  async find(id: string): Promise<KnownList | undefined> {
    const [row] = await this.#byId(id);
    return row && toList(row);
  }

  /** The list of an order: the one that is not canceled if there is one (row D8), else a canceled one. */
  async findByOrder(orderId: OrderId): Promise<KnownList | undefined> {
    const [row] = await this.#byOrder(orderId);
    return row && toList(row);
  }

  /**
   * A page of the lists that wait for a bot, the oldest first. The page begins after the list that ended the one
   * before, wherever that list has got to meanwhile: rows are never deleted.
   */
  async listAvailable(database: Database, page: Page): Promise<{ lists: KnownList[]; next: string }> {
    const [after] = page.after ?? [null];
    const rows = await database.query<Row>(
      `SELECT ${COLUMNS} FROM ${this.#table}
       WHERE status = 'available'
         AND ($1::text IS NULL OR (created_at, id) > (SELECT created_at, id FROM ${this.#table} WHERE id = $1))
       ORDER BY created_at, id LIMIT $2`,
      [after, page.size + 1],
    );
    const lists = rows.slice(0, page.size).map(toList);
    const last = lists.at(-1);
    return { lists, next: rows.length > page.size && last ? pageToken([last.id]) : '' };
  }

  insert(id: string, { orderId, stops, assignedBotId, status }: ShoppingList): Write {
    const change = { assigned_bot_id: assignedBotId, status };
    return this.#rows.insert(id, { order_id: orderId, stops: writeStops(stops), ...change });
  }

  update(id: string, { assignedBotId, status }: ShoppingList, expectedVersion: number, steps: number): Write {
    return this.#rows.update(id, { assigned_bot_id: assignedBotId, status }, expectedVersion, steps);
  }
}

function toList({ id, order_id, stops, assigned_bot_id, status, version }: Row): KnownList {
  const state = { status, orderId: order_id, stops: readStops(stops), assignedBotId: assigned_bot_id };
  return { id, state, version };
}
