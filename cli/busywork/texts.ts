import type { FoundOrder } from './api.ts';
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
  'buy and cancel': 'is considering buying some things and changing their mind',
  'collect an order': 'is considering collecting an order at the depot',
  'pay an invoice': 'is considering paying an invoice',
  'search orders': 'is considering searching for orders',
};

/**
 * Everything else a client says, word for word the original's. New are only `nothingToSell` and `nothingToBuy`,
 * where the original crashed, and what belongs to the activities it does not have.
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
  cancelledOrder: () => 'has cancelled the order',
  tooLateToCancel: () => 'was too late to cancel the order',
  nothingToCollect: () => 'but found no order to collect',
  collecting: () => 'is collecting an order',
  collected: () => 'has collected the order',
  nothingToPay: () => 'but found no invoice to pay',
  paidInvoice: (amount: Money) => `has paid the invoice of $${formatMoney(amount)}`,
  foundOrders: (count: number) => `has found ${count} ${count === 1 ? 'order' : 'orders'}`,
  readOrder: ({ customerName, status, total }: FoundOrder) =>
    `has read that the order of "${customerName}" for $${formatMoney(total)} is ${status}`,
  hardTime: (reason: string) => `is having a hard time. Error: ${reason}`,
  quitting: () => 'Quitting time',
} as const;
