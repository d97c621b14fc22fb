import assert from 'node:assert/strict';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import { DeadlineExceeded, NotFound } from '../kernel/domain/index.ts';
import type { ContextModule } from '../kernel/lifecycle/index.ts';
import { newId } from '../kernel/messaging/index.ts';
import { rpcService } from '../kernel/rpc/index.ts';
import { eventually, standIn, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { notificationsModule } from './module.ts';
import type { Sender } from './sender.ts';

const { customers, ordering } = messages;

/**
 * Customers as their owner would tell them; `silences` is how often it leaves the question unanswered first.
 */
export const owned = new Map<string, { smsNumber: string; version: number; silences?: number }>();

const asCustomers = rpcService(
  { getCustomer: CustomersServiceService.getCustomer },
  {
    getCustomer: async ({ id }) => {
      const row = owned.get(id);
      if (!row) throw new NotFound('customer with that ID does not exist');
      const { silences = 0, ...customer } = row;
      if (silences > 0) {
        owned.set(id, { ...customer, silences: silences - 1 });
        throw new DeadlineExceeded('customers are slow today');
      }
      return { customer: { id, name: 'Ada Lovelace', enabled: true, ...customer } };
    },
  },
);

/** What reached the phones, and what stands in the way of the next attempts about an order, by its id. */
export const sent: { readonly to: string; readonly text: string; readonly id: string }[] = [];
export const obstacles = new Map<string, (() => Promise<void> | void)[]>();

const sender: Sender = {
  send: async (to, text, { id }) => {
    const [order = ''] = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/.exec(text) ?? [];
    await obstacles.get(order)?.shift()?.();
    sent.push({ to, text, id });
  },
};

export function fail(): never {
  throw new Error('the provider is out of order');
}

/** Notifications whose attempts follow each other at once. */
export const quickNotifications: ContextModule = notificationsModule({
  sender,
  limits: { retryDelaysMs: [20, 20], gatherMs: 1, pollMs: 50 },
});

export function startNotifications(...modules: readonly ContextModule[]): Promise<TestProcess> {
  return startTestProcess([standIn('customers', asCustomers), ...modules], {
    limits: { redeliveryDelaysMs: [20, 20, 20] },
  });
}

export function about(id: string, version: number) {
  return {
    metadata: { [metadataKeys.aggregateId]: id, [metadataKeys.aggregateVersion]: String(version) },
  };
}

/** Waits until a message has taken effect, or none. */
export async function handled(mall: TestProcess, messageId: string): Promise<void> {
  await eventually(async () => {
    const rows = await mall.rows('SELECT 1 FROM notifications.inbox WHERE id = $1', [messageId]);
    assert.equal(rows.length, 1, 'the message is handled');
  });
}

/** A customer of this number whom notifications know. */
export async function aCustomer(mall: TestProcess, smsNumber = '555-0001'): Promise<string> {
  const id = newId();
  const customer = { id, name: 'Ada Lovelace', smsNumber };
  await handled(mall, await mall.publish(customers.customerRegistered, customer, about(id, 1)));
  return id;
}

/** An order's events, published as ordering would, and what became of its notifications. */
export class OrderStory {
  readonly id = newId();
  readonly customerId: string;
  readonly #mall: TestProcess;

  constructor(mall: TestProcess, customerId: string) {
    this.#mall = mall;
    this.customerId = customerId;
  }

  created(messageId = newId()): Promise<string> {
    const order = { ...this.#named, shoppingId: '', items: [] };
    return this.#mall.publish(ordering.orderCreated, order, { ...about(this.id, 1), id: messageId });
  }

  approved(): Promise<string> {
    return this.#mall.publish(ordering.orderApproved, this.#named, about(this.id, 2));
  }

  rejected(): Promise<string> {
    const order = { ...this.#named, reason: 'no credit' };
    return this.#mall.publish(ordering.orderRejected, order, about(this.id, 2));
  }

  canceled(): Promise<string> {
    return this.#mall.publish(ordering.orderCanceled, this.#named, about(this.id, 2));
  }

  readied(): Promise<string> {
    return this.#mall.publish(ordering.orderReadied, { ...this.#named, total: 1 }, about(this.id, 3));
  }

  completed(): Promise<string> {
    const order = { ...this.#named, invoiceId: this.id };
    return this.#mall.publish(ordering.orderCompleted, order, about(this.id, 4));
  }

  /** What reached the customer about this order. */
  get sent(): typeof sent {
    return sent.filter(({ text }) => text.includes(this.id));
  }

  /** Waits until its notifications stand like this, the first one first: `created sent`. */
  async stands(...expected: readonly string[]): Promise<void> {
    await eventually(async () => {
      const rows = await this.recorded();
      assert.deepEqual(
        rows.map(({ kind, status }) => `${kind} ${status}`),
        expected,
      );
    });
  }

  recorded(): Promise<Record<string, unknown>[]> {
    return this.#mall.rows(
      `SELECT kind, status, reason, attempts, sent_at IS NOT NULL AS dated
       FROM notifications.notifications WHERE order_id = $1 ORDER BY position`,
      [this.id],
    );
  }

  get #named() {
    return { id: this.id, customerId: this.customerId, paymentId: 'payment' };
  }
}
