import type { SearchOrdersRequest, SearchOrdersRequest_Filters } from '../../proto/gen/search/api.ts';
import { BadRequest, type CustomerId, type ProductId, type StoreId } from '../kernel/domain/index.ts';
import { idField, moneyField } from '../kernel/rpc/index.ts';
import { readCursor } from './cursor.ts';
import type { OrderFilters, OrderQuery } from './order-query.ts';
import { type OrderStatus, orderStatuses, statusNamed } from './order-status.ts';

export const searchLimits = {
  defaultOrders: 20,
  /** An order may hold many items; more would make answers of megabytes. */
  maxOrders: 100,
  /** Stores or products one query may name; each is looked up in an index of its own. */
  maxIds: 100,
} as const;

/** What a request asks for; a filter at its default value is none. @throws BadRequest naming the field */
export function readSearch({ filters, next, limit }: SearchOrdersRequest): OrderQuery {
  if (limit < 0) throw new BadRequest('the limit cannot be negative');
  return {
    filters: filters ? readFilters(filters) : {},
    from: next === '' ? undefined : readCursor(next),
    limit: Math.min(limit || searchLimits.defaultOrders, searchLimits.maxOrders),
  };
}

function readFilters(filters: SearchOrdersRequest_Filters): OrderFilters {
  const { customerId, after, before, storeIds, productIds, minTotal, maxTotal, status } = filters;
  return {
    customerId: customerId === '' ? undefined : idField<CustomerId>('the customer id', customerId),
    after: timeField('`after`', after),
    before: timeField('`before`', before),
    storeIds: idsField('store', storeIds, (text) => idField<StoreId>('a store id', text)),
    productIds: idsField('product', productIds, (text) => idField<ProductId>('a product id', text)),
    minTotal: minTotal === 0 ? undefined : moneyField('the smallest total', minTotal),
    maxTotal: maxTotal === 0 ? undefined : moneyField('the largest total', maxTotal),
    status: status === '' ? undefined : statusField(status),
  };
}

/** Protobuf's own bounds of a timestamp; Postgres fails on moments far beyond them. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

function timeField(name: string, time: Date | undefined): Date | undefined {
  if (time && !(time.getTime() >= EARLIEST && time.getTime() <= LATEST)) {
    throw new BadRequest(`${name} is not between the years 1 and 9999`);
  }
  return time;
}

function idsField<Kind>(
  of: string,
  texts: readonly string[],
  read: (text: string) => Kind,
): readonly Kind[] | undefined {
  if (texts.length > searchLimits.maxIds) {
    throw new BadRequest(`more than ${searchLimits.maxIds} ${of} ids`);
  }
  return texts.length === 0 ? undefined : texts.map(read);
}

function statusField(text: string): OrderStatus {
  const status = statusNamed(text);
  if (!status) throw new BadRequest(`the status is none of ${orderStatuses.join(', ')}`);
  return status;
}
