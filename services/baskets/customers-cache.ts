import { z } from 'zod';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import type { Causation, Database } from '../kernel/database/index.ts';
import {
  type CustomerId,
  FailedPrecondition,
  hasCategory,
  MallError,
  NotFound,
} from '../kernel/domain/index.ts';
import { Replica } from '../kernel/replicas/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';

export interface CachedCustomer {
  readonly enabled: boolean;
}

const customerRow = z.object({ enabled: z.boolean() });

/** Who may shop, as the customers context says. */
export class CustomersCache {
  readonly replica: Replica<CachedCustomer>;

  constructor({ database, channels }: { database: Database; channels: RpcChannels }) {
    this.replica = new Replica<CachedCustomer>({
      database,
      table: 'customers_cache',
      columns: { enabled: ['enabled', 'boolean'] },
      read: (row) => customerRow.parse(row),
      fetch: async (customerId, causation) => {
        const method = CustomersServiceService.getCustomer;
        const { customer } = await channels.call('CUSTOMERS', method, { id: customerId }, causation);
        if (!customer) throw new NotFound('customer with that ID does not exist');
        return { fields: { enabled: customer.enabled }, version: customer.version };
      },
    });
  }

  /** @throws NotFound for an unknown customer, FailedPrecondition for a disabled one, or the owner's failure */
  async mustMayShop(customerId: CustomerId, causation: Causation): Promise<void> {
    try {
      const { enabled } = await this.replica.find(customerId, causation);
      if (!enabled) throw new FailedPrecondition('the customer is not enabled');
    } catch (error) {
      if (hasCategory(error, 'FAILED_PRECONDITION') || !(error instanceof MallError)) throw error;
      const text = hasCategory(error, 'NOT_FOUND')
        ? 'customer with that ID does not exist'
        : 'customer fallback failed';
      throw new MallError(error.category, text, { cause: error });
    }
  }
}
