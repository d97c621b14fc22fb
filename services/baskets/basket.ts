import {
  BadRequest,
  type CustomerId,
  checkQuantity,
  type Decider,
  id,
  isBlank,
  MAX_AMOUNT,
  type Money,
  moneyFromNumber,
  NotFound,
  type PaymentId,
  type ProductId,
  type StoreId,
  sum,
  telling,
  times,
} from '../kernel/domain/index.ts';

/** Some pieces of one product, with the names and the price it had when it was last added. */
export interface BasketItem {
  readonly storeId: StoreId;
  readonly productId: ProductId;
  readonly storeName: string;
  readonly productName: string;
  readonly productPrice: Money;
  readonly quantity: number;
}

export type BasketStatus = '' | 'open' | 'canceled' | 'checked_out';

/** A customer's basket. It holds each product once, in the order of their first adding (row B7). */
export interface Basket {
  readonly status: BasketStatus;
  readonly customerId: CustomerId;
  readonly paymentId: PaymentId;
  readonly items: readonly BasketItem[];
}

export type BasketCommand =
  | { readonly type: 'StartBasket'; readonly customerId: CustomerId }
  | { readonly type: 'AddItem'; readonly item: BasketItem }
  | { readonly type: 'RemoveItem'; readonly productId: ProductId; readonly quantity: number }
  | { readonly type: 'CancelBasket' }
  | { readonly type: 'CheckoutBasket'; readonly paymentId: PaymentId };

export type BasketEvent =
  | { readonly type: 'baskets.BasketStarted'; readonly customerId: CustomerId }
  | BasketItemAdded
  | BasketItemRemoved
  | { readonly type: 'baskets.BasketCanceled' }
  | { readonly type: 'baskets.BasketCheckedOut'; readonly paymentId: PaymentId };

/**
 * `quantityNow` is what the basket then holds of the product. The original's events lack it, and mean what
 * the original did: the first price stays, and a line reduced to one piece goes (rows B1, B4).
 */
export interface BasketItemAdded {
  readonly type: 'baskets.BasketItemAdded';
  readonly item: BasketItem;
  readonly quantityNow?: number;
}

/** As {@link BasketItemAdded}; `quantityNow` of zero takes the line out. */
export interface BasketItemRemoved {
  readonly type: 'baskets.BasketItemRemoved';
  readonly productId: ProductId;
  readonly quantity: number;
  readonly quantityNow?: number;
}

export const basket: Decider<Basket, BasketCommand, BasketEvent> = {
  initial: { status: '', customerId: id(''), paymentId: id(''), items: [] },
  decide,
  evolve,
};

/** What the basket costs at the prices its items have now. */
export function basketTotal({ items }: Pick<Basket, 'items'>): Money {
  return sum(items.map((item) => times(item.productPrice, item.quantity)));
}

/** Lets callers refuse before they look anything up for the command (row B10). */
export function mustBeOpen({ status }: Basket): void {
  if (status !== 'open') throw new BadRequest('the basket cannot be modified');
}

function decide(command: BasketCommand, state: Basket): readonly BasketEvent[] {
  switch (command.type) {
    case 'StartBasket':
      return startBasket(command.customerId, state);
    case 'AddItem':
      return addItem(command.item, state);
    case 'RemoveItem':
      return removeItem(command.productId, command.quantity, state);
    case 'CancelBasket':
      if (state.status !== 'open') throw new BadRequest('the basket cannot be cancelled');
      return [{ type: 'baskets.BasketCanceled' }];
    case 'CheckoutBasket':
      return telling('baskets checkout', () => checkout(command.paymentId, state));
  }
}

function startBasket(customerId: CustomerId, { status }: Basket): readonly BasketEvent[] {
  if (status !== '') throw new BadRequest('the basket cannot be modified');
  if (isBlank(customerId)) throw new BadRequest('the customer id cannot be blank');
  return [{ type: 'baskets.BasketStarted', customerId }];
}

function addItem(item: BasketItem, state: Basket): readonly BasketEvent[] {
  mustBeOpen(state);
  checkQuantity(item.quantity);
  const quantityNow = quantityOf(item.productId, state) + item.quantity;
  checkQuantity(quantityNow);
  const added: BasketItemAdded = { type: 'baskets.BasketItemAdded', item, quantityNow };
  checkTotal(evolve(state, added));
  return [added];
}

function removeItem(productId: ProductId, quantity: number, state: Basket): readonly BasketEvent[] {
  mustBeOpen(state);
  checkQuantity(quantity);
  const held = quantityOf(productId, state);
  // The basket alone knows what can be taken out: the product may have left its store since (row B3).
  if (held === 0) throw new NotFound('the product is not in the basket');
  const quantityNow = Math.max(held - quantity, 0);
  return [{ type: 'baskets.BasketItemRemoved', productId, quantity, quantityNow }];
}

function checkout(paymentId: PaymentId, state: Basket): readonly BasketEvent[] {
  mustBeOpen(state);
  if (state.items.length === 0) throw new BadRequest('the basket has no items');
  if (isBlank(paymentId)) throw new BadRequest('the payment id cannot be blank');
  return [{ type: 'baskets.BasketCheckedOut', paymentId }];
}

function evolve(state: Basket, event: BasketEvent): Basket {
  switch (event.type) {
    case 'baskets.BasketStarted':
      return { ...state, status: 'open', customerId: event.customerId };
    case 'baskets.BasketItemAdded':
      return { ...state, items: itemsAfterAdding(event, state.items) };
    case 'baskets.BasketItemRemoved':
      return { ...state, items: itemsAfterRemoving(event, state.items) };
    case 'baskets.BasketCanceled':
      return { ...state, status: 'canceled', items: [] };
    case 'baskets.BasketCheckedOut':
      return { ...state, status: 'checked_out', paymentId: event.paymentId };
  }
}

function itemsAfterAdding({ item, quantityNow }: BasketItemAdded, items: readonly BasketItem[]) {
  const held = items.find(({ productId }) => productId === item.productId);
  if (held === undefined) return [...items, item];
  // One product has one price: that of the latest adding, for all its pieces (row B4).
  const line =
    quantityNow === undefined
      ? { ...held, quantity: held.quantity + item.quantity }
      : { ...item, quantity: quantityNow };
  return items.map((other) => (other === held ? line : other));
}

function itemsAfterRemoving(event: BasketItemRemoved, items: readonly BasketItem[]): readonly BasketItem[] {
  return items.flatMap((item) => {
    if (item.productId !== event.productId) return [item];
    const left = event.quantityNow ?? leftByTheOriginal(item.quantity - event.quantity);
    return left > 0 ? [{ ...item, quantity: left }] : [];
  });
}

function leftByTheOriginal(remainder: number): number {
  return remainder <= 1 ? 0 : remainder;
}

function quantityOf(productId: ProductId, { items }: Basket): number {
  return items.find((item) => item.productId === productId)?.quantity ?? 0;
}

/** A total beyond the largest amount could neither be paid nor be read back exactly. */
function checkTotal(state: Basket): void {
  if (basketTotal(state) > moneyFromNumber(MAX_AMOUNT, 'the largest amount')) {
    throw new BadRequest(`the basket total cannot be more than ${MAX_AMOUNT}`);
  }
}
