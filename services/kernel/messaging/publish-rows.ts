import { Unavailable } from '../domain/index.ts';
import { failSpan, ownAttributeNames, type Tracer, untraced } from '../telemetry/index.ts';
import type { Broker } from './broker.ts';
import { encodeEnvelope, type Metadata } from './envelope.ts';
import { startSending } from './message-spans.ts';
import { checkSendable, isPermanent } from './sendable.ts';

export interface OutboxRow {
  position: number;
  id: string;
  name: string;
  subject: string;
  data: Buffer;
  metadata: Metadata;
  sent_at: Date;
  ordering_key: string;
}

export type Outcome =
  | { readonly row: OutboxRow; readonly sequence: number; readonly duplicate: boolean }
  | { readonly row: OutboxRow; readonly error: Error; readonly permanent: boolean };

export interface RowPublishing {
  readonly broker: Broker;
  /** False while stream and outbox have not been compared on the broker's present connection. */
  readonly mayPublish: () => boolean;
  /** All rows as if they were of one aggregate. */
  readonly oneByOne: boolean;
  /** Called after each acknowledgement. */
  readonly acknowledged: () => void;
  readonly published?: (name: string, waitedMs: number) => void;
  readonly tracer?: Tracer;
}

/** Publishes rows, those of different aggregates side by side. */
export async function publishRows(
  rows: readonly OutboxRow[],
  publishing: RowPublishing,
): Promise<readonly Outcome[]> {
  const byKey = Map.groupBy(rows, (row) => (publishing.oneByOne ? '' : row.ordering_key));
  const chains = await Promise.all([...byKey.values()].map((chain) => publishInOrder(chain, publishing)));
  return chains.flat();
}

/** One aggregate's messages, each after the one before was acknowledged; the first failure ends the chain. */
async function publishInOrder(
  rows: readonly OutboxRow[],
  publishing: RowPublishing,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    const outcome = await publish(row, publishing);
    outcomes.push(outcome);
    if ('error' in outcome) break;
  }
  return outcomes;
}

async function publish(
  row: OutboxRow,
  { broker, mayPublish, acknowledged, published, tracer = untraced }: RowPublishing,
): Promise<Outcome> {
  const span = startSending(tracer, { ...row, sentAt: row.sent_at });
  try {
    const bytes = encodeEnvelope({ ...row, sentAt: row.sent_at });
    checkSendable(row.subject, bytes, broker.connection.info?.max_payload);
    if (!mayPublish()) throw new Unavailable('the message broker went away');
    const { seq: sequence, duplicate } = await broker.publish(row.subject, bytes, row.id);
    acknowledged();
    published?.(row.name, Date.now() - row.sent_at.getTime());
    span?.setAttribute(ownAttributeNames.streamSequence, sequence);
    return { row, sequence, duplicate };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    failSpan(span, error);
    return { row, error, permanent: isPermanent(error) };
  } finally {
    span?.end();
  }
}
