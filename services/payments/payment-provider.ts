import { type CustomerId, type Money, moneyFromNumber } from '../kernel/domain/index.ts';

export type Approval = 'approved' | { readonly declined: string };

/** Whoever holds the customers' money. The original asked nobody, so payments could not fail (row P4). */
export interface PaymentProvider {
  /** Asks to hold an amount; refusing is an answer, failing to answer is an error and worth another try. */
  authorize(customerId: CustomerId, amount: Money): Promise<Approval>;
}

/** What the local provider declines; without rules it approves everything. */
export interface DeclineRules {
  readonly amountsAbove?: number;
  readonly customers?: readonly string[];
}

/**
 * Stands in for a provider: decides by rule and holds no money.
 * @throws BadRequest when the limit is no amount
 */
export function localProvider({ amountsAbove, customers = [] }: DeclineRules): PaymentProvider {
  const limit = amountsAbove === undefined ? undefined : moneyFromNumber(amountsAbove, 'the declined amount');
  const declined = new Set(customers);
  return {
    authorize: async (customerId, amount) => {
      if (declined.has(customerId)) return { declined: 'the customer is not trusted' };
      if (limit !== undefined && amount > limit) return { declined: `the amount is above ${amountsAbove}` };
      return 'approved';
    },
  };
}
