import type { Shopper } from './shopper.ts';
import { TEXTS } from './texts.ts';

/** The shopkeepers' and newcomers' activities. Any failing call ends an activity with its error. */

export async function registerCustomer(shopper: Shopper): Promise<string> {
  await shopper.pause();
  const { madeUp } = shopper;
  return shopper.api.registerCustomer({ name: madeUp.userName(), smsNumber: madeUp.phone() });
}

export async function setUpStore(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const store = { name: shopper.madeUp.companyName(), location: shopper.madeUp.department() };
  shopper.say(TEXTS.gettingReady(store.name));
  const storeId = await shopper.api.createStore(store);
  shopper.storesChanged();
  await addProducts(shopper, { storeId, count: shopper.random.between(2, 5) });
  shopper.say(TEXTS.finishedSettingUp(await shopper.api.storeName(storeId)));
}

export async function addInventory(shopper: Shopper): Promise<void> {
  const stores = await shopper.stores();
  if (stores.length === 0) {
    shopper.say(TEXTS.noStoreForInventory());
    return;
  }
  const storeId = shopper.random.pick(stores);
  await addProducts(shopper, { storeId, count: shopper.random.between(1, 3) });
  shopper.say(TEXTS.doneAddingInventory());
}

async function addProducts(shopper: Shopper, what: { storeId: string; count: number }): Promise<void> {
  const { madeUp } = shopper;
  for (let added = 0; added < what.count; added += 1) {
    await shopper.pause();
    const [name, price] = [madeUp.productName(), madeUp.price()];
    shopper.say(TEXTS.adding(name, price));
    const [description, sku] = [madeUp.businessPhrase(), madeUp.productAdjective()];
    await shopper.api.addProduct(what.storeId, { name, description, sku, price });
  }
}

/** A failed rebrand is trouble like any other (B-05). */
export async function rebrandStore(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const stores = await shopper.stores();
  if (stores.length === 0) {
    shopper.say(TEXTS.noStoreToRebrand());
    return;
  }
  const storeId = shopper.random.pick(stores);
  const old = await shopper.api.storeName(storeId);
  const name = shopper.madeUp.companyName();
  await shopper.api.rebrandStore(storeId, name);
  shopper.say(TEXTS.rebrandedStore(old, name));
}

export async function rebrandProduct(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const stores = await shopper.stores();
  if (stores.length === 0) {
    shopper.say(TEXTS.noStoreToRebrand());
    return;
  }
  const storeId = shopper.random.pick(stores);
  await shopper.pause();
  const products = await shopper.api.listProducts(storeId);
  if (products.length === 0) {
    shopper.say(TEXTS.noProductToRebrand());
    return;
  }
  const productId = shopper.random.pick(products);
  const old = await shopper.api.product(productId);
  const brand = { name: shopper.madeUp.productName(), description: shopper.madeUp.businessPhrase() };
  await shopper.api.rebrandProduct(productId, brand);
  shopper.say(TEXTS.rebrandedProduct(old.name, brand.name));
}
