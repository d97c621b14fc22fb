import type { ActivityName } from './draw.ts';
import { collectOrder, payInvoice, searchOrders } from './errands.ts';
import type { Shopper } from './shopper.ts';
import { browse, buy, buyAndCancel } from './shopping.ts';
import { addInventory, rebrandProduct, rebrandStore, registerCustomer, setUpStore } from './stocking.ts';

/** What each activity does after its first line. Ends well, or throws what ended it. */
export const DOING: Readonly<Record<ActivityName, (shopper: Shopper) => Promise<unknown>>> = {
  browse,
  buy,
  register: registerCustomer,
  'set up a store': setUpStore,
  'add inventory': addInventory,
  'rebrand a store': rebrandStore,
  'rebrand a product': rebrandProduct,
  'buy and cancel': buyAndCancel,
  'collect an order': collectOrder,
  'pay an invoice': payInvoice,
  'search orders': searchOrders,
};
