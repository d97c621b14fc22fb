import { insertion, perSchema, type UnitOfWork, write, writeStatement } from '../kernel/database/index.ts';
import { BadRequest, isBlank } from '../kernel/domain/index.ts';
import type { Recorded } from '../kernel/eventstore/index.ts';
import type { Product, ProductEvent } from './product.ts';

const useSkus = perSchema((schema) =>
  insertion({
    table: `${schema}.product_skus`,
    columns: { store_id: 'text', sku: 'text', product_id: 'text' },
    key: ['store_id', 'sku'],
  }),
);

const freeSkus = perSchema((schema) => {
  const table = `${schema}.product_skus`;
  return writeStatement({
    table,
    columns: { product_id: 'text' },
    key: ['product_id'],
    text: `DELETE FROM ${table} AS s USING {rows} WHERE s.product_id = r.product_id`,
  });
});

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
    const { storeId, sku } = state;
    unit.add(write(useSkus(schema), { store_id: storeId, sku, product_id: aggregateId }));
  }
  if (event.type === 'stores.ProductRemoved') {
    unit.add(write(freeSkus(schema), { product_id: aggregateId }));
  }
}
