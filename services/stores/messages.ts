import { messages } from '../../proto/catalogue.ts';
import type { UnitOfWork } from '../kernel/database/index.ts';
import { moneyToNumber } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import { type Outbox, type Publication, publication } from '../kernel/messaging/index.ts';
import type { Product, ProductEvent } from './product.ts';
import type { Store, StoreEvent } from './store.ts';

const { stores } = messages;

/** Tells the other contexts what happened to a store. */
export function publishStoreEvent(outbox: Outbox) {
  return (recorded: Recorded<Store, StoreEvent>, unit: UnitOfWork): void => {
    const { aggregateId: id, event, occurredAt, version } = recorded;
    const subject = { name: 'stores.Store', id, version };
    outbox.event(unit, storeMessage(id, event), { id: recorded.id, subject, occurredAt });
  };
}

/** Tells the other contexts what happened to a product. */
export function publishProductEvent(outbox: Outbox) {
  return (recorded: Recorded<Product, ProductEvent>, unit: UnitOfWork): void => {
    const { aggregateId: id, event, state, occurredAt, version } = recorded;
    const subject = { name: 'stores.Product', id, version };
    outbox.event(unit, productMessage(id, event, state), { id: recorded.id, subject, occurredAt });
  };
}

function storeMessage(id: string, event: StoreEvent): Publication<unknown> {
  switch (event.type) {
    case 'stores.StoreCreated':
      return publication(stores.storeCreated, { id, name: event.name, location: event.location });
    case 'stores.StoreParticipationEnabled':
      return publication(stores.storeParticipatingToggled, { id, participating: true });
    case 'stores.StoreParticipationDisabled':
      return publication(stores.storeParticipatingToggled, { id, participating: false });
    case 'stores.StoreRebranded':
      return publication(stores.storeRebranded, { id, name: event.name });
  }
}

function productMessage(id: string, event: ProductEvent, state: Product): Publication<unknown> {
  switch (event.type) {
    case 'stores.ProductAdded': {
      const { storeId, name, description, sku, price } = event;
      return publication(stores.productAdded, {
        id,
        storeId,
        name,
        description,
        sku,
        price: moneyToNumber(price),
      });
    }
    case 'stores.ProductRebranded':
      return publication(stores.productRebranded, {
        id,
        name: event.name,
        description: event.description,
      });
    case 'stores.ProductPriceIncreased':
    case 'stores.ProductPriceDecreased': {
      const increased = event.type === 'stores.ProductPriceIncreased';
      // The absolute price lets readers heal; the delta alone never does (row B8).
      return publication(increased ? stores.productPriceIncreased : stores.productPriceDecreased, {
        id,
        delta: moneyToNumber(event.delta),
        price: moneyToNumber(state.price),
      });
    }
    case 'stores.ProductRemoved':
      return publication(stores.productRemoved, { id });
  }
}
