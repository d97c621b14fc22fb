import {
  AlreadyExists,
  BadRequest,
  type BotId,
  checkQuantity,
  type Decider,
  FailedPrecondition,
  id,
  isBlank,
  type OrderId,
  type ProductId,
  type StoreId,
} from '../kernel/domain/index.ts';

/** What a bot collects for one order, store by store. */
export interface ShoppingList {
  readonly status: ShoppingListStatus;
  readonly orderId: OrderId;
  readonly stops: readonly Stop[];
  /** Blank until a bot is assigned. Any non-blank id is a bot: the depot keeps no register (row D10). */
  readonly assignedBotId: BotId;
}

/**
 * pending → available → assigned → completed; all but completed → canceled.
 * `active`, a bot under way, belongs to the language, but nothing sets it (row D10).
 */
export type ShoppingListStatus =
  | ''
  | 'pending'
  | 'available'
  | 'assigned'
  | 'active'
  | 'completed'
  | 'canceled';

/** A store to visit, with all that is wanted from it. */
export interface Stop {
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly storeLocation: string;
  readonly items: readonly StopItem[];
}

export interface StopItem {
  readonly productId: ProductId;
  readonly productName: string;
  readonly quantity: number;
}

/** An item of the order, with the names looked up for it. */
export interface WantedItem extends StopItem {
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly storeLocation: string;
}

export type ShoppingListCommand =
  | { readonly type: 'CreateShoppingList'; readonly orderId: OrderId; readonly items: readonly WantedItem[] }
  | { readonly type: 'InitiateShopping' }
  | { readonly type: 'AssignShoppingList'; readonly botId: BotId }
  | { readonly type: 'CompleteShoppingList' }
  /** The order comes to nothing. */
  | { readonly type: 'CancelShoppingList' }
  /** Somebody at the depot does not want the list, whatever becomes of the order. */
  | { readonly type: 'WithdrawShoppingList' }
  /** The order came to nothing before its list was made: remembered, lest the list be made late. */
  | { readonly type: 'ForgoShoppingList'; readonly orderId: OrderId };

export type ShoppingListEvent =
  | { readonly type: 'depot.ShoppingListCreated'; readonly orderId: OrderId; readonly stops: readonly Stop[] }
  | { readonly type: 'depot.ShoppingListInitiated' }
  | { readonly type: 'depot.ShoppingListAssigned'; readonly botId: BotId }
  | { readonly type: 'depot.ShoppingListCompleted'; readonly orderId: OrderId }
  | { readonly type: 'depot.ShoppingListCanceled' }
  | { readonly type: 'depot.ShoppingListForgone'; readonly orderId: OrderId };

export const shoppingList: Decider<ShoppingList, ShoppingListCommand, ShoppingListEvent> = {
  initial: { status: '', orderId: id(''), stops: [], assignedBotId: id('') },
  decide,
  evolve,
};

function decide(command: ShoppingListCommand, state: ShoppingList): readonly ShoppingListEvent[] {
  switch (command.type) {
    case 'CreateShoppingList':
      return create(command.orderId, command.items, state);
    case 'InitiateShopping':
      return initiate(state);
    case 'AssignShoppingList':
      if (state.status !== 'available') throw new BadRequest('the shopping list cannot be assigned');
      if (isBlank(command.botId)) throw new BadRequest('the bot id cannot be blank');
      return [{ type: 'depot.ShoppingListAssigned', botId: command.botId }];
    case 'CompleteShoppingList':
      if (state.status !== 'assigned') throw new BadRequest('the shopping list cannot be completed');
      return [{ type: 'depot.ShoppingListCompleted', orderId: state.orderId }];
    case 'CancelShoppingList':
      return cancel(state);
    case 'WithdrawShoppingList':
      return withdraw(state);
    case 'ForgoShoppingList':
      return state.status === '' ? [{ type: 'depot.ShoppingListForgone', orderId: command.orderId }] : [];
  }
}

/** The original took a list for no order, of nothing, or of no pieces (row D6). */
function create(
  orderId: OrderId,
  items: readonly WantedItem[],
  { status }: ShoppingList,
): readonly ShoppingListEvent[] {
  if (status !== '') throw new AlreadyExists('shopping list with that ID already exists');
  if (isBlank(orderId)) throw new BadRequest('the order id cannot be blank');
  if (items.length === 0) throw new BadRequest('the shopping list has no items');
  for (const { quantity } of items) checkQuantity(quantity);
  return [{ type: 'depot.ShoppingListCreated', orderId, stops: planStops(items) }];
}

function initiate({ status }: ShoppingList): readonly ShoppingListEvent[] {
  if (status === 'pending') return [{ type: 'depot.ShoppingListInitiated' }];
  // A saga that resends its command may find the list further on; only a canceled one is refused (row K2).
  if (status === '' || status === 'canceled') throw new BadRequest('the shopping list cannot be initiated');
  return [];
}

function cancel({ status }: ShoppingList): readonly ShoppingListEvent[] {
  // What is canceled already needs no canceling, or a compensating saga would be stuck (row D12).
  if (status === 'canceled') return [];
  if (status === '' || status === 'completed') throw new BadRequest('the shopping list cannot be canceled');
  return [{ type: 'depot.ShoppingListCanceled' }];
}

/**
 * While the list is pending its saga is still under way, finds the list canceled, and turns back. Later the order
 * counts on the list and nobody would tell it (row D12).
 */
function withdraw(state: ShoppingList): readonly ShoppingListEvent[] {
  if (state.status === 'available' || state.status === 'assigned' || state.status === 'active') {
    throw new FailedPrecondition('the shopping list belongs to a live order');
  }
  return cancel(state);
}

/** One stop per store, one item per product: what is wanted in several lines is added up (row D3). */
function planStops(items: readonly WantedItem[]): readonly Stop[] {
  const stops = new Map<StoreId, { readonly first: WantedItem; readonly items: Map<ProductId, StopItem> }>();
  for (const item of items) {
    const stop = stops.get(item.storeId) ?? { first: item, items: new Map() };
    stops.set(item.storeId, stop);
    const before = stop.items.get(item.productId)?.quantity ?? 0;
    const { productId, productName } = item;
    stop.items.set(productId, { productId, productName, quantity: before + item.quantity });
  }
  return [...stops].map(([storeId, { first, items: wanted }]) => ({
    storeId,
    storeName: first.storeName,
    storeLocation: first.storeLocation,
    items: [...wanted.values()],
  }));
}

function evolve(state: ShoppingList, event: ShoppingListEvent): ShoppingList {
  switch (event.type) {
    case 'depot.ShoppingListCreated':
      return { ...state, status: 'pending', orderId: event.orderId, stops: event.stops };
    case 'depot.ShoppingListInitiated':
      // The original forgot this, and no order ever got beyond it (row D2).
      return { ...state, status: 'available' };
    case 'depot.ShoppingListAssigned':
      return { ...state, status: 'assigned', assignedBotId: event.botId };
    case 'depot.ShoppingListCompleted':
      return { ...state, status: 'completed' };
    case 'depot.ShoppingListCanceled':
      return { ...state, status: 'canceled' };
    case 'depot.ShoppingListForgone':
      return { ...state, status: 'canceled', orderId: event.orderId };
  }
}
