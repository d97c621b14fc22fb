import { z } from 'zod';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import type { Database } from '../kernel/database/index.ts';
import { NotFound } from '../kernel/domain/index.ts';
import { Replica } from '../kernel/replicas/index.ts';
import type { RpcChannels } from '../kernel/rpc/index.ts';

export interface CachedCustomer {
  readonly name: string;
  readonly smsNumber: string;
}

const customerRow = z.object({ name: z.string(), sms_number: z.string() });

/** Who the mall's customers are and how to reach them. */
export function customersCache(database: Database, channels: RpcChannels): Replica<CachedCustomer> {
  return new Replica<CachedCustomer>({
    database,
    table: 'customers_cache',
    columns: { name: ['name', 'text'], smsNumber: ['sms_number', 'text'] },
    read: (row) => {
      const { name, sms_number } = customerRow.parse(row);
      return { name, smsNumber: sms_number };
    },
    fetch: async (customerId, causation) => {
      const method = CustomersServiceService.getCustomer;
      const { customer } = await channels.call('CUSTOMERS', method, { id: customerId }, causation);
      if (!customer) throw new NotFound('customer with that ID does not exist');
      return {
        fields: { name: customer.name, smsNumber: customer.smsNumber },
        version: customer.version,
      };
    },
  });
}
