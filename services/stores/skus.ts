import type { UnitOfWork } from '../kernel/database/index.ts';
import { BadRequest, isBlank } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import type { Product, ProductEvent } from './product.ts';

/**
 * The rule `skus` (row T5): a product needs an SKU, and a store uses each once. A removed product frees its own.
 * The table's key refuses a second product at the commit, as AlreadyExists. @throws BadRequest
 */
export function keepSku(
  schema: string,
  { aggregateId, event, state }: Recorded<Product, ProductEvent>,
  unit: UnitOfWork,
): void {
  if (event.type === 'stores.ProductAdded') {
    if (isBlank(state.sku)) throw new BadRequest('the product SKU cannot be blank');
    unit.add({
      text: `INSERT INTO ${schema}.product_skus (store_id, sku, product_id) VALUES ($1, $2, $3)`,
      values: [state.storeId, state.sku, aggregateId],
    });
  }
  if (event.type === 'stores.ProductRemoved') {
    unit.add({ text: `DELETE FROM ${schema}.product_skus WHERE product_id = $1`, values: [aggregateId] });
  }
}
