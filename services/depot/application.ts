import { type Causation, type Database, inUnitOfWork, type UnitOfWork } from '../kernel/database/index.ts';
import {
  FailedPrecondition,
  id,
  type OrderId,
  type ShoppingListId,
  tellingAsync,
} from '../kernel/domain/index.ts';
import { type Reaction, StateStored } from '../kernel/eventstore/index.ts';
import { derivedId, mintId } from '../kernel/messaging/index.ts';
import type { Page } from '../kernel/rpc/index.ts';
import type { CatalogueCache, OrderedItem } from './catalogue-cache.ts';
import {
  type ShoppingList,
  type ShoppingListCommand,
  type ShoppingListEvent,
  shoppingList,
} from './shopping-list.ts';
import { type KnownList, ShoppingListsTable } from './shopping-lists-table.ts';

export interface DepotOptions {
  readonly database: Database;
  readonly cache: CatalogueCache;
  /** Tells the other contexts about each event. */
  readonly publish: Reaction<ShoppingList, ShoppingListEvent>;
}

export interface ListDetails {
  readonly orderId: OrderId;
  readonly items: readonly OrderedItem[];
}

/** The depot's work: a shopping list per order, given to a bot, collected store by store. */
export class DepotApplication {
  readonly #database: Database;
  readonly #cache: CatalogueCache;
  readonly #table: ShoppingListsTable;
  readonly #lists;

  constructor({ database, cache, publish }: DepotOptions) {
    this.#database = database;
    this.#cache = cache;
    this.#table = new ShoppingListsTable(database);
    this.#lists = new StateStored({
      decider: shoppingList,
      table: this.#table,
      notFound: 'shopping list with that ID does not exist',
      react: publish,
    });
  }

  /** Makes the list of an order; one that is there already and not canceled is this one (row D8). */
  async createShoppingList(details: ListDetails, causation: Causation): Promise<ShoppingListId> {
    return inUnitOfWork(this.#database, causation, async (unit) => {
      const existing = await this.#table.findByOrder(details.orderId);
      if (existing && existing.state.status !== 'canceled') return existing.id;
      return this.#create(unit, id<ShoppingListId>(mintId(unit.causation)), details);
    });
  }

  /**
   * As {@link createShoppingList}, for the saga: once the list of an order is canceled its saga is over, and a
   * command that comes late must not make another. @throws FailedPrecondition
   */
  async createForSaga(unit: UnitOfWork, details: ListDetails): Promise<ShoppingListId> {
    const existing = await this.#table.findByOrder(details.orderId);
    if (existing?.state.status === 'canceled')
      throw new FailedPrecondition('the shopping list of the order has been canceled');
    return existing?.id ?? this.#create(unit, sagaListId(details.orderId), details);
  }

  /**
   * Cancels for the saga. Where it never learnt the list's id the order tells which one is meant; where there is
   * none yet, that is remembered instead. @throws NotFound
   */
  async cancelForSaga(unit: UnitOfWork, listId: ShoppingListId, orderId: OrderId): Promise<void> {
    if (listId !== '' || orderId === '') return this.execute(unit, listId, { type: 'CancelShoppingList' });
    const existing = await this.#table.findByOrder(orderId);
    if (existing) this.#lists.record(unit, existing.id, existing, { type: 'CancelShoppingList' });
    else await this.#lists.create(unit, sagaListId(orderId), { type: 'ForgoShoppingList', orderId });
  }

  /** @throws NotFound (row D7) */
  async getShoppingList(listId: ShoppingListId): Promise<ShoppingList> {
    const { state } = await this.#lists.load(listId);
    return state;
  }

  /** A page of the lists that wait for a bot, the oldest first. */
  async listAvailable(page: Page): Promise<{ lists: KnownList[]; next: string }> {
    return this.#table.listAvailable(this.#database, page);
  }

  /** Does to an existing list what the command says, as part of a message's unit of work. @throws NotFound */
  async execute(unit: UnitOfWork, listId: ShoppingListId, command: ShoppingListCommand): Promise<void> {
    await this.#lists.execute(unit, listId, command);
  }

  /** As {@link execute}, in a unit of work of its own; of two bots that want a list one gets it. @throws NotFound */
  async changeShoppingList(
    listId: ShoppingListId,
    command: ShoppingListCommand,
    causation: Causation,
  ): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) => this.execute(unit, listId, command));
  }

  async #create(
    unit: UnitOfWork,
    listId: ShoppingListId,
    { orderId, items }: ListDetails,
  ): Promise<ShoppingListId> {
    const named = await tellingAsync('building shopping list', () =>
      this.#cache.nameItems(items, unit.causation),
    );
    await this.#lists.create(unit, listId, { type: 'CreateShoppingList', orderId, items: named });
    return listId;
  }
}

/** The same for each command about an order, so that two at the same time meet in one row. */
function sagaListId(orderId: OrderId): ShoppingListId {
  return id<ShoppingListId>(derivedId('depot.ShoppingList', orderId));
}
