import { type ContextName, contextNames, metadataKeys } from '../../proto/catalogue.ts';
import { eventSourced, messagingLimits } from '../../services/mall.ts';
import type { Check, Sources } from './check.ts';
import type { Findings, Rule } from './findings.ts';

const outboxEmpty: Rule = {
  id: 'outbox-empty',
  title: 'outboxes empty',
  promise: 'What is committed reaches the broker: no message waits long, none is quarantined.',
  whenQuiet: false,
};

const eventsTold: Rule = {
  id: 'events-told',
  title: 'events told',
  promise: 'Each event that concerns other contexts has left its message in the outbox.',
  whenQuiet: false,
};

const orderKept: Rule = {
  id: 'order-in-stream',
  title: 'order kept per aggregate',
  promise: 'What is told of an aggregate lies in the stream in the order of its versions.',
  whenQuiet: false,
};

const noDeadLetters: Rule = {
  id: 'no-dead-letters',
  title: 'no dead letters',
  promise: 'No message was given up.',
  whenQuiet: false,
};

interface UnpublishedRow {
  id: string;
  name: string;
  ordering_key: string;
  quarantined: boolean;
  waited_ms: number;
  last_error: string | null;
}

/** Outbox rows that are not published: young ones are on their way, others are stuck. */
export const outboxCheck: Check = {
  rules: [outboxEmpty],
  async run({ snapshots }, findings) {
    for (const context of contextNames) {
      const snapshot = snapshots.of(context);
      const { rows } = await snapshot.row<{ rows: number }>(`SELECT count(*) AS rows FROM ${context}.outbox`);
      findings.checked(outboxEmpty, rows);
      const unpublished = snapshot.pages<UnpublishedRow>(
        `SELECT id, name, ordering_key, quarantined_at IS NOT NULL AS quarantined,
                extract(epoch FROM now() - sent_at)::float8 * 1000 AS waited_ms, last_error
         FROM ${context}.outbox WHERE published_at IS NULL`,
      );
      for await (const page of unpublished) {
        for (const row of page) judgeUnpublished(context, row, findings);
      }
    }
  },
};

function judgeUnpublished(context: string, row: UnpublishedRow, findings: Findings): void {
  const { id, name, ordering_key: key } = row;
  const why = row.last_error === null ? '' : `: ${row.last_error}`;
  if (row.quarantined) {
    findings.found(outboxEmpty, [id, key], `${context}: ${name} is quarantined${why}`);
  } else if (row.waited_ms > messagingLimits.outboxStuckMs) {
    const seconds = Math.round(row.waited_ms / 1000);
    findings.found(
      outboxEmpty,
      [id, key],
      `${context}: ${name} has not been published for ${seconds} s${why}`,
    );
  } else {
    findings.moves(id);
    findings.moves(key);
  }
}

interface StreamOfEvents {
  readonly context: ContextName;
  readonly streamName: string;
  /** Events that concern nobody else. */
  readonly silent: readonly string[];
}

const toldStreams: readonly StreamOfEvents[] = [
  {
    context: 'baskets',
    streamName: eventSourced.basket.codec.streamName,
    silent: ['baskets.BasketItemAdded', 'baskets.BasketItemRemoved'],
  },
  { context: 'ordering', streamName: eventSourced.order.codec.streamName, silent: [] },
  { context: 'stores', streamName: eventSourced.product.codec.streamName, silent: [] },
  { context: 'stores', streamName: eventSourced.store.codec.streamName, silent: [] },
];

/** Messages have their events' ids. Published ones are deleted in time; older events are passed over. */
export const eventsToldCheck: Check = {
  rules: [eventsTold],
  async run(sources, findings) {
    for (const stream of toldStreams) await checkTold(stream, sources, findings);
  },
};

async function checkTold(told: StreamOfEvents, { snapshots }: Sources, findings: Findings): Promise<void> {
  const { context, streamName, silent } = told;
  const snapshot = snapshots.of(context);
  const kept = `occurred_at > now() - $1 * interval '1 millisecond'`;
  const ours = `stream_name = '${streamName}' AND event_name <> ALL ($2::text[])`;
  const values = [messagingLimits.outboxKeptMs, silent];
  const counts = await snapshot.row<{ young: number; old: number }>(
    `SELECT count(*) FILTER (WHERE ${kept}) AS young, count(*) FILTER (WHERE NOT ${kept}) AS old
     FROM ${context}.events WHERE ${ours}`,
    values,
  );
  findings.checked(eventsTold, counts.young);
  findings.skipped(eventsTold, counts.old);
  const untold = snapshot.pages<{ stream_id: string; event_id: string; event_name: string }>(
    `SELECT stream_id, event_id, event_name FROM ${context}.events
     WHERE ${ours} AND ${kept} AND NOT EXISTS (SELECT 1 FROM ${context}.outbox WHERE id = event_id)
     ORDER BY position`,
    values,
  );
  for await (const page of untold) {
    for (const { stream_id, event_id, event_name } of page) {
      findings.found(eventsTold, [event_id, stream_id], `${context}: ${event_name} has left no message`);
    }
  }
}

interface ToldRow {
  id: string;
  name: string;
  aggregate: string;
  at: number;
  version: number;
  before: number;
}

/** By the versions that events carry: commands and replies have none, and each waits for the one before anyway. */
export const orderKeptCheck: Check = {
  rules: [orderKept],
  async run({ snapshots }, findings) {
    for (const context of contextNames) {
      const told = `SELECT id, name, ordering_key AS aggregate, stream_sequence AS at,
          (metadata->>'${metadataKeys.aggregateVersion}')::int AS version,
          max(stream_sequence) OVER (
            PARTITION BY metadata->>'${metadataKeys.aggregateName}', ordering_key
            ORDER BY (metadata->>'${metadataKeys.aggregateVersion}')::int, position
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM ${context}.outbox
        WHERE published_at IS NOT NULL AND metadata ? '${metadataKeys.aggregateVersion}'`;
      const { rows } = await snapshots
        .of(context)
        .row<{ rows: number }>(`SELECT count(*) AS rows FROM (${told}) AS t`);
      findings.checked(orderKept, rows);
      const overtaken = snapshots
        .of(context)
        .pages<ToldRow>(`SELECT * FROM (${told}) AS t WHERE at < before ORDER BY at`);
      for await (const page of overtaken) {
        for (const { id, name, aggregate, version, at, before } of page) {
          const says = `${context}: ${name}, version ${version}, is at ${at}, an earlier version at ${before}`;
          findings.found(orderKept, [id, aggregate], says);
        }
      }
    }
  },
};

interface DeadLetterRow {
  consumer: string;
  message_id: string;
  name: string;
  reason: string;
  stream_sequence: number;
}

/** Messages that were parked, each with its reason. */
export const deadLettersCheck: Check = {
  rules: [noDeadLetters],
  async run({ snapshots, allowDeadLetters }, findings) {
    for (const context of contextNames) {
      const letters = snapshots.of(context).pages<DeadLetterRow>(
        `SELECT consumer, message_id, name, reason, stream_sequence FROM ${context}.dead_letters
         WHERE dropped_at IS NULL ORDER BY id`,
      );
      for await (const page of letters) {
        findings.checked(noDeadLetters, page.length);
        if (allowDeadLetters) continue;
        for (const { consumer, message_id: id, name, reason, stream_sequence: at } of page) {
          const says = `${consumer} gave up ${name || 'a message'} at ${at}: ${reason}`;
          findings.found(noDeadLetters, [id], says);
        }
      }
    }
  },
};
