import { BadRequest } from './errors.ts';

/** The most pieces of one product a basket line or an order line may hold. */
export const MAX_QUANTITY = 10_000;

/**
 * Checks a quantity of items; the texts are the original's, those for zero and too many are ours (rows B2, O8, D6).
 * @throws BadRequest
 */
export function checkQuantity(quantity: number): void {
  if (quantity < 0) throw new BadRequest('the item quantity cannot be negative');
  if (quantity === 0) throw new BadRequest('the item quantity cannot be zero');
  if (!Number.isInteger(quantity)) throw new BadRequest('the item quantity must be a whole number');
  if (quantity > MAX_QUANTITY) throw new BadRequest(`the item quantity cannot be more than ${MAX_QUANTITY}`);
}
