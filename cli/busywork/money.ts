/**
 * An exact amount of money: a whole number of ten-thousandths, the finest grain the mall stores.
 * Cents would do for what the simulator adds itself, but it also buys what others put on the shelves.
 * Exact up to 900 billion, which is beyond what the mall accepts.
 */
export type Money = number & { readonly unit: 'ten-thousandths' };

const SCALE = 10_000;

function money(units: number): Money {
  if (!Number.isSafeInteger(units)) throw new RangeError(`not an exact amount of money: ${units}`);
  return units as Money;
}

export const NOTHING = money(0);

export function fromCents(cents: number): Money {
  return money(cents * (SCALE / 100));
}

/** Reads a `double` of the wire; what lies beyond four decimals is the double's noise. */
export function fromWire(amount: number): Money {
  return money(Math.round(amount * SCALE));
}

/** The `double` for the wire: the one nearest to the exact amount. */
export function toWire(amount: Money): number {
  return amount / SCALE;
}

export function add(left: Money, right: Money): Money {
  return money(left + right);
}

export function times(price: Money, quantity: number): Money {
  return money(price * quantity);
}

/** Two decimals, halves rounded away from zero: `11.99`. */
export function formatMoney(amount: Money): string {
  const cents = Math.round(Math.abs(amount) / (SCALE / 100));
  const sign = amount < 0 && cents > 0 ? '-' : '';
  return `${sign}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
