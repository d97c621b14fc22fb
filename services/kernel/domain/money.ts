import { BadRequest } from './errors.ts';

/**
 * An exact amount in ten-thousandths of the mall's one currency (the original's columns keep four decimals).
 * Only this file knows the scale; add and compare with the plain bigint operators.
 */
export type Money = bigint & { readonly __brand: 'Money' };

const SCALE = 10_000;

/** The largest amount accepted at a door. A double still holds every four-decimal amount up to it exactly. */
export const MAX_AMOUNT = 99_999_999.9999;

/** Clients that add doubles up send amounts this little off; more is a fraction somebody meant. */
const NOISE = 1e-7;

export const ZERO = 0n as Money;

/**
 * Converts a wire or stored number into exact money.
 * @param what names the value in the error, such as `the product price`
 * @throws BadRequest for NaN, infinity, more than four decimals or an amount beyond {@link MAX_AMOUNT}
 */
export function moneyFromNumber(amount: number, what: string): Money {
  if (!Number.isFinite(amount)) throw new BadRequest(`${what} is not a number`);
  if (Math.abs(amount) > MAX_AMOUNT) throw new BadRequest(`${what} is beyond ${MAX_AMOUNT}`);
  const units = Math.round(amount * SCALE);
  if (Math.abs(units / SCALE - amount) > NOISE) throw new BadRequest(`${what} has more than four decimals`);
  return BigInt(units) as Money;
}

/** The number for the wire (`double`) and for stored JSON; exact within {@link MAX_AMOUNT}. */
export function moneyToNumber(amount: Money): number {
  return Number(amount) / SCALE;
}

/** Reads a Postgres `numeric` of at most four decimals. */
export function moneyFromDecimal(text: string): Money {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text);
  if (!match) throw new TypeError(`not a decimal of at most four places: ${text}`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  return BigInt(sign + whole + fraction.padEnd(4, '0')) as Money;
}

/** Writes a Postgres `numeric`, always with four decimals. */
export function moneyToDecimal(amount: Money): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** `price` for `quantity` pieces. */
export function times(price: Money, quantity: number): Money {
  return (price * BigInt(quantity)) as Money;
}

export function add(left: Money, right: Money): Money {
  return (left + right) as Money;
}

export function subtract(left: Money, right: Money): Money {
  return (left - right) as Money;
}

export function sum(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Money;
}
