import {
  AlreadyExists,
  add,
  BadRequest,
  type Decider,
  id,
  isBlank,
  type Money,
  NotFound,
  type StoreId,
  subtract,
  telling,
  ZERO,
} from '../kernel/domain/index.ts';

/** A product in a store's catalogue. Description and SKU may be blank. */
export interface Product {
  readonly exists: boolean;
  /** A removed product keeps its stream but answers like one that never was (row T4). */
  readonly removed: boolean;
  readonly storeId: StoreId;
  readonly name: string;
  readonly description: string;
  readonly sku: string;
  readonly price: Money;
}

export type ProductCommand =
  | ({ readonly type: 'AddProduct' } & ProductDetails)
  | { readonly type: 'RebrandProduct'; readonly name: string; readonly description: string }
  /** `price` is the new price, not the rise. */
  | { readonly type: 'IncreaseProductPrice'; readonly price: Money }
  /** `price` is the new price, not the fall. */
  | { readonly type: 'DecreaseProductPrice'; readonly price: Money }
  | { readonly type: 'RemoveProduct' };

export type ProductEvent =
  | ({ readonly type: 'stores.ProductAdded' } & ProductDetails)
  | { readonly type: 'stores.ProductRebranded'; readonly name: string; readonly description: string }
  | ProductPriceChanged
  | { readonly type: 'stores.ProductRemoved' };

export interface ProductDetails {
  readonly storeId: StoreId;
  readonly name: string;
  readonly description: string;
  readonly sku: string;
  readonly price: Money;
}

/** `delta` is negative for a decrease; `price` is the price from now on, which the original's events lack. */
export interface ProductPriceChanged {
  readonly type: 'stores.ProductPriceIncreased' | 'stores.ProductPriceDecreased';
  readonly delta: Money;
  readonly price?: Money;
}

export const product: Decider<Product, ProductCommand, ProductEvent> = {
  initial: {
    exists: false,
    removed: false,
    storeId: id(''),
    name: '',
    description: '',
    sku: '',
    price: ZERO,
  },
  decide,
  evolve,
};

function decide(command: ProductCommand, state: Product): readonly ProductEvent[] {
  if (command.type === 'AddProduct') return addProduct(command, state);
  if (state.removed) throw new NotFound('product with that ID does not exist');
  switch (command.type) {
    case 'RebrandProduct': {
      const { name, description } = command;
      // A rebranded product needs a name as much as a new one (row T6).
      checkName(name);
      return [{ type: 'stores.ProductRebranded', name, description }];
    }
    case 'IncreaseProductPrice':
      checkPrice(command.price);
      if (command.price < state.price) throw new BadRequest('the price change would be a decrease');
      return changePrice('stores.ProductPriceIncreased', command.price, state);
    case 'DecreaseProductPrice':
      checkPrice(command.price);
      if (command.price > state.price) throw new BadRequest('the price change would be an increase');
      return changePrice('stores.ProductPriceDecreased', command.price, state);
    case 'RemoveProduct':
      return [{ type: 'stores.ProductRemoved' }];
  }
}

function addProduct(details: ProductDetails, { exists }: Product): readonly ProductEvent[] {
  // The original overwrote a product added twice (row T11). A removed product's id stays used.
  if (exists) throw new AlreadyExists('product with that ID already exists');
  const { storeId, name, description, sku, price } = details;
  telling('initializing product', () => {
    checkName(name);
    checkPrice(price);
  });
  return [{ type: 'stores.ProductAdded', storeId, name, description, sku, price }];
}

function changePrice(
  type: ProductPriceChanged['type'],
  price: Money,
  state: Product,
): readonly ProductPriceChanged[] {
  // The price it has already is no news (row T3).
  return price === state.price ? [] : [{ type, delta: subtract(price, state.price), price }];
}

function checkName(name: string): void {
  if (isBlank(name)) throw new BadRequest('the product name cannot be blank');
}

/** Holds for a decrease as well (row T2). */
function checkPrice(price: Money): void {
  if (price < ZERO) throw new BadRequest('the product price cannot be negative');
}

function evolve(state: Product, event: ProductEvent): Product {
  switch (event.type) {
    case 'stores.ProductAdded': {
      const { storeId, name, description, sku, price } = event;
      return { ...state, exists: true, storeId, name, description, sku, price };
    }
    case 'stores.ProductRebranded':
      return { ...state, name: event.name, description: event.description };
    case 'stores.ProductPriceIncreased':
    case 'stores.ProductPriceDecreased':
      return { ...state, price: event.price ?? add(state.price, event.delta) };
    case 'stores.ProductRemoved':
      return { ...state, removed: true };
  }
}
