import type { ActivityName } from './draw.ts';
import { formatMoney, type Money } from './money.ts';

/** What a client says first, by activity. */
export const CONSIDERING: Readonly<Record<ActivityName, string>> = {
  browse: 'is considering browsing for new things',
  buy: 'is considering buying some things',
  register: 'is considering registering a new account',
  'set up a store': 'is considering setting up a new store',
  'add inventory': 'is considering adding new inventory',
  'rebrand a store': 'is considering rebranding a store',
  'rebrand a product': 'is considering updating product branding',
};

/**
 * Everything else a client says, word for word the original's. Only `nothingToSell` and `nothingToBuy` are
 * new: the original crashed there.
 */
export const TEXTS = {
  gettingReady: (name: string) => `is getting "${name}" ready`,
  adding: (product: string, price: Money) => `is adding "${product}" for $${formatMoney(price)}`,
  finishedSettingUp: (name: string) => `has finished setting up "${name}"`,
  doneAddingInventory: () => 'is done adding new inventory',
  noStoreForInventory: () => 'has no store to work with',
  noStoreToRebrand: () => 'but has no store to work with',
  noProductToRebrand: () => 'but has no product to work with',
  rebrandedStore: (old: string, name: string) => `has rebranded the store "${old}" to "${name}"`,
  rebrandedProduct: (old: string, name: string) => `has rebranded the product "${old}" to "${name}"`,
  noStoresToShopAt: () => 'but has no stores to shop at',
  notEnoughStoresToBrowse: () => 'but not enough stores are available',
  /** The original's grammar, kept: logs are compared by text. */
  notEnoughStoresToBuy: () => 'but not enough store are available',
  browsing: (store: string) => `is browsing the items from "${store}"`,
  nothingToSell: (store: string) => `but "${store}" has nothing to sell`,
  nothingToBuy: () => 'but found nothing to buy',
  mightBuy: (quantity: number, product: string, price: Money) =>
    `might buy ${quantity} "${product}" for $${formatMoney(price)} each`,
  tooMuch: (total: Money) => `thinks $${formatMoney(total)} is too much`,
  isOk: (total: Money) => `is OK with $${formatMoney(total)}`,
  hardTime: (reason: string) => `is having a hard time. Error: ${reason}`,
  quitting: () => 'Quitting time',
} as const;
