import { eventSourced, type Money, moneyFromDecimal, orderTotal } from '../../services/mall.ts';
import { byStream, type EventRow, replayOf } from './replay.ts';
import type { Snapshots } from './snapshots.ts';

export type Order = ReturnType<typeof eventSourced.order.codec.decodeState>;

export interface SagaFacts {
  readonly status: 'running' | 'compensating' | 'completed' | 'compensated' | 'attention';
  readonly reason: string;
  /** It is open and nothing will move it any more. */
  readonly stuck: boolean;
  readonly total: Money;
}

export interface PaymentFacts {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly amount: Money;
  readonly captured: Money;
}

export interface InvoiceFacts {
  readonly id: string;
  readonly status: string;
  readonly amount: Money;
  /** Its amount has been changed by hand. */
  readonly adjusted: boolean;
}

export interface SearchFacts {
  readonly status: string;
  readonly version: number;
  readonly total: Money;
}

/** Everything that is known of one order, by whichever context. */
export interface OrderCase {
  readonly id: string;
  readonly order: Order;
  readonly version: number;
  /** What its lines come to. */
  readonly total: Money;
  /** The total it was readied with. */
  readonly readiedTotal: Money | undefined;
  readonly saga: SagaFacts | undefined;
  readonly lists: readonly { readonly id: string; readonly status: string }[];
  /** Payments bound to this order, whichever it named. */
  readonly payments: readonly PaymentFacts[];
  readonly invoice: InvoiceFacts | undefined;
  readonly search: SearchFacts | undefined;
  /** Kinds of notifications recorded, in alphabetical order. */
  readonly told: readonly string[];
}

/** An order whose events cannot be read. */
export interface UnreadableOrder {
  readonly id: string;
  readonly unreadable: string;
}

/** A saga this long overdue is not looked after any more: overdue ones are looked for every second. */
const SAGA_OVERDUE_SECONDS = 60;

const replay = replayOf(eventSourced.order);

const sagas = `SELECT id AS order_id, status, reason, (data->>'Total')::numeric(19, 4)::text AS total,
    status IN ('running', 'compensating')
      AND coalesce(deadline_at < now() - interval '${SAGA_OVERDUE_SECONDS} s', true) AS stuck
  FROM cosec.sagas WHERE name = 'cosec.CreateOrder' AND id = ANY ($1)`;
const lists = 'SELECT id, order_id, status FROM depot.shopping_lists WHERE order_id = ANY ($1) ORDER BY id';
const payments = `SELECT id, order_id, status, amount::text, captured::text
  FROM payments.payments WHERE order_id = ANY ($1) ORDER BY id`;
// Made and paid are two versions, made alone is one: any more come from adjusting.
const invoices = `SELECT id, order_id, status, amount::text,
    version > CASE status WHEN 'pending' THEN 1 ELSE 2 END AS adjusted
  FROM payments.invoices WHERE order_id = ANY ($1)`;
const found = 'SELECT order_id, status, version, total::text FROM search.orders WHERE order_id = ANY ($1)';
const told = 'SELECT order_id, kind FROM notifications.notifications WHERE order_id = ANY ($1) ORDER BY kind';

interface SagaRow {
  order_id: string;
  status: SagaFacts['status'];
  reason: string;
  total: string;
  stuck: boolean;
}
interface PaymentRow {
  id: string;
  order_id: string;
  status: string;
  amount: string;
  captured: string;
}
interface InvoiceRow {
  id: string;
  order_id: string;
  status: string;
  amount: string;
  adjusted: boolean;
}
interface SearchRow {
  order_id: string;
  status: string;
  version: number;
  total: string;
}

/** Every order with what the other contexts know of it, some hundred at a time. */
export async function* orderCases(
  snapshots: Snapshots,
): AsyncGenerator<(OrderCase | UnreadableOrder)[], void> {
  const events = snapshots.of('ordering').pages<EventRow>(
    `SELECT stream_id, stream_version, event_name, event_data FROM ordering.events
     WHERE stream_name = $1 ORDER BY stream_id, stream_version`,
    [replay.streamName],
  );
  for await (const streams of byStream(events)) {
    const known = await othersOf(
      streams.map(([id]) => id),
      snapshots,
    );
    yield streams.map(([id, rows]) => caseOf(id, rows, known));
  }
}

type Others = Awaited<ReturnType<typeof othersOf>>;

async function othersOf(ids: readonly string[], snapshots: Snapshots) {
  return {
    sagas: byOrder(await snapshots.of('cosec').rows<SagaRow>(sagas, [ids])),
    lists: byOrder(
      await snapshots.of('depot').rows<{ id: string; order_id: string; status: string }>(lists, [ids]),
    ),
    payments: byOrder(await snapshots.of('payments').rows<PaymentRow>(payments, [ids])),
    invoices: byOrder(await snapshots.of('payments').rows<InvoiceRow>(invoices, [ids])),
    found: byOrder(await snapshots.of('search').rows<SearchRow>(found, [ids])),
    told: byOrder(await snapshots.of('notifications').rows<{ order_id: string; kind: string }>(told, [ids])),
  };
}

function byOrder<Row extends { order_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.order_id);
}

function caseOf(id: string, events: readonly EventRow[], known: Others): OrderCase | UnreadableOrder {
  const folded = replay.fold(id, events);
  if ('unreadable' in folded) return folded;
  const [saga] = known.sagas.get(id) ?? [];
  const [invoice] = known.invoices.get(id) ?? [];
  const [search] = known.found.get(id) ?? [];
  return {
    id,
    order: folded.state,
    version: folded.version,
    total: orderTotal(folded.state),
    readiedTotal: readiedTotal(events),
    saga: saga && { ...saga, total: moneyFromDecimal(saga.total) },
    lists: known.lists.get(id) ?? [],
    payments: (known.payments.get(id) ?? []).map(paymentFacts),
    invoice: invoice && { ...invoice, amount: moneyFromDecimal(invoice.amount) },
    search: search && { ...search, total: moneyFromDecimal(search.total) },
    told: (known.told.get(id) ?? []).map(({ kind }) => kind),
  };
}

function paymentFacts({ order_id: orderId, amount, captured, ...row }: PaymentRow): PaymentFacts {
  return { ...row, orderId, amount: moneyFromDecimal(amount), captured: moneyFromDecimal(captured) };
}

function readiedTotal(events: readonly EventRow[]): Money | undefined {
  const readied = events.find(({ event_name }) => event_name === 'ordering.OrderReadied');
  if (readied === undefined) return undefined;
  const event = eventSourced.order.codec.decodeEvent(readied.event_name, readied.event_data);
  return event.type === 'ordering.OrderReadied' ? event.total : undefined;
}
