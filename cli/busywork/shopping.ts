import { CallFailed } from './failures.ts';
import { add, type Money, NOTHING, times } from './money.ts';
import type { Shopper } from './shopper.ts';
import { registerCustomer } from './stocking.ts';
import { TEXTS } from './texts.ts';

interface Basket {
  readonly id: string;
  readonly customerId: string;
  /** Whether it has to be cancelled when the activity ends early. */
  open: boolean;
}

/** What tells buying from browsing. */
interface Purpose {
  readonly notEnoughStores: () => string;
  readonly finish: (shopper: Shopper, basket: Basket, total: Money) => Promise<void>;
}

export function browse(shopper: Shopper): Promise<void> {
  return goShopping(shopper, { notEnoughStores: TEXTS.notEnoughStoresToBrowse, finish: leave });
}

export function buy(shopper: Shopper): Promise<void> {
  return goShopping(shopper, { notEnoughStores: TEXTS.notEnoughStoresToBuy, finish: pay });
}

/** An order can be cancelled while it is pending, which in a quick mall is not long. */
export function buyAndCancel(shopper: Shopper): Promise<void> {
  return goShopping(shopper, {
    notEnoughStores: TEXTS.notEnoughStoresToBuy,
    finish: async (each, basket, total) => {
      await pay(each, basket, total);
      await changeMind(each, basket);
    },
  });
}

/** Without any pace shoppers would otherwise look for stores as fast as a core can. */
const LOOK_AGAIN_MS = 250;

/** Looks for stores before it registers a customer and takes a basket, and leaves no basket behind (B-09). */
async function goShopping(shopper: Shopper, purpose: Purpose): Promise<void> {
  const stores = await shopper.stores();
  if (stores.length === 0) {
    shopper.say(TEXTS.noStoresToShopAt());
    await shopper.wait(LOOK_AGAIN_MS);
    return;
  }
  const wanted = shopper.random.between(1, 3);
  if (wanted > stores.length) {
    shopper.say(purpose.notEnoughStores());
    await shopper.wait(LOOK_AGAIN_MS);
    return;
  }
  const customerId = await registerCustomer(shopper);
  await shopper.pause();
  const basket: Basket = { id: await shopper.api.startBasket(customerId), customerId, open: true };
  try {
    await fillAndFinish(shopper, { basket, purpose, stores, wanted });
  } catch (error) {
    if (basket.open) await shopper.clearUp((late) => late.cancelBasket(basket.id));
    throw error;
  }
}

interface Round {
  readonly basket: Basket;
  readonly purpose: Purpose;
  /** The stores to choose from; one may come up twice. */
  readonly stores: readonly string[];
  readonly wanted: number;
}

async function fillAndFinish(shopper: Shopper, round: Round): Promise<void> {
  const { basket, purpose, stores } = round;
  let total: Money = NOTHING;
  let items = 0;
  for (let visits = 0; visits < round.wanted; visits += 1) {
    const price = await visit(shopper, { basket, storeId: shopper.random.pick(stores) });
    if (price === undefined) continue;
    total = add(total, price);
    items += 1;
  }
  if (items > 0) {
    await purpose.finish(shopper, basket, total);
    return;
  }
  shopper.say(TEXTS.nothingToBuy());
  await putBack(shopper, basket);
}

/**
 * Puts something of the store into the basket and tells what it costs; nothing where nothing is sold (B-03).
 */
async function visit(
  shopper: Shopper,
  { basket, storeId }: { basket: Basket; storeId: string },
): Promise<Money | undefined> {
  const { api, random } = shopper;
  const store = await api.storeName(storeId);
  shopper.say(TEXTS.browsing(store));
  await shopper.pause();
  const products = await api.listProducts(storeId);
  if (products.length === 0) {
    shopper.say(TEXTS.nothingToSell(store));
    return undefined;
  }
  const productId = random.pick(products);
  const product = await api.product(productId);
  const quantity = random.between(1, 4);
  shopper.say(TEXTS.mightBuy(quantity, product.name, product.price));
  await shopper.pause();
  await api.addItem(basket.id, { productId, quantity });
  return times(product.price, quantity);
}

async function leave(shopper: Shopper, basket: Basket, total: Money): Promise<void> {
  shopper.say(TEXTS.tooMuch(total));
  await putBack(shopper, basket);
}

/** Nothing is retried, so the basket counts as given up from the attempt on. */
async function putBack(shopper: Shopper, basket: Basket): Promise<void> {
  basket.open = false;
  await shopper.api.cancelBasket(basket.id);
}

async function pay(shopper: Shopper, basket: Basket, total: Money): Promise<void> {
  shopper.say(TEXTS.isOk(total));
  await shopper.pause();
  const paymentId = await shopper.api.authorisePayment({ customerId: basket.customerId, amount: total });
  const order = { orderId: basket.id, total, sentAt: shopper.elapsed() };
  try {
    await shopper.api.checkOut(basket.id, paymentId);
    basket.open = false;
    shopper.follow({ ...order, confirmed: true });
  } catch (error) {
    // Without a clear refusal there may be an order now: it is watched, and its basket is let alone.
    basket.open = error instanceof CallFailed && error.refused;
    if (!basket.open) shopper.follow({ ...order, confirmed: false });
    throw error;
  }
}

/** How often the order is asked for before it is there, and how long after each time. */
const CANCEL_TRIES = 20;
const CANCEL_WAIT_MS = 5;

async function changeMind(shopper: Shopper, basket: Basket): Promise<void> {
  for (let tries = 1; tries <= CANCEL_TRIES; tries += 1) {
    const answer = await shopper.api.cancelOrder(basket.id);
    if (answer === 'cancelled') return shopper.say(TEXTS.cancelledOrder());
    if (answer === 'too late') break;
    await shopper.wait(CANCEL_WAIT_MS);
  }
  shopper.say(TEXTS.tooLateToCancel());
}
