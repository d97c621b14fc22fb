import type { Broker } from './broker.ts';

/** Runs one of the relay's own statements. */
export type RelayQuery = <Row extends object>(
  name: string,
  text: string,
  values: unknown[],
) => Promise<Row[]>;

export interface RefillOptions {
  readonly schema: string;
  readonly broker: Broker;
  readonly query: RelayQuery;
  /** Rows that become unpublished at once. */
  readonly batchRows: number;
}

export interface Refill {
  /** Rows whose messages the stream no longer had: unpublished again, for the relay to take in their order. */
  readonly rows: number;
  /** The stream's end as it was then. */
  readonly end: number;
}

interface PublishedRow {
  readonly id: string;
  readonly sequence: number;
}

/**
 * Compares what the outbox has as published with what the stream has: a broker acknowledges before it syncs, so one
 * that comes back from a power loss, or on an older copy of its files, may have lost its newest messages and given
 * their sequences to others. Must run before anything is published on a new connection, by the relay that leads: then
 * a stream that has lost its tail has exactly the rows above some sequence lost, which a bisection finds.
 *
 * Consumers are set back first and rows become unpublished newest first, so that a crash anywhere in between leaves
 * the newest row to be found missing again.
 */
export async function unpublishLost(options: RefillOptions): Promise<Refill> {
  const { broker } = options;
  const bounds = await broker.ensureStream();
  await broker.setBackConsumers();
  const newest = await newestRow(options);
  if (!newest || (await isThere(broker, newest, bounds))) return { rows: 0, end: bounds.last };
  const { kept, lost } = await bisect(options, newest, bounds);
  await broker.setBackConsumers(kept);
  return { rows: await unpublish(options, lost), end: bounds.last };
}

/** Found by time, which has an index: sequences of one outbox grow with it but for a few published twice. */
async function newestRow({ schema, query }: RefillOptions): Promise<PublishedRow | undefined> {
  const [row] = await query<PublishedRow>(
    'newest published',
    `SELECT id, stream_sequence AS sequence FROM (
       SELECT id, stream_sequence FROM ${schema}.outbox
       WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT 1000) AS latest
     ORDER BY stream_sequence DESC NULLS LAST LIMIT 1`,
    [],
  );
  return row;
}

interface Bounds {
  readonly first: number;
  readonly last: number;
}

/** What has outlived its message in the stream is not missing. */
async function isThere(broker: Broker, row: PublishedRow, { first, last }: Bounds): Promise<boolean> {
  if (row.sequence < first) return true;
  return row.sequence <= last && (await broker.messageIdAt(row.sequence)) === row.id;
}

/** The highest sequence at which a row has its message, and the lowest at which one has not. */
async function bisect(
  options: RefillOptions,
  newest: PublishedRow,
  bounds: Bounds,
): Promise<{ kept: number; lost: number }> {
  let kept = bounds.first - 1;
  let [below, lost] = [kept, newest.sequence];
  while (lost - below > 1) {
    const middle = below + Math.floor((lost - below) / 2);
    const row = await newestUpTo(options, below, middle);
    if (!row) below = middle;
    else if (await isThere(options.broker, row, bounds)) [kept, below] = [row.sequence, middle];
    else lost = row.sequence;
  }
  return { kept, lost };
}

async function newestUpTo(
  { schema, query }: RefillOptions,
  above: number,
  upTo: number,
): Promise<PublishedRow | undefined> {
  const [row] = await query<PublishedRow>(
    'published up to',
    `SELECT id, stream_sequence AS sequence FROM ${schema}.outbox
     WHERE published_at IS NOT NULL AND stream_sequence > $1 AND stream_sequence <= $2
     ORDER BY stream_sequence DESC LIMIT 1`,
    [above, upTo],
  );
  return row;
}

async function unpublish({ schema, query, batchRows }: RefillOptions, from: number): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await query(
      'unpublish',
      `UPDATE ${schema}.outbox SET published_at = NULL, stream_sequence = NULL
       WHERE position IN (
         SELECT position FROM ${schema}.outbox WHERE published_at IS NOT NULL AND stream_sequence >= $1
         ORDER BY stream_sequence DESC LIMIT $2)
       RETURNING position`,
      [from, batchRows],
    );
    total += rows.length;
    if (rows.length < batchRows) return total;
  }
}
