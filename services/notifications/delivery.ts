import type { Logger } from 'pino';
import { DeadlineExceeded, hasCategory } from '../kernel/domain/index.ts';
import type { BackgroundTask } from '../kernel/lifecycle/index.ts';
import type { Replica } from '../kernel/replicas/index.ts';
import type { CachedCustomer } from './customers-cache.ts';
import type { DeliveryLimits } from './limits.ts';
import type { DeliveryOutcome, DueNotification, Notifications } from './notifications.ts';
import type { Sender } from './sender.ts';

export interface DeliveryOptions {
  readonly notifications: Pick<Notifications, 'take' | 'settle'>;
  readonly customers: Pick<Replica<CachedCustomer>, 'find'>;
  readonly sender: Sender;
  readonly limits: DeliveryLimits;
  readonly logger: Logger;
  /** Told after each round what became of its notifications. */
  readonly settled?: (outcomes: readonly DeliveryOutcome[]) => void;
}

/**
 * Sends the notifications that are recorded. A phone is no part of a transaction: what was sent just before a
 * crash is sent again, under the same id. So each reaches the sender at least once, and a sender that tells
 * repeats apart delivers it once.
 */
export class Delivery implements BackgroundTask {
  readonly name = 'sending notifications';
  readonly everyMs: number;
  readonly gatherMs: number;
  readonly #options: DeliveryOptions;
  #wake: () => void = () => undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.everyMs = options.limits.pollMs;
    this.gatherMs = options.limits.gatherMs;
  }

  wakeBy(wake: () => void): void {
    this.#wake = wake;
  }

  /** There is something new to send. */
  wake(): void {
    this.#wake();
  }

  /** One round: a batch, so that a stop never waits for more than that. */
  async run(): Promise<void> {
    const { notifications, limits, settled } = this.#options;
    const due = await notifications.take(limits.batch, limits.leaseMs);
    if (due.length === 0) return;
    const outcomes = await Promise.all(due.map((each) => this.#deliver(each)));
    await notifications.settle(outcomes);
    settled?.(outcomes);
    // There may be more, also of the same orders.
    this.#wake();
  }

  async #deliver(due: DueNotification): Promise<DeliveryOutcome> {
    const { limits } = this.#options;
    const controller = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new DeadlineExceeded(`not sent within ${limits.attemptMs} ms`);
      controller.abort(error);
      reject(error);
    }, limits.attemptMs);
    try {
      return await Promise.race([this.#attempt(due, controller.signal), late]);
    } catch (error) {
      return this.#failed(due, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #attempt(due: DueNotification, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { id, text } = due;
    const to = due.smsNumber ?? (await this.#askForNumber(due));
    // An owner that answers after the attempt was given up must not have it sent beside the next attempt.
    signal.throwIfAborted();
    if (!to) return this.#undeliverable(due, 'no such customer, or one without a number');
    await this.#options.sender.send(to, text, { id, signal });
    return { id, status: 'sent', reason: '' };
  }

  /** The number the customer's owner tells, undefined when it has no such customer. @throws MallError */
  async #askForNumber({ id, orderId, customerId }: DueNotification): Promise<string | undefined> {
    const causation = { causationId: id, correlationId: orderId };
    try {
      return (await this.#options.customers.find(customerId, causation)).smsNumber;
    } catch (error) {
      if (hasCategory(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  #failed(due: DueNotification, error: unknown): DeliveryOutcome {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const againInMs = this.#options.limits.retryDelaysMs[due.attempts - 1];
    if (againInMs === undefined) return this.#undeliverable(due, reason);
    this.#log(due, 'a notification will be tried again');
    return { id: due.id, status: 'pending', reason, againInMs };
  }

  #undeliverable(due: DueNotification, reason: string): DeliveryOutcome {
    this.#log(due, 'a notification cannot be delivered');
    return { id: due.id, status: 'undeliverable', reason };
  }

  /** Without the error: providers like to repeat the number in theirs. The notification's row has it. */
  #log({ id, orderId, attempts }: DueNotification, what: string): void {
    this.#options.logger.warn({ notification: id, order: orderId, attempts }, what);
  }
}
