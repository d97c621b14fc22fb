import type { OutboxRow } from './publish-rows.ts';
import type { RelayQuery } from './refill.ts';

/** The unpublished rows of an outbox in the order of their commits, but for those behind a quarantined one. */
export function waitingRows({
  schema,
  query,
  most,
}: {
  readonly schema: string;
  readonly query: RelayQuery;
  readonly most: number;
}): Promise<OutboxRow[]> {
  return query<OutboxRow>(
    'claim',
    `SELECT position, id, name, subject, data, metadata, sent_at, ordering_key FROM ${schema}.outbox AS o
     WHERE published_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM ${schema}.outbox AS q
       WHERE q.quarantined_at IS NOT NULL AND q.ordering_key = o.ordering_key)
     ORDER BY position LIMIT $1`,
    [most],
  );
}
