import type { Provider } from '../harness/provider.ts';
import { baskets } from './baskets.ts';
import { cosec } from './cosec.ts';
import { customers } from './customers.ts';
import { depot } from './depot.ts';
import { ordering } from './ordering.ts';
import { payments } from './payments.ts';
import { search } from './search.ts';
import { stores } from './stores.ts';

/** Every context that owes something to somebody. */
export const providers: readonly Provider[] = [
  baskets,
  cosec,
  customers,
  depot,
  ordering,
  payments,
  search,
  stores,
];
