import { type Causation, type Database, inUnitOfWork, type UnitOfWork } from '../kernel/database/index.ts';
import {
  AlreadyExists,
  type CustomerId,
  FailedPrecondition,
  type InvoiceId,
  id,
  type Money,
  type OrderId,
  type PaymentId,
  ZERO,
} from '../kernel/domain/index.ts';
import { type Reaction, StateStored, type Versioned } from '../kernel/eventstore/index.ts';
import { mintId } from '../kernel/messaging/index.ts';
import {
  type Invoice,
  type InvoiceCommand,
  type InvoiceDetails,
  type InvoiceEvent,
  invoice,
} from './invoice.ts';
import { InvoicesTable, type KnownInvoice } from './invoices-table.ts';
import { type ConfirmPayment, type Payment, payment, type ReleasePayment } from './payment.ts';
import type { PaymentProvider } from './payment-provider.ts';
import { PaymentsTable } from './payments-table.ts';

export interface PaymentsOptions {
  readonly database: Database;
  readonly provider: PaymentProvider;
  /** Tells the other contexts about each event of an invoice; those of payments concern nobody else. */
  readonly publish: Reaction<Invoice, InvoiceEvent>;
}

/** An order that was cancelled, as ordering tells it. */
export interface CanceledOrder {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly paymentId: PaymentId;
}

/** Payments that customers authorize, and the invoices of their orders. */
export class PaymentsApplication {
  readonly #database: Database;
  readonly #provider: PaymentProvider;
  readonly #payments;
  readonly #invoices;
  readonly #invoicesTable: InvoicesTable;

