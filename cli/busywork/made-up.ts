import { en } from '@faker-js/faker';
import { fromCents, type Money } from './money.ts';
import type { Random } from './random.ts';
import { DEPARTMENTS, PRODUCT_ADJECTIVES, PRODUCT_MATERIALS, PRODUCTS } from './words.ts';

/** What a client makes up. Every value is drawn from the client's own generator. */
export interface MadeUp {
  /** `First Last`; stores are called so too. */
  companyName(): string;
  /** `First.Last` */
  userName(): string;
  /** `NNN-NNN-NNNN` with groups of 100–998, 100–998, 1000–9998. */
  phone(): string;
  department(): string;
  /** `Adjective Material Product` */
  productName(): string;
  productAdjective(): string;
  /** `verb adjective noun` */
  businessPhrase(): string;
  /** From $5.00 to $11.99. */
  price(): Money;
}

const CHEAPEST_CENTS = 500;
const DEAREST_CENTS = 1_199;

/**
 * Words that do not belong to the original's goods come from Faker's lists. A `Faker` itself would be made
 * per activity, since each has its own generator, and making one costs more than all the names an activity
 * needs.
 */
const FIRST_NAMES = words(en.person?.first_name?.generic);
const LAST_NAMES = words(en.person?.last_name?.generic);
const BUSINESS_VERBS = words(en.company?.buzz_verb);
const BUSINESS_ADJECTIVES = words(en.company?.buzz_adjective);
const BUSINESS_NOUNS = words(en.company?.buzz_noun);

/** The list without what would not be one word. */
function words(list: readonly string[] | null | undefined): readonly string[] {
  const single = (list ?? []).filter((word) => /^[^\s.]+$/.test(word));
  if (single.length === 0) throw new RangeError('a word list of Faker is missing');
  return single;
}

export function madeUp({ pick, between }: Random): MadeUp {
  const productAdjective = () => pick(PRODUCT_ADJECTIVES);
  return {
    companyName: () => `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}`,
    userName: () => `${pick(FIRST_NAMES)}.${pick(LAST_NAMES)}`,
    phone: () => `${between(100, 998)}-${between(100, 998)}-${between(1_000, 9_998)}`,
    department: () => pick(DEPARTMENTS),
    productName: () => `${productAdjective()} ${pick(PRODUCT_MATERIALS)} ${pick(PRODUCTS)}`,
    productAdjective,
    businessPhrase: () => `${pick(BUSINESS_VERBS)} ${pick(BUSINESS_ADJECTIVES)} ${pick(BUSINESS_NOUNS)}`,
    price: () => fromCents(between(CHEAPEST_CENTS, DEAREST_CENTS)),
  };
}
