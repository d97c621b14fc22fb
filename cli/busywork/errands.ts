import type { Shopper } from './shopper.ts';
import { TEXTS } from './texts.ts';

/** What becomes of orders after their checkout: the depot's staff, the till, the help desk. */

export async function collectOrder(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const list = shopper.claims.take(await shopper.api.availableShoppingLists());
  if (list === undefined) {
    shopper.say(TEXTS.nothingToCollect());
    return;
  }
  await shopper.api.assignShoppingList(list, `bot-${shopper.random.between(1, 99)}`);
  shopper.say(TEXTS.collecting());
  await shopper.pause();
  await shopper.api.completeShoppingList(list);
  shopper.say(TEXTS.collected());
}

/** The mall makes an invoice under its order's id once the order is ready; the search may know of that first. */
export async function payInvoice(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const order = shopper.claims.take(await shopper.api.searchOrders({ status: 'ready' }));
  if (order === undefined) {
    shopper.say(TEXTS.nothingToPay());
    return;
  }
  for (let tries = 1; tries <= 4; tries += 1) {
    const amount = await shopper.api.openInvoice(order);
    if (amount !== null) {
      await shopper.api.payInvoice(order);
      shopper.say(TEXTS.paidInvoice(amount));
      return;
    }
    await shopper.wait(250);
  }
  shopper.say(TEXTS.nothingToPay());
}

export async function searchOrders(shopper: Shopper): Promise<void> {
  await shopper.pause();
  const status = shopper.random.pick(['approved', 'ready', 'completed', 'rejected', '']);
  const found = await shopper.api.searchOrders({ status });
  shopper.say(TEXTS.foundOrders(found.length));
  if (found.length === 0) return;
  await shopper.pause();
  const order = await shopper.api.foundOrder(shopper.random.pick(found));
  shopper.say(TEXTS.readOrder(order));
}