  constructor({ database, provider, publish }: PaymentsOptions) {
    this.#database = database;
    this.#provider = provider;
    this.#payments = new StateStored({
      decider: payment,
      table: new PaymentsTable(database),
      notFound: 'payment with that ID does not exist',
    });
    this.#invoicesTable = new InvoicesTable(database);
    this.#invoices = new StateStored({
      decider: invoice,
      table: this.#invoicesTable,
      notFound: 'invoice with that ID does not exist',
      react: publish,
    });
  }

  /**
   * Has the provider hold the amount. It is asked once our own rules are content, before the commit: a hold whose
   * commit fails is known to nobody, and providers let such holds lapse. @throws FailedPrecondition when it declines
   */
  async authorizePayment(
    details: { customerId: CustomerId; amount: Money },
    causation: Causation,
  ): Promise<PaymentId> {
    const paymentId = id<PaymentId>(mintId(causation));
    await inUnitOfWork(this.#database, causation, async (unit) => {
      await this.#payments.create(unit, paymentId, { type: 'AuthorizePayment', ...details });
      const approval = await this.#provider.authorize(details.customerId, details.amount);
      if (approval !== 'approved')
        throw new FailedPrecondition(`the payment was declined: ${approval.declined}`);
    });
    return paymentId;
  }

  /** Whether the payment exists and may be used; binds it to no order. @throws NotFound, FailedPrecondition */
  async checkPayment(paymentId: PaymentId): Promise<void> {
    const { state } = await this.#paymentOrNone(paymentId);
    payment.decide({ type: 'ConfirmPayment', orderId: id<OrderId>(''), amount: ZERO }, state);
  }

  /** @throws NotFound for a missing payment only: technical failures stay what they are (row P5) */
  async confirmPayment(unit: UnitOfWork, paymentId: PaymentId, command: ConfirmPayment): Promise<void> {
    await this.#payments.executeOn(unit, paymentId, command, () => this.#paymentOrNone(paymentId));
  }

  /** Nothing to release is no failure: the payment may never have existed. */
  async releasePayment(unit: UnitOfWork, paymentId: PaymentId, command: ReleasePayment): Promise<void> {
    await this.#payments.executeOn(unit, paymentId, command, () => this.#paymentOrNone(paymentId));
  }

  /** @throws NotFound */
  async getPayment(paymentId: PaymentId): Promise<Payment> {
    const { state } = await this.#payments.load(paymentId);
    return state;
  }

  /** Makes an invoice; the same one again is that one. @throws AlreadyExists when the order has another (row P14) */
  async createInvoice(details: InvoiceDetails, causation: Causation): Promise<InvoiceId> {
    return inUnitOfWork(this.#database, causation, async (unit) => {
      const existing = await this.#invoicesTable.findByOrder(details.orderId);
      if (existing && isInvoiceOf(existing, details)) return existing.id;
      if (existing) throw new AlreadyExists('the order has an invoice already');
      const invoiceId = id<InvoiceId>(mintId(causation));
      await this.#invoices.create(unit, invoiceId, { type: 'CreateInvoice', ...details });
      return invoiceId;
    });
  }

  /** Invoices an order that is ready, under the order's id; one that has an invoice needs no other (row P14). */
  async invoiceOrder(unit: UnitOfWork, details: InvoiceDetails): Promise<void> {
    if (await this.#invoicesTable.findByOrder(details.orderId)) return;
    await this.#invoices.create(unit, details.orderId, { type: 'CreateInvoice', ...details });
  }

  /** @throws NotFound (row P13) */
  async getInvoice(invoiceId: InvoiceId): Promise<Invoice> {
    const { state } = await this.#invoices.load(invoiceId);
    return state;
  }

  /**
   * Whose invoice it is: an invoice names its payment, and that its customer; blank, so nobody's, where there is no
   * such payment (the invoice was made by hand). @throws NotFound for a missing invoice
   */
  async ownerOfInvoice(invoiceId: InvoiceId): Promise<CustomerId> {
    const { paymentId } = await this.getInvoice(invoiceId);
    return (await this.#paymentOrNone(paymentId)).state.customerId;
  }

  /** Does to an existing invoice what the command says. @throws NotFound */
  async changeInvoice(
    invoiceId: InvoiceId,
    command: Exclude<InvoiceCommand, { type: 'CreateInvoice' | 'PayInvoice' }>,
    causation: Causation,
  ): Promise<void> {
    await inUnitOfWork(this.#database, causation, (unit) => this.#invoices.execute(unit, invoiceId, command));
  }

  /**
   * Pays an invoice and takes the money that its payment holds for the order, both or neither (row P6). A payment
   * that is not bound to the order (the invoice was made by hand) is left alone. @throws NotFound
   */
  async payInvoice(invoiceId: InvoiceId, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#database, causation, async (unit) => {
      const current = await this.#invoices.load(invoiceId);
      const { orderId, paymentId, amount } = current.state;
      this.#invoices.record(unit, invoiceId, current, { type: 'PayInvoice' });
      const held = await this.#paymentOrNone(paymentId);
      if (held.state.orderId !== orderId) return;
      this.#payments.record(unit, paymentId, held, { type: 'CapturePayment', orderId, amount });
    });
  }

  /** Nothing is owed for an order that was cancelled, and nothing is held for it (row P9). */
  async cancelOrder(unit: UnitOfWork, { orderId, customerId, paymentId }: CanceledOrder): Promise<void> {
    const owed = await this.#invoicesTable.findByOrder(orderId);
    if (owed?.state.status === 'pending')
      this.#invoices.record(unit, owed.id, owed, { type: 'CancelInvoice' });
    await this.releasePayment(unit, paymentId, { type: 'ReleasePayment', orderId, customerId });
  }

  /** The payment, or one that was never authorized: what that means is for the rules to say. */
  async #paymentOrNone(paymentId: PaymentId): Promise<Versioned<Payment>> {
    return (await this.#payments.find(paymentId)) ?? { state: payment.initial, version: 0 };
  }
}

function isInvoiceOf({ state }: KnownInvoice, { paymentId, amount }: InvoiceDetails): boolean {
  return state.status !== 'canceled' && state.paymentId === paymentId && state.amount === amount;
}
