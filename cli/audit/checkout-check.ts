import type { ContextName } from '../../proto/contexts.ts';
import { eventSourced, moneyToDecimal } from '../../services/mall.ts';
import type { Check } from './check.ts';
import type { Findings, Rule } from './findings.ts';
import { type EventRow, replayOf } from './replay.ts';
import type { Snapshots } from './snapshots.ts';

const ordersKept: Rule = {
  id: 'orders-kept',
  title: 'orders are what was checked out',
  promise:
    'Customer, payment and lines of each order are those of its basket; saga, search and list have the same.',
  whenQuiet: true,
};

/** What somebody has of an order, as texts that are equal where it is the same; null is what they do not keep. */
interface Facts {
  order_id: string;
  customer: string | null;
  payment: string | null;
  /** With their prices, in alphabetical order. */
  lines: string | null;
  /** Without prices. */
  pieces: string | null;
}

const facets = ['customer', 'payment', 'lines', 'pieces'] as const;

/** One text of some, in the order that JavaScript sorts them in. */
const joined = (text: string) => `coalesce(string_agg(${text}, ', ' ORDER BY ${text} COLLATE "C"), '')`;
const elements = (items: string) =>
  `jsonb_array_elements(CASE jsonb_typeof(${items}) WHEN 'array' THEN ${items} END) AS i`;
const pieces = `concat(sum((i->>'Quantity')::int), ' of ', i->>'StoreID', '/', i->>'ProductID')`;
const price = `(i->>'Price')::numeric(19, 4)`;

/** Items as orders, sagas and search store them; the same product twice is one line. */
const linesOf = (items: string) => `(SELECT ${joined('line')} FROM (
    SELECT concat(${pieces}, ' at ', ${price}) AS line FROM ${elements(items)}
    GROUP BY i->>'StoreID', i->>'ProductID', ${price}) AS l)`;
const piecesOf = (items: string) => `(SELECT ${joined('piece')} FROM (
    SELECT ${pieces} AS piece FROM ${elements(items)} GROUP BY i->>'StoreID', i->>'ProductID') AS p)`;
/** A list has maps by store and by product. */
const piecesOfStops = `(SELECT ${joined('piece')} FROM (
    SELECT concat(item.value->>'Quantity', ' of ', stop.key, '/', item.key) AS piece
    FROM jsonb_each(stops) AS stop, jsonb_each(stop.value->'Items') AS item
    WHERE jsonb_typeof(stop.value->'Items') = 'object') AS p)`;

const orders = `SELECT stream_id AS order_id, event_data->>'CustomerID' AS customer,
    event_data->>'PaymentID' AS payment,
    ${linesOf(`event_data->'Items'`)} AS lines, ${piecesOf(`event_data->'Items'`)} AS pieces
  FROM ordering.events WHERE event_name = 'ordering.OrderCreated' AND stream_version = 1`;

/** Who else has facts of orders, and how they are read. */
const others: readonly { readonly context: ContextName; readonly who: string; readonly text: string }[] = [
  {
    context: 'cosec',
    who: 'its saga',
    text: `SELECT id AS order_id, data->>'CustomerID' AS customer, data->>'PaymentID' AS payment,
             ${linesOf(`data->'Items'`)} AS lines, NULL AS pieces
           FROM cosec.sagas WHERE name = 'cosec.CreateOrder' AND id = ANY ($1)`,
  },
  {
    context: 'search',
    who: 'search',
    text: `SELECT order_id, customer_id AS customer, NULL AS payment, ${linesOf('items')} AS lines, NULL AS pieces
           FROM search.orders WHERE order_id = ANY ($1)`,
  },
  {
    context: 'depot',
    who: 'its shopping list',
    text: `SELECT order_id, NULL AS customer, NULL AS payment, NULL AS lines, ${piecesOfStops} AS pieces
           FROM depot.shopping_lists WHERE status <> 'canceled' AND order_id = ANY ($1)`,
  },
];

/** Every order beside its basket, if it had one, and beside what others were told of it. */
export const checkoutCheck: Check = {
  rules: [ordersKept],
  async run({ snapshots }, findings) {
    for await (const page of snapshots.of('ordering').pages<Facts>(orders)) {
      findings.checked(ordersKept, page.length);
      const known = new Map(page.map((order) => [order.order_id, order]));
      const ids = [...known.keys()];
      compare(known, { who: 'its basket', told: await baskets(ids, snapshots) }, findings);
      for (const { context, who, text } of others) {
        const told = await snapshots.of(context).rows<Facts>(text, [ids]);
        compare(known, { who, told }, findings);
      }
    }
  },
};

function compare(
  orders: ReadonlyMap<string, Facts>,
  { who, told }: { readonly who: string; readonly told: readonly Facts[] },
  findings: Findings,
): void {
  for (const facts of told) {
    const order = orders.get(facts.order_id);
    for (const facet of facets) {
      const [ordered, theirs] = [order?.[facet] ?? '', facts[facet]];
      if (theirs === null || theirs === ordered) continue;
      const says = `its ${facet}: ${ordered || 'none'}, but ${who} has ${theirs || 'none'}`;
      findings.found(ordersKept, [facts.order_id], says);
    }
  }
}

const replay = replayOf(eventSourced.basket);

/** Baskets that were checked out, folded from their events; one that cannot be read has nothing of its order. */
async function baskets(ids: readonly string[], snapshots: Snapshots): Promise<Facts[]> {
  const rows = await snapshots.of('baskets').rows<EventRow>(
    `SELECT stream_id, stream_version, event_name, event_data FROM baskets.events
     WHERE stream_name = $1 AND stream_id = ANY ($2) ORDER BY stream_id, stream_version`,
    [replay.streamName, ids],
  );
  return [...Map.groupBy(rows, (row) => row.stream_id)].flatMap(
    ([id, events]) => basketFacts(id, events) ?? [],
  );
}

function basketFacts(id: string, events: readonly EventRow[]): Facts | undefined {
  const folded = replay.fold(id, events);
  const nothing = { order_id: id, customer: '', payment: '', lines: '', pieces: null };
  if ('unreadable' in folded) return nothing;
  const { status, customerId, paymentId, items } = folded.state;
  if (status !== 'checked_out') return undefined;
  const lines = items.map(
    ({ storeId, productId, productPrice, quantity }) =>
      `${quantity} of ${storeId}/${productId} at ${moneyToDecimal(productPrice)}`,
  );
  return { ...nothing, customer: customerId, payment: paymentId, lines: lines.toSorted().join(', ') };
}
